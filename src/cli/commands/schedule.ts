import type { Command } from 'commander';
import { requestCommands } from '../admission/request-commands.js';
import { wholeNumber, type Io } from '../io.js';
import { readParameters } from '../parameters.js';
import { table, visible } from '../print.js';
import { say } from '../say.js';
import { addApprovalOptions, addTimingOptions, timingOf, type TimingSaid } from '../schedule-options.js';
import { filterOptions, selectionOf, type FilterOptions } from '../selection.js';
import type { Schedule } from '../api/types.js';
import { runLines, scheduleLines, whenWords } from '../schedule-text.js';
import { confirm, terminal, usage } from '../terminal.js';
import { standingCommands } from './standing.js';

const SCHEDULE = 'name or id of a schedule';

const ADD_HELP = `
The next runs are shown before it is saved. It submits in your name, with the rights that you have then.

Example:
  fixpoint schedule add nightly-check write-example-file box directory=/srv/a names=fixpoint-a.txt text=ok --cron "30 2 * * *" --zone Europe/Berlin --reason "keep it so"`;

interface AddSaid extends TimingSaid {
  readonly reason?: string;
  readonly ticket?: string;
  readonly yes?: boolean;
}

interface ScanSaid extends AddSaid, FilterOptions {
  readonly reason: string;
  readonly selection?: string;
}

type Wish = Schedule['action'];

const ticketOf = ({ ticket }: AddSaid) => (ticket === undefined ? {} : { ticket });

const SCAN_HELP = `
A scan reads and plans alone, so nobody approves it. The targets are those that the filter or the selection means when it fires.

Example:
  fixpoint schedule scan nightly-check write-example-file directory=/srv/a names=fixpoint-a.txt text=ok --selection taipei-servers --cron "30 2 * * *" --zone Asia/Taipei --reason "compliance"`;

/** What happens at times. */
export function scheduleCommands(program: Command, io: Io): void {
  const { client, print, asJson } = io;
  const schedule = program.command('schedule').description('requests that are made at times');
  standingCommands(schedule, io);
  requestCommands(schedule, io, 'standing');
  const detail = async (id: string) => {
    const shown = await client().get('/v1/schedules/{id}', { path: { id } });
    print(shown, scheduleLines(shown));
  };
  /** Shows the next runs, asks, and saves. */
  const save = async (name: string, timing: ReturnType<typeof timingOf>, action: Wish, yes: boolean | undefined) => {
    const preview = await client().post('/v1/schedules:preview', { body: timing });
    if (!asJson()) say(['Next runs', ...runLines(preview.items, timing.jitter)].join('\n'));
    if (yes !== true && !(await confirm('Save it?', 'Add --yes to save it.')))
      return print({ saved: false }, 'Nothing was saved.');
    const added = await client().post('/v1/schedules', { body: { name, ...timing, action } });
    await detail(added.id);
  };
  const withWords = (command: Command) =>
    command.option('--ticket <id>', 'a ticket of your own system').option('--yes', 'do not ask');
  withWords(
    addApprovalOptions(
      addTimingOptions(
        schedule
          .command('add')
          .description('make a schedule of a request; the next runs are shown first')
          .argument('<name>', 'its name')
          .argument('<runbook>', 'id of a runbook in the catalogue')
          .argument('<target>', 'name of a target in the inventory')
          .argument('[parameters...]', 'name=value, a JSON object, @file, or - for standard input'),
      ),
    ).option('--reason <text>', 'why; approvers see it'),
  )
    .addHelpText('after', ADD_HELP)
    .action(async (name: string, runbook: string, target: string, words: string[], said: AddSaid) => {
      const sources = terminal();
      const timing = timingOf(said);
      const { parameters: schema } = await client().get('/v1/runbooks/{id}', { path: { id: runbook } });
      const parameters = await readParameters(words, schema, sources);
      const reason = said.reason ?? (await sources.ask?.('Reason (approvers see it): '));
      if (!reason) throw usage('Say why: --reason <text>.');
      await save(name, timing, { kind: 'job', runbook, target, parameters, reason, ...ticketOf(said) }, said.yes);
    });
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
      await save(
        name,
        timing,
        { kind: 'scan', runbook, parameters, reason: said.reason, ...chosen, ...ticketOf(said) },
        said.yes,
      );
    });
  schedule
    .command('list')
    .description('list the schedules')
    .action(async () => {
      const page = await client().get('/v1/schedules', { query: { limit: 200 } });
      const rows = page.items.map((one) => [
        ...[visible(one.name), one.status, one.next?.slice(0, 16) ?? '', visible(one.action.runbook), whenWords(one)],
      ]);
      print(page, table([['SCHEDULE', 'STATUS', 'NEXT (UTC)', 'RUNBOOK', 'WHEN'], ...rows]));
    });
  schedule
    .command('show')
    .description('show a schedule, its next runs, and what became of the last ones')
    .argument('<schedule>', SCHEDULE)
    .action(detail);
  schedule
    .command('next')
    .description('show the next runs of a schedule')
    .argument('<schedule>', SCHEDULE)
    .option('--count <n>', 'how many', wholeNumber, 10)
    .action(async (id: string, { count }: { count: number }) => {
      const runs = await client().get('/v1/schedules/{id}/next', { path: { id }, query: { count } });
      print(runs, runLines(runs.items, '0s').join('\n'));
    });
  for (const change of ['pause', 'resume'] as const)
    schedule
      .command(change)
      .description(
        change === 'pause'
          ? 'pause a schedule: it submits nothing'
          : 'resume a schedule; what came while it was paused is not made up for',
      )
      .argument('<schedule>', SCHEDULE)
      .action(async (id: string) => {
        const changed = await client().post(`/v1/schedules/{id}/${change}`, { path: { id } });
        print(changed, `${visible(changed.name)} is ${changed.status}.`);
      });
  schedule
    .command('remove')
    .description('remove a schedule for good; its jobs stay')
    .argument('<schedule>', SCHEDULE)
    .action(async (id: string) => {
      const known = await client().get('/v1/schedules/{id}', { path: { id } });
      await client().delete('/v1/schedules/{id}', { path: { id: known.id } });
      print({ removed: known.id, name: known.name }, `${visible(known.name)} was removed.`);
    });
}
