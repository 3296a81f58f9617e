import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addTimingOptions, timingOf } from '../schedule-options.js';
import { saveSchedule, ticketOf, withWords, type AddSaid } from '../schedule-save.js';
import { filterOptions, selectionOf, type FilterOptions } from '../selection.js';

interface ScanSaid extends AddSaid, FilterOptions {
  readonly reason: string;
  readonly selection?: string;
}

const SCAN_HELP = `
A scan reads and plans alone, so it needs no approval. The targets are those that the filter or the selection means when it fires.

Example:
  fixpoint schedule scan nightly-check write-example-file directory=/srv/a names=fixpoint-a.txt text=ok --selection taipei-servers --cron "30 2 * * *" --zone Asia/Taipei --reason "compliance"`;

/** Adds `schedule scan`: scans at times. */
export function scheduledScanCommand(schedule: Command, io: Io): void {
  const { client } = io;
  const scan = withWords(
    addTimingOptions(
      schedule
        .command('scan')
        .description('make a schedule of a scan; the next runs are shown first')
        .argument('<name>', 'its name')
        .argument('<runbook>', 'id of a runbook in the catalogue')
        .argument('[parameters...]', 'name=value of every item'),
    ).requiredOption('--reason <text>', 'why; it is kept in the audit log'),
  ).option('--selection <name>', 'targets of a selection, by its name or id');
  filterOptions(scan);
  scan
    .addHelpText('after', SCAN_HELP)
    .action(async (name: string, runbook: string, words: string[], said: ScanSaid) => {
      const timing = timingOf(said);
      const { parameters: schema } = await client().get('/v1/runbooks/{id}', { path: { id: runbook } });
      const { parameters, chosen } = await selectionOf(words, said, schema);
      await saveSchedule(
        io,
        name,
        timing,
        { kind: 'scan', runbook, parameters, reason: said.reason, ...chosen, ...ticketOf(said) },
        said.yes,
      );
    });
}
