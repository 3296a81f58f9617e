import { Command, CommanderError, Option } from 'commander';
import { Refusal } from './api/refusal.js';
import { auditCommands } from './commands/audit.js';
import { completionCommands } from './commands/completion.js';
import { credentialCommands } from './commands/credential.js';
import { installationCommands } from './commands/installation.js';
import { grantKeyCommands } from './commands/grant-key.js';
import { inventoryCommands } from './commands/inventory.js';
import { jobCommands } from './commands/job.js';
import { keyCommands } from './commands/key.js';
import { peopleCommands } from './commands/people.js';
import { policyCommands } from './commands/policy.js';
import { productCommands } from './commands/product.js';
import { calendarCommands } from './commands/calendar.js';
import { selectionCommands } from './commands/selection.js';
import { rolloutCommands } from './commands/rollout.js';
import { scanCommands } from './commands/scan.js';
import { runbookCommands } from './commands/runbook.js';
import { scheduleCommands } from './commands/schedule.js';
import { targetCommands } from './commands/target.js';
import { packageVersion } from '../platform/version.js';
import { unknownVariables } from '../processes/config.js';
import { failureText } from './failure-text.js';
import { refuseEmptyValues } from './empty-values.js';
import { ioOf, offering, type Io } from './io.js';
import { visible, visibleJson } from './print.js';
import { say, warn } from './say.js';
import { usage } from './terminal.js';

/** Adds commands to the program. */
export type AddCommands = (program: Command, io: Io) => void;

/** The commands of the product itself; the demo adds its own. */
export const PRODUCT_COMMANDS: readonly AddCommands[] = [
  jobCommands,
  rolloutCommands,
  scanCommands,
  runbookCommands,
  targetCommands,
  inventoryCommands,
  scheduleCommands,
  calendarCommands,
  selectionCommands,
  auditCommands,
  credentialCommands,
  peopleCommands,
  keyCommands,
  grantKeyCommands,
  policyCommands,
  installationCommands,
  productCommands,
  completionCommands,
];

/** Whom the demo and the laboratory make; their file says who is there. */
const DEMO_PEOPLE = ['helpdesk', 'approver', 'approver2', 'operator', 'auditor', 'admin'];

/** The command line with these commands; nothing is parsed or run yet. */
export function createProgram(commands: readonly AddCommands[]): { readonly program: Command; readonly io: Io } {
  const program = new Command('fixpoint')
    .description('Runbook automation with a plan that another person approves before anything changes.')
    .version(packageVersion(), '--version', 'print the version')
    .option('--json', 'print JSON instead of text')
    .addOption(offering(new Option('--as <person>', 'sign in as a demo person'), DEMO_PEOPLE))
    .exitOverride()
    .hook('preAction', (_, command) => refuseEmptyValues(command));
  const io = ioOf(program);
  for (const add of commands) add(program, io);
  addHelp(program);
  return { program, io };
}

/** `help job submit` is the page of that command, whatever its depth; `version` is what --version prints. */
function addHelp(program: Command): void {
  program.helpCommand(false);
  program
    .command('help')
    .description('show the help of a command')
    .argument('[command...]', 'a command, such as job submit')
    .action((words: readonly string[]) => {
      let page = program;
      for (const [i, word] of words.entries()) {
        const next = page.commands.find((one) => one.name() === word);
        if (!next)
          throw usage(
            `There is no command ${words.slice(0, i + 1).join(' ')}. Run fixpoint help ${words.slice(0, i).join(' ')}`.trim(),
          );
        page = next;
      }
      page.outputHelp();
    });
  program
    .command('version')
    .description('print the version')
    .action(() => void process.stdout.write(`${packageVersion()}\n`));
}

/** Runs the command of this process and ends the process. Exit codes: 0 done, 1 refused or failed, 2 usage, 3 incomplete. */
export async function runProgram(commands: readonly AddCommands[]): Promise<never> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(unwritten(error)));
  await runCommand(commands, process.argv.slice(2));
  // What was printed reaches a pipe before the process ends. Keep-alive sockets would hold it for seconds more.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit();
}

/** Runs one command; `process.exitCode` says how it ended, undefined for 0. */
export async function runCommand(commands: readonly AddCommands[], words: readonly string[]): Promise<void> {
  const { program, io } = createProgram(commands);
  for (const { variable, problem } of unknownVariables(process.env)) console.error(`Warning: ${variable} ${problem}.`);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, io);
  }
}

/**
 * The exit code of a command whose output could not be written. Never 0: what was asked for was not shown. A reader that closed the
 * pipe, such as head, has seen enough, and the code is that of a process that a closed pipe ends (128 + SIGPIPE).
 */
function unwritten(error: NodeJS.ErrnoException): number {
  if (error.code === 'EPIPE') return 141;
  console.error(`The output could not be written: ${error.message}`);
  return 1;
}

/** Prints why a command failed; returns the exit code. */
function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.code.startsWith('fixpoint.')) warn(error.message);
    return error.exitCode === 0 ? 0 : 2;
  }
  if (!(error instanceof Refusal)) {
    warn(failureText(error));
    return 1;
  }
  if (io.asJson()) say(visibleJson(error.problem, 2));
  else {
    const { type, detail, errors = [] } = error.problem;
    // A problem of the API has a type; what the command line finds itself has none.
    const ofApi = type !== undefined;
    warn(`${ofApi ? 'Refused' : 'Error'}: ${error.message} [${error.code}]`);
    // What the API says is one line and may quote people; what the command line says itself may be several.
    if (detail !== undefined && detail !== error.message) warn(ofApi ? visible(detail) : detail);
    for (const { path, message, target } of errors) {
      const of = target === undefined ? '' : ` (${visible(target)})`;
      warn(`  ${visible(path)}${of} ${visible(message)}`);
    }
  }
  return 1;
}
