import { existsSync } from 'node:fs';
import { CommanderError, type Command } from 'commander';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import type { Verdict } from '../../processes/authoring.js';
import type { Io } from '../io.js';
import { count } from '../../platform/count.js';
import { visible } from '../print.js';
import { say } from '../say.js';
import { usage } from '../terminal.js';
import { namesCommand } from './allowed-names.js';
import { roleCapabilityCommand } from './role-capability.js';
import { tryCommand } from './try-runbook.js';

/** What authors of runbooks use: on the files of this machine, with an engine of their own. */
export function authorCommands(runbook: Command, io: Io): void {
  newCommand(runbook, io);
  checkCommand(runbook, io);
  testCommand(runbook, io);
  tryCommand(runbook, io);
  schemaCommand(runbook);
  namesCommand(runbook, io);
  roleCapabilityCommand(runbook, io);
}

function checkCommand(runbook: Command, { print }: Io): void {
  runbook
    .command('check')
    .description('check manifests, cases and scripts as the loader does, and name every mistake')
    .argument('[folders...]', 'folders of runbooks, or folders that hold some; none: those of this installation')
    .action(async (folders: string[]) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { loadNamed, withEngine } = await import('../../processes/authoring.js');
      const { config } = settingsOrExit();
      for (const folder of folders) needFolder(folder);
      const loaded = await withEngine(config, (host) => loadNamed(config, host, folders));
      if (loaded.length === 0 && folders.length > 0)
        throw usage(`There is no runbook in ${folders.join(', ')}: a runbook is a folder with a runbook.yaml.`);
      const problems = loaded.flatMap((folder) => folder.problems);
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      print(
        loaded.map(({ id, bundle, problems: found }) => ({
          id,
          contentDigest: bundle?.contentDigest ?? null,
          problems: found,
        })),
        [
          ...problems.map(problemLine),
          [count(loaded.length, 'runbook'), count(errors, 'error'), count(problems.length - errors, 'warning')].join(
            ', ',
          ),
        ].join('\n'),
      );
      if (errors > 0) process.exitCode = 1;
    });
}

function newCommand(runbook: Command, { print }: Io): void {
  runbook
    .command('new')
    .description('write a small complete runbook, which passes check and test as it is')
    .argument('<folder>', 'a folder that does not exist yet; its name is the id of the runbook')
    .action(async (folder: string) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { createRunbook } = await import('../../processes/authoring.js');
      const made = await createRunbook(settingsOrExit().config, folder);
      if (!made.ok) throw usage(NOT_MADE[made.error.kind].replace('%', folder));
      const next = ['check', 'test'].map((command) => `  npx fixpoint runbook ${command} ${folder}`);
      print(
        { id: made.value.id, folder },
        [`${made.value.id} is in ${folder}. Change it, then run:`, ...next].join('\n'),
      );
    });
}

const NOT_MADE = {
  exists: 'There is something at % already. Name a folder that does not exist yet.',
  'name-taken': 'This installation has a runbook of that name already. Choose another name than %.',
  'not-a-name':
    'The name of % must be lower-case letters, digits and hyphens, beginning with a letter: restart-service.',
} as const;

const SCHEMA_HELP = `
For an editor with the YAML language server: write the schema to a file, and name the file in the first line of runbook.yaml:
  npx fixpoint runbook schema > runbook.schema.json
  # yaml-language-server: $schema=../runbook.schema.json`;

function schemaCommand(runbook: Command): void {
  runbook
    .command('schema')
    .description('print the JSON Schema of a manifest, for editors')
    .addHelpText('after', SCHEMA_HELP)
    .action(async () => {
      const { manifestSchema } = await import('../../processes/authoring.js');
      process.stdout.write(`${JSON.stringify(manifestSchema, null, 2)}\n`);
    });
}

const TEST_HELP = `
Every case of tests/plan.json is planned twice, and again with hostile text in each parameter. Nothing is reached by it.
Every case of tests/sandbox.json runs Detect, Plan, Apply and Rollback on this machine, as you, on the files of a new
folder below the folder for temporary files. Read the scripts of others before you run their cases.`;

function testCommand(runbook: Command, { print, asJson }: Io): void {
  runbook
    .command('test')
    .description('run the cases of a runbook through the engine, and say which failed and what differs')
    .argument('<folder>', 'folder of a runbook, or a folder that holds some')
    .addHelpText('after', TEST_HELP)
    .action(async (path: string) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { loadNamed, testLoaded, withEngine } = await import('../../processes/authoring.js');
      const { config } = settingsOrExit();
      needFolder(path);
      const tested = await withEngine(config, async (host) => {
        const results: TestedRunbook[] = [];
        for (const { id, bundle, problems, ...cases } of await loadNamed(config, host, [path])) {
          const errors = problems.filter(({ severity }) => severity === 'error');
          const verdicts: Verdict[] = [];
          const tell = (verdict: Verdict) => {
            verdicts.push(verdict);
            if (!asJson()) say(verdictLines(id, verdict));
          };
          const uncovered = bundle ? await testLoaded(host, { bundle, ...cases }, tell) : [];
          if (!asJson()) for (const error of errors) say(`FAILED ${problemLine(error)}`);
          results.push({ id, problems: errors, verdicts, uncovered });
        }
        return results;
      });
      print(tested, summaryOf(tested));
      if (tested.length === 0 || tested.some(hasFailed)) process.exitCode = 1;
    });
}

interface TestedRunbook {
  readonly id: string;
  readonly problems: readonly LoadProblem[];
  readonly verdicts: readonly Verdict[];
  readonly uncovered: readonly string[];
}

const failures = ({ verdicts }: TestedRunbook) => verdicts.filter(({ problems }) => problems.length > 0);
const hasFailed = (one: TestedRunbook) => one.problems.length > 0 || failures(one).length > 0;

const CASE_OF = { plan: 'plan', hostile: 'plan with hostile text', sandbox: 'sandbox' } as const;

function verdictLines(id: string, { kind, title, problems }: Verdict): string {
  const state = problems.length === 0 ? 'ok    ' : 'FAILED';
  return [
    `${state} ${visible(id)}, ${CASE_OF[kind]}: ${visible(title)}`,
    ...problems.map((line) => `       ${visible(line)}`),
  ].join('\n');
}

function summaryOf(tested: readonly TestedRunbook[]): string {
  if (tested.length === 0) return 'There is no runbook in this folder.';
  return tested
    .flatMap((one) => [
      ...one.uncovered.map((line) => `${visible(one.id)}: not covered: ${visible(line)}`),
      one.problems.length > 0
        ? `${visible(one.id)}: no case was run, because runbook check finds ${count(one.problems.length, 'error')}`
        : `${visible(one.id)}: ${count(one.verdicts.length, 'case')}, ${failures(one).length} failed`,
    ])
    .join('\n');
}

/** @throws CommanderError (usage) where there is no folder of this name */
function needFolder(folder: string): void {
  if (!existsSync(folder)) throw new CommanderError(2, 'fixpoint.folder', `There is no folder ${folder}.`);
}

const problemLine = ({ file, line, message, rule, severity }: LoadProblem) =>
  visible(`${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message} [${rule}]`);
