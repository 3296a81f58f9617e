import { instantsOf, isZone, localAt, type LocalTime } from './zone.js';

/** A stretch of time by the wall clock of the calendar's zone. */
export type CalendarWindow =
  /** On each of these days (1 is Monday) from `from` to `to` (HH:MM), on the next day where `to` is not after `from`. */
  | { readonly kind: 'weekly'; readonly days: readonly number[]; readonly from: string; readonly to: string }
  /** From one local time to another, `YYYY-MM-DDTHH:MM`. */
  | { readonly kind: 'once'; readonly from: string; readonly to: string };

/** When nothing that is scheduled may begin (blackout), or when alone it may (maintenance). */
export interface Calendar {
  readonly id: string;
  readonly name: string;
  readonly kind: 'blackout' | 'maintenance';
  readonly zone: string;
  readonly windows: readonly CalendarWindow[];
}

export type WindowsIn = Pick<Calendar, 'kind' | 'zone' | 'windows'>;

interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60_000;
export const MOST_WINDOWS = 50;

/** What is wrong with a calendar, each as a JSON Pointer and a sentence of which what is there is the subject. */
export function calendarProblems({ zone, windows }: WindowsIn): readonly { path: string; message: string }[] {
  return [
    ...(isZone(zone) ? [] : [{ path: '/zone', message: 'is no time zone of the IANA database' }]),
    ...windows.flatMap((window, i) => {
      const path = `/windows/${i}`;
      const read =
        window.kind === 'weekly' ? [clock(window.from), clock(window.to)] : [date(window.from), date(window.to)];
      if (read.some((one) => one === undefined)) return [{ path, message: 'names a time that there is not' }];
      if (window.kind === 'weekly') return [];
      return window.from < window.to ? [] : [{ path, message: 'ends before it begins' }];
    }),
  ];
}

/** Why nothing may begin at an instant: the calendar that is in the way; undefined where all are open. */
export function closedBy<C extends WindowsIn>(calendars: readonly C[], instant: Date): C | undefined {
  const at = instant.getTime();
  const blackout = calendars.find((one) => one.kind === 'blackout' && isIn(one, at));
  if (blackout) return blackout;
  const maintenance = calendars.filter(({ kind }) => kind === 'maintenance');
  return maintenance.some((one) => isIn(one, at)) ? undefined : maintenance[0];
}

/** Whether something may begin at an instant: in no blackout window, and in a maintenance window where there is such a calendar. */
export const isOpen = (calendars: readonly WindowsIn[], instant: Date): boolean =>
  closedBy(calendars, instant) === undefined;

/** The first instant from `from` to `until` at which all are open; undefined where there is none. */
export function nextOpening(calendars: readonly WindowsIn[], from: Date, until: Date): Date | undefined {
  const [blackouts, maintenance] = spansOf(calendars, from, until);
  for (let at = from.getTime(); at <= until.getTime();) {
    const end = spanAt(blackouts, at)?.to;
    if (end !== undefined) at = end;
    else if (maintenance === undefined || spanAt(maintenance, at)) return new Date(at);
    else {
      const next = maintenance.find((span) => span.from > at);
      if (!next) return undefined;
      at = next.from;
    }
  }
  return undefined;
}

/** The first instant after this one at which they are no longer open, or `until` where they stay open so long. */
export function nextClosing(calendars: readonly WindowsIn[], from: Date, until: Date): Date {
  const at = from.getTime();
  const [blackouts, maintenance] = spansOf(calendars, from, until);
  if (spanAt(blackouts, at)) return from;
  const open = maintenance === undefined ? Infinity : (spanAt(maintenance, at)?.to ?? at);
  const black = blackouts.find((span) => span.from > at)?.from ?? Infinity;
  return new Date(Math.min(open, black, Math.max(at, until.getTime())));
}

/** When they are closed and, where there is a maintenance calendar, when they are open; each as stretches in order that do not touch. */
function spansOf(
  calendars: readonly WindowsIn[],
  from: Date,
  until: Date,
): readonly [blackouts: readonly Span[], maintenance: readonly Span[] | undefined] {
  const of = (wanted: WindowsIn['kind']) => {
    const those = calendars.filter(({ kind }) => kind === wanted);
    return those.length === 0
      ? undefined
      : joined(those.flatMap((one) => spansAround(one, from.getTime(), until.getTime())));
  };
  return [of('blackout') ?? [], of('maintenance')];
}

/** Stretches that overlap or touch become one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && span.from <= last.to) all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}

const spanAt = (spans: readonly Span[], at: number): Span | undefined =>
  spans.find(({ from, to }) => from <= at && at < to);

const isIn = (calendar: WindowsIn, at: number): boolean =>
  spansAround(calendar, at, at).some(({ from, to }) => from <= at && at < to);

const onceSpans = (calendar: WindowsIn): readonly Span[] =>
  calendar.windows.flatMap((window) =>
    window.kind === 'once' ? spanOf(calendar, date(window.from), date(window.to)) : [],
  );

/** The windows of a calendar that may hold an instant between these two. */
function spansAround(calendar: WindowsIn, from: number, to: number): readonly Span[] {
  const weekly = calendar.windows.filter((window) => window.kind === 'weekly');
  const spans = [...onceSpans(calendar)];
  if (weekly.length === 0) return spans;
  // A window of the day before may reach into the first day; local days are counted without a zone.
  const first = localAt(new Date(from), calendar.zone);
  for (let day = -1; day <= (to - from) / DAY_MS + 1; day += 1) {
    const begin = dayAfter(first, day);
    for (const window of weekly) {
      if (!window.days.includes(weekday(begin))) continue;
      const [opens, ends] = [clock(window.from), clock(window.to)];
      if (!opens || !ends) continue;
      const overnight = window.to <= window.from ? 1 : 0;
      spans.push(...spanOf(calendar, { ...begin, ...opens }, { ...dayAfter(begin, overnight), ...ends }));
    }
  }
  return spans;
}

/** Where clocks double an edge, a blackout has both of the two times, and a maintenance window neither more than once. */
function spanOf({ kind, zone }: WindowsIn, from: LocalTime | undefined, to: LocalTime | undefined): readonly Span[] {
  if (!from || !to) return [];
  const [begin, end] = [instantsOf(from, zone), instantsOf(to, zone)];
  const span =
    kind === 'blackout'
      ? { from: begin.first.getTime(), to: end.last.getTime() }
      : { from: begin.last.getTime(), to: end.first.getTime() };
  return span.from < span.to ? [span] : [];
}

/** A day so many days later, at midnight. */
function dayAfter({ year, month, day }: Pick<LocalTime, 'year' | 'month' | 'day'>, days: number): LocalTime {
  const at = new Date(Date.UTC(year, month - 1, day + days));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: 0, minute: 0 };
}

/** 1 is Monday, 7 is Sunday. */
const weekday = ({ year, month, day }: LocalTime): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;

function clock(text: string): Pick<LocalTime, 'hour' | 'minute'> | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined ? undefined : { hour: Number(hour), minute: Number(minute) };
}

function date(text: string): LocalTime | undefined {
  const [day = '', time = ''] = text.split('T');
  const at = clock(time);
  const [, year, month, of] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (!at || year === undefined) return undefined;
  const local = { year: Number(year), month: Number(month), day: Number(of) };
  // 31 February is another day.
  const same = dayAfter(local, 0);
  return same.month === local.month && same.day === local.day ? { ...local, ...at } : undefined;
}
