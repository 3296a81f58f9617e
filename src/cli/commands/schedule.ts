import type { Command } from 'commander';
import { requestCommands } from '../admission/request-commands.js';
import { wholeNumber, type Io } from '../io.js';
import { readParameters } from '../parameters.js';
import { table, visible } from '../print.js';
import { addApprovalOptions, addTimingOptions, timingOf } from '../schedule-options.js';
import { saveSchedule, showSchedule, ticketOf, withWords, type AddSaid } from '../schedule-save.js';
import { runLines, whenWords } from '../schedule-text.js';
import { terminal, usage } from '../terminal.js';
import { everyPage } from '../api/every-page.js';
import { scheduledScanCommand } from './schedule-scan.js';
import { standingCommands } from './standing.js';

const SCHEDULE = 'name or id of a schedule';

const ADD_HELP = `
The next runs are shown before it is saved. It submits in your name, with the rights that you have then.

Example:
  fixpoint schedule add nightly-check write-example-file box directory=/srv/a names=fixpoint-a.txt text=ok --cron "30 2 * * *" --zone Europe/Berlin --reason "keep it so"`;

/** What happens at times. */
export function scheduleCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const schedule = program.command('schedule').description('requests that are made at times');
  standingCommands(schedule, io);
  requestCommands(schedule, io, 'standing');
  const detail = (id: string) => showSchedule(io, id);
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
      await saveSchedule(
        io,
        name,
        timing,
        { kind: 'job', runbook, target, parameters, reason, ...ticketOf(said) },
        said.yes,
      );
    });
  scheduledScanCommand(schedule, io);
  schedule
    .command('list')
    .description('list the schedules')
    .action(async () => {
      const items = await everyPage((query) => client().get('/v1/schedules', { query }));
      const rows = items.map((one) => [
        ...[visible(one.name), one.status, one.next?.slice(0, 16) ?? '', visible(one.action.runbook), whenWords(one)],
      ]);
      print({ items, next: null }, table([['SCHEDULE', 'STATUS', 'NEXT (UTC)', 'RUNBOOK', 'WHEN'], ...rows]));
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
