import { CommanderError } from 'commander';
import { Refusal } from './cli/client.js';
import { text } from './cli/io.js';
import { createProgram } from './cli/program.js';

/** Exit codes: 0 done, 1 refused or failed, 2 usage, 3 incomplete. */
const { program, io } = createProgram();

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
