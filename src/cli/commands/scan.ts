import { Option, type Command } from 'commander';
import { csvText } from '../../platform/csv.js';
import { sinceTime, wholeNumber, type Io } from '../io.js';
import { say } from '../say.js';
import { scanList, scanReport, scanText, trendRows, trendText } from '../scan/text.js';
import { selectionOf, selectionOptions, typedNumber, type SelectionOptions } from '../selection.js';

const ID = 'id of a scan';
/** Of output that is no terminal. */
const WIDTH = 80;

interface Asked extends SelectionOptions {
  readonly reason: string;
  readonly ticket?: string;
  readonly expect?: number;
}

interface Trend {
  readonly since?: string;
  readonly limit: number;
  readonly csv?: boolean;
}

const HELP = `
A scan runs Detect and Plan alone. Nothing is changed, and no plan of a scan can be approved. The list is frozen when it is submitted.

Examples:
  fixpoint scan submit write-example-file directory=/srv/a names=fixpoint-notice.txt text="The notice" --site taipei --expect 60 --reason "nightly"
  fixpoint scan trend write-example-file --since 30d`;

/** What is as a runbook wants it, over many targets and over time. */
export function scanCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const scan = program.command('scan').description('look at many targets without changing anything');
  const read = (id: string) => client().get('/v1/scans/{id}', { path: { id } });
  const submit = scan
    .command('submit')
    .description('read and plan over many targets or users; nothing is changed')
    .argument('<runbook>', 'id of a runbook in the catalogue')
    .argument('[parameters...]', 'name=value of every item; what a row of the table says wins')
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .option('--ticket <id>', 'a ticket of your own system')
    .option('--expect <n>', 'how many items it must have; without it the command asks', wholeNumber)
    .addHelpText('after', HELP)
    .action(async (runbook: string, words: string[], options: Asked) => {
      const { parameters: schema } = await client().get('/v1/runbooks/{id}', { path: { id: runbook } });
      const { parameters, chosen } = await selectionOf(words, options, schema);
      const { reason, ticket, expect } = options;
      const asked = { runbook, reason, expect: expect ?? (await typedNumber()), parameters, ...chosen };
      const body = ticket === undefined ? asked : { ...asked, ticket };
      const made = await client().post('/v1/scans', { body });
      print(made, scanList([made]));
    });
  selectionOptions(submit);
  scan
    .command('list')
    .description('list scans, newest first; without the right to see all jobs, your own')
    .option('--limit <n>', 'maximum number', wholeNumber, 20)
    .action(async (query: { limit: number }) => {
      const found = await client().get('/v1/scans', { query });
      print(found, scanList(found.items));
    });
  scan
    .command('show')
    .description('show what a scan found, with every item that is not compliant')
    .argument('<id>', ID)
    .action(async (id: string) => {
      const shown = await read(id);
      print(shown, scanText(shown));
    });
  scan
    .command('report')
    .description('print each item with what was found')
    .argument('<id>', ID)
    .addOption(new Option('--format <format>', 'text or csv').choices(['text', 'csv']).default('text'))
    .action(async (id: string, { format }: { format: string }) => {
      if (format === 'csv')
        return say((await client().text('text/csv', '/v1/scans/{id}/report', { format: 'csv' }, { id })).trimEnd());
      const shown = await read(id);
      print(shown, scanReport(shown));
    });
  scan
    .command('cancel')
    .description('cancel every item of a scan that has not ended; what was found is kept')
    .argument('<id>', ID)
    .requiredOption('--reason <text>', 'why; it is kept in the audit log')
    .action(async (id: string, { reason }: { reason: string }) => {
      const cancelled = await client().post('/v1/scans/{id}/cancel', { path: { id }, body: { reason } });
      print(cancelled, scanText(cancelled));
    });
  scan
    .command('trend')
    .description('plot what the scans of a runbook found over time, and what changed between them')
    .argument('<runbook>', 'id of a runbook')
    .option('--since <time>', 'scans that ended since then: 30d, 12h or a time', sinceTime)
    .option('--limit <n>', 'the newest so many scans, at most 100', wholeNumber, 30)
    .option('--csv', 'print CSV, one line for each scan')
    .action(async (runbook: string, { since, limit, csv }: Trend) => {
      const query = { runbook, limit, ...(since === undefined ? {} : { since }) };
      const found = await client().get('/v1/compliance', { query });
      if (csv === true) return say(csvText([...trendRows(found)]).trimEnd());
      print(found, trendText(found, process.stdout.columns ?? WIDTH));
    });
}
