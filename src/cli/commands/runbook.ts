import { existsSync } from 'node:fs';
import { CommanderError, type Command } from 'commander';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import type { Io } from '../io.js';
import { runbookLines } from '../print-runbook.js';
import { table } from '../print.js';

/** The catalogue. */
export function runbookCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const runbook = program.command('runbook').description('the catalogue of runbooks');
  runbook
    .command('list')
    .description('list the catalogue')
    .action(async () => {
      const page = await client().get('/v1/runbooks');
      const rows = page.items.map(({ id, version, title, contentDigest, kinds }) => [
        id,
        version,
        (kinds ?? []).join(','),
        contentDigest.slice(0, 12),
        title,
      ]);
      print(page, table([['RUNBOOK', 'VERSION', 'RUNS ON', 'DIGEST', 'TITLE'], ...rows]));
    });
  runbook
    .command('show')
    .description('show what a runbook does, who approves it and which parameters it takes')
    .argument('<id>', 'id of a runbook in the catalogue')
    .action(async (id: string) => {
      const shown = await client().get('/v1/runbooks/{id}', { path: { id } });
      print(shown, runbookLines(shown));
    });
  checkCommand(runbook, io);
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
          `${loaded.length} runbooks, ${errors} errors, ${problems.length - errors} warnings`,
        ].join('\n'),
      );
      if (errors > 0) process.exitCode = 1;
    });
}

/** @throws CommanderError (usage) where there is no folder of this name */
function needFolder(folder: string): void {
  if (!existsSync(folder)) throw new CommanderError(2, 'fixpoint.folder', `There is no folder ${folder}.`);
}

const problemLine = ({ file, line, message, rule, severity }: LoadProblem) =>
  `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message} [${rule}]`;
