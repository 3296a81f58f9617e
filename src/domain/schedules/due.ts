import { durationMs } from '../time.js';
import { closedBy, nextClosing, nextOpening, type Calendar } from './calendar.js';
import { jitterMs, type Timed } from './schedule.js';
import { nextInstants } from './when.js';

/** How late an instant may be looked at and still be in time (milliseconds): a restart of the product is no misfire. */
export const IN_TIME_MS = 5 * 60_000;
/** So many missed instants are counted one by one; of more it is said that there were at least so many. */
export const MOST_COUNTED = 1000;

/** One firing of a schedule: its instant, and the window in which what it makes may begin. */
export interface Occurrence {
  readonly instant: Date;
  readonly opens: Date;
  readonly closes: Date;
  /** When its job is submitted: before it opens, where a person approves each plan. */
  readonly submitAt: Date;
}

export type MissedCause = 'late' | 'closed' | 'replaced' | 'previous-open';

/** Instants that follow one another and came to nothing for one cause. */
export interface Missed {
  readonly first: Date;
  readonly last: Date;
  /** At most `MOST_COUNTED`. */
  readonly count: number;
  readonly cause: MissedCause;
  /** Of `closed`: the name of the calendar. */
  readonly calendar?: string;
}

/** What is to be done about a schedule now. */
export interface Due {
  readonly fire?: Occurrence;
  readonly missed: readonly Missed[];
  /** The instant after those that were dealt with, and when to look at it; undefined where none comes any more. */
  readonly next?: { readonly instant: Date; readonly dueAt: Date };
}

type Judged =
  | { readonly kind: 'fits'; readonly occurrence: Occurrence }
  | { readonly kind: 'missed'; readonly instant: Date; readonly cause: MissedCause; readonly calendar?: string };

/** When an instant is looked at first: what a calendar may put off is looked at again then. */
export function dueAt(schedule: Timed, instant: Date): Date {
  return new Date(instant.getTime() + jitterMs(schedule, instant) - leadMs(schedule));
}

/** What a schedule does at an instant by these calendars; undefined and the calendar's name where they are closed. */
export function occurrenceAt(
  schedule: Timed,
  instant: Date,
  calendars: readonly Calendar[],
): Occurrence | { readonly closedBy: string } {
  const { spec } = schedule;
  const planned = new Date(instant.getTime() + jitterMs(schedule, instant));
  const closed = closedBy(calendars, planned);
  const reach = spec.misfire.policy === 'run-once' ? durationMs(spec.misfire.within) : 0;
  const opening =
    closed && reach > 0 ? nextOpening(calendars, planned, new Date(planned.getTime() + reach)) : undefined;
  const opens = closed ? opening : planned;
  if (opens === undefined) return { closedBy: closed?.name ?? '' };
  const closes = nextClosing(calendars, opens, new Date(opens.getTime() + durationMs(spec.window)));
  return { instant, opens, closes, submitAt: new Date(opens.getTime() - leadMs(schedule)) };
}

/**
 * What becomes of the instants that have come, from the stored one on: at most one fires, the latest that is in time, and of every
 * other one it is said why not. Depends on nothing but its arguments, so that two processes come to the same.
 * @param next the stored instant
 * @param previousOpen whether what fired last has not ended
 */
export function dueNow(
  schedule: Timed,
  next: Date,
  now: Date,
  calendars: readonly Calendar[],
  previousOpen: boolean,
): Due {
  const long = skipLongAgo(schedule, next, now);
  const judged: Judged[] = [];
  let instant: Date | undefined = long.next;
  let look: Date | undefined;
  for (; instant !== undefined; [instant] = nextInstants(schedule.spec.when, instant, 1)) {
    look = dueAt(schedule, instant);
    if (look > now) break;
    const verdict = judge(schedule, instant, now, calendars);
    // A calendar puts it off: it is looked at again then.
    if (verdict.kind === 'fits' && verdict.occurrence.submitAt > now) {
      look = verdict.occurrence.submitAt;
      break;
    }
    judged.push(verdict);
  }
  const fitting = judged.flatMap((one) => (one.kind === 'fits' ? [one.occurrence] : []));
  const last = fitting.at(-1);
  const fire = previousOpen ? undefined : last;
  const missed = judged.flatMap((one): readonly Missed[] => {
    if (one.kind === 'missed') return [once(one.instant, one.cause, one.calendar)];
    if (one.occurrence === fire) return [];
    return [once(one.occurrence.instant, one.occurrence === last ? 'previous-open' : 'replaced')];
  });
  return {
    ...(fire ? { fire } : {}),
    missed: joined([...long.missed, ...missed]),
    ...(instant && look ? { next: { instant, dueAt: look } } : {}),
  };
}

function judge(schedule: Timed, instant: Date, now: Date, calendars: readonly Calendar[]): Judged {
  const occurrence = occurrenceAt(schedule, instant, calendars);
  if ('closedBy' in occurrence) return { kind: 'missed', instant, cause: 'closed', calendar: occurrence.closedBy };
  const late = now.getTime() - occurrence.opens.getTime();
  const inTime = late <= reachMs(schedule) && occurrence.closes > now;
  return inTime ? { kind: 'fits', occurrence } : { kind: 'missed', instant, cause: 'late' };
}

/** Instants that nothing can bring back any more are counted without a look at each calendar. */
function skipLongAgo(schedule: Timed, next: Date, now: Date): { missed: readonly Missed[]; next: Date | undefined } {
  const { when, jitter } = schedule.spec;
  // No instant of before can be in time, however far jitter and calendars put it off.
  const edge = new Date(now.getTime() - durationMs(jitter) - 2 * reachMs(schedule) - 1);
  if (next >= edge) return { missed: [], next };
  const gone: Date[] = [next];
  while (gone.length < MOST_COUNTED) {
    const [after] = nextInstants(when, gone.at(-1) as Date, 1);
    if (!after || after >= edge) break;
    gone.push(after);
  }
  const last = gone.at(-1) as Date;
  const [following] = nextInstants(when, gone.length < MOST_COUNTED ? last : edge, 1);
  return { missed: [{ first: next, last, count: gone.length, cause: 'late' }], next: following };
}

const reachMs = ({ spec: { misfire } }: Timed): number =>
  Math.max(IN_TIME_MS, misfire.policy === 'run-once' ? durationMs(misfire.within) : 0);

const leadMs = ({ spec: { approval } }: Timed): number =>
  approval.kind === 'each-time' ? durationMs(approval.lead) : 0;

const once = (instant: Date, cause: MissedCause, calendar?: string): Missed => ({
  ...{ first: instant, last: instant, count: 1, cause },
  ...(calendar === undefined ? {} : { calendar }),
});

/** Neighbours of one cause are one entry. */
function joined(missed: readonly Missed[]): readonly Missed[] {
  const entries: Missed[] = [];
  for (const one of missed) {
    const before = entries.at(-1);
    if (before?.cause === one.cause && before.calendar === one.calendar)
      entries[entries.length - 1] = { ...before, last: one.last, count: before.count + one.count };
    else entries.push(one);
  }
  return entries;
}
