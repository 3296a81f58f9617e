import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommanderError, type Command } from 'commander';
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
  runbook
    .command('check')
    .argument('[folders...]', 'folders that hold runbooks, checked in addition to those of this installation')
    .description('check manifests and scripts as the loader does')
    .action(async (folders: string[]) => {
      const { settingsOrExit } = await import('../../processes/process.js');
      const { composeGate, composeRunbooks } = await import('../../processes/compose.js');
      const { config } = settingsOrExit();
      for (const folder of folders) {
        if (!existsSync(folder)) throw new CommanderError(2, 'fixpoint.folder', `There is no folder ${folder}.`);
        if (existsSync(join(folder, 'runbook.yaml')))
          throw new CommanderError(2, 'fixpoint.folder', `${folder} is a runbook. Name the folder that holds it.`);
      }
      const directories =
        folders.length > 0
          ? [...folders.map((folder) => resolve(folder)), ...config.runbookDirectories]
          : config.runbookDirectories;
      const host = composeGate(config);
      try {
        const loaded = await composeRunbooks([...new Set(directories)], host).load();
        const problems = loaded.flatMap((folder) => folder.problems);
        const lines = problems.map(
          ({ file, line, message, rule, severity }) =>
            `${file}:${line}: ${severity === 'warning' ? 'warning: ' : ''}${message} [${rule}]`,
        );
        const errors = problems.filter(({ severity }) => severity === 'error').length;
        print(
          loaded.map(({ id, bundle, problems: found }) => ({
            id,
            contentDigest: bundle?.contentDigest ?? null,
            problems: found,
          })),
          [...lines, `${loaded.length} runbooks, ${errors} errors, ${problems.length - errors} warnings`].join('\n'),
        );
        if (errors > 0) process.exitCode = 1;
      } finally {
        await host.close();
      }
    });
}
