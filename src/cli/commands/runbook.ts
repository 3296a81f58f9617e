import type { Command } from 'commander';
import type { Io } from '../io.js';
import { runbookLines } from '../print-runbook.js';
import { table, visible } from '../print.js';
import { admissionCommands } from './admission.js';
import { authorCommands } from './author.js';

/** The catalogue. */
export function runbookCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const runbook = program.command('runbook').description('the catalogue of runbooks');
  runbook
    .command('list')
    .description('list the catalogue, and the folders that were refused, with the reasons')
    .action(async () => {
      const page = await client().get('/v1/runbooks');
      const rows = page.items.map(({ id, version, title, contentDigest, kinds }) => [
        id,
        version,
        (kinds ?? []).join(','),
        contentDigest.slice(0, 12),
        visible(title),
      ]);
      const refused = page.refused.flatMap(({ id, folder, problems }) => [
        '',
        `${visible(id)} in ${visible(folder)} was refused:`,
        ...problems.map((line) => `  ${visible(line)}`),
      ]);
      print(page, [table([['RUNBOOK', 'VERSION', 'RUNS ON', 'DIGEST', 'TITLE'], ...rows]), ...refused].join('\n'));
    });
  runbook
    .command('show')
    .description('show what a runbook does, who approves it and which parameters it takes')
    .argument('<id>', 'id of a runbook in the catalogue')
    .action(async (id: string) => {
      const shown = await client().get('/v1/runbooks/{id}', { path: { id } });
      print(shown, runbookLines(shown));
    });
  admissionCommands(runbook, io);
  authorCommands(runbook, io);
}
