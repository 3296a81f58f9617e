import { Command, CommanderError } from 'commander';
import { Refusal } from './cli/client.js';
import { auditCommands } from './cli/commands/audit.js';
import { inventoryCommands } from './cli/commands/inventory.js';
import { jobCommands } from './cli/commands/job.js';
import { labCommands } from './cli/commands/lab.js';
import { peopleCommands } from './cli/commands/people.js';
import { productCommands } from './cli/commands/product.js';
import { recordCommands } from './cli/commands/record.js';
import { runbookCommands } from './cli/commands/runbook.js';
import { ioOf, text } from './cli/io.js';

/** Exit codes: 0 done, 1 refused or failed, 2 usage, 3 incomplete. */
const program = new Command('fixpoint')
  .description('Remediation runbooks: planned, approved by another person, executed, proved, audited.')
  .option('--json', 'print JSON instead of text')
  .option('--as <person>', 'sign in as a demo person (helpdesk, approver, approver2, operator, auditor, admin)')
  .exitOverride();
const io = ioOf(program);

jobCommands(program, io);
runbookCommands(program, io);
inventoryCommands(program, io);
auditCommands(program, io);
peopleCommands(program, io);
labCommands(program, io);
recordCommands(program, io);
productCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.code === 'fixpoint.json') console.error(error.message);
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof Refusal) {
    if (io.asJson()) process.stdout.write(`${JSON.stringify(error.problem, null, 2)}\n`);
    else {
      console.error(`Refused: ${error.message} [${error.code}]`);
      if (error.problem.detail !== undefined && error.problem.detail !== error.message)
        console.error(text(error.problem.detail));
      for (const { path, message } of (error.problem.errors as { path: string; message: string }[] | undefined) ?? [])
        console.error(`  ${path} ${message}`);
    }
    process.exitCode = 1;
  } else {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

// What was printed reaches a pipe before the process ends; nothing else keeps it alive.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit();
