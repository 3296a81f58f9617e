import { Command } from 'commander';
import { auditCommands } from './commands/audit.js';
import { inventoryCommands } from './commands/inventory.js';
import { jobCommands } from './commands/job.js';
import { labCommands } from './commands/lab.js';
import { peopleCommands } from './commands/people.js';
import { productCommands } from './commands/product.js';
import { recordCommands } from './commands/record.js';
import { runbookCommands } from './commands/runbook.js';
import { ioOf, type Io } from './io.js';

/** The command line with every command; nothing is parsed or run yet. */
export function createProgram(): { readonly program: Command; readonly io: Io } {
  const program = new Command('fixpoint')
    .description('Runbook automation with a plan that another person approves before anything changes.')
    .option('--json', 'print JSON instead of text')
    .option('--as <person>', 'sign in as a demo person: helpdesk, approver, approver2, operator, auditor or admin')
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
  return { program, io };
}
