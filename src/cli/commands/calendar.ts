import { Option, type Command } from 'commander';
import type { CalendarWindow } from '../../domain/schedules/calendar.js';
import { onceWindow, weeklyWindow, windowWords } from '../calendar-windows.js';
import type { Io } from '../io.js';
import { table, visible } from '../print.js';
import { usage } from '../terminal.js';

const KINDS = ['blackout', 'maintenance'] as const;
const CALENDAR = 'name or id of a calendar';

interface Said {
  readonly kind?: (typeof KINDS)[number];
  readonly zone?: string;
  readonly weekly?: readonly CalendarWindow[];
  readonly between?: readonly CalendarWindow[];
}

const HELP = `
Times are of the calendar's zone. A window that ends before it begins ends on the next day.

Examples:
  fixpoint calendar add nights --kind maintenance --zone Europe/Berlin --weekly "mon-fri 22:00-06:00"
  fixpoint calendar add freeze --kind blackout --zone Europe/Berlin --between 2026-12-20T00:00/2027-01-06T00:00`;

/** When schedules may begin. */
export function calendarCommands(program: Command, io: Io): void {
  const { client, print } = io;
  const calendar = program.command('calendar').description('blackout and maintenance windows of schedules');
  const withWindows = (command: Command) =>
    command
      .addOption(new Option('--kind <kind>', 'when nothing may begin, or when alone it may').choices(KINDS))
      .option('--zone <zone>', 'IANA time zone of its windows, such as Europe/Berlin')
      .option('--weekly <window>', 'days and times; may be repeated', many(weeklyWindow))
      .option('--between <window>', 'from one date and time to another; may be repeated', many(onceWindow))
      .addHelpText('after', HELP);
  withWindows(calendar.command('add').description('add a calendar').argument('<name>', 'its name')).action(
    async (name: string, said: Said) => {
      const { kind, zone } = said;
      if (kind === undefined || zone === undefined) throw usage('Say what it is and where: --kind and --zone.');
      const added = await client().post('/v1/calendars', { body: { name, kind, zone, windows: windowsOf(said) } });
      print(added, calendarLines(added));
    },
  );
  withWindows(
    calendar
      .command('edit')
      .description('change a calendar; windows that are named take the place of all that it has')
      .argument('<calendar>', CALENDAR),
  ).action(async (id: string, said: Said) => {
    const path = { id };
    const known = await client().get('/v1/calendars/{id}', { path });
    const { kind = known.kind, zone = known.zone } = said;
    const named = windowsOf(said);
    const windows = named.length > 0 ? named : known.windows;
    const body = { name: known.name, kind, zone, windows: [...windows] };
    const changed = await client().patch('/v1/calendars/{id}', { path: { id: known.id }, body });
    print(changed, calendarLines(changed));
  });
  calendar
    .command('list')
    .description('list the calendars')
    .action(async () => {
      const page = await client().get('/v1/calendars');
      const rows = page.items.map(({ name, kind, zone, windows }) => [name, kind, zone, `${windows.length}`]);
      print(page, table([['CALENDAR', 'KIND', 'ZONE', 'WINDOWS'], ...rows]));
    });
  calendar
    .command('show')
    .description('show a calendar')
    .argument('<calendar>', CALENDAR)
    .action(async (id: string) => {
      const shown = await client().get('/v1/calendars/{id}', { path: { id } });
      print(shown, calendarLines(shown));
    });
  calendar
    .command('remove')
    .description('remove a calendar that no schedule names')
    .argument('<calendar>', CALENDAR)
    .action(async (id: string) => {
      const known = await client().get('/v1/calendars/{id}', { path: { id } });
      await client().delete('/v1/calendars/{id}', { path: { id: known.id } });
      print({ removed: known.id, name: known.name }, `${visible(known.name)} was removed.`);
    });
}

const many =
  (read: (text: string) => CalendarWindow) =>
  (text: string, known: readonly CalendarWindow[] = []): readonly CalendarWindow[] => [...known, read(text)];

const windowsOf = ({ weekly = [], between = [] }: Said) =>
  [...weekly, ...between].map((window) => (window.kind === 'weekly' ? { ...window, days: [...window.days] } : window));

function calendarLines({
  id,
  name,
  kind,
  zone,
  windows,
}: {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly zone: string;
  readonly windows: readonly CalendarWindow[];
}): string {
  return [
    `Calendar ${visible(name)}`,
    `  id         ${id}`,
    `  kind       ${kind}`,
    `  zone       ${visible(zone)}`,
    ...windows.map((window) => `  window     ${windowWords(window)}`),
  ].join('\n');
}
