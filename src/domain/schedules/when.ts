import { Cron } from 'croner';
import { fail, ok, type Result } from '../result.js';
import { instantsOf, isZone, localAt } from './zone.js';

/** When something recurs, or happens once. */
export type When =
  /** Cron with five fields, by the wall clock of an IANA time zone. */
  | { readonly kind: 'cron'; readonly expression: string; readonly zone: string }
  /** `at`: UTC text. `zone`: in which people read it. */
  | { readonly kind: 'once'; readonly at: string; readonly zone: string };

/** Two instants of a schedule are at least this far apart: 5 minutes. */
export const LEAST_APART_MS = 5 * 60_000;
/** So many instants are looked at to find two that are too close. */
const LOOKED_AT = 300;

/** Five fields of numbers, names, `*`, lists, ranges and steps, `L`, and `#` for the second Friday and the like. */
const EXPRESSION = /^[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4}$/;

/** What is wrong with a `when`: the member, and a sentence of which it is the subject. */
export interface WhenProblem {
  readonly member: 'expression' | 'zone' | 'at';
  readonly message: string;
}

/** Whether a `when` can be computed at all, never fires, or fires too often. `from`: it must have an instant after this. */
export function whenProblem(when: When, from: Date): WhenProblem | undefined {
  if (!isZone(when.zone)) return { member: 'zone', message: 'is no time zone of the IANA database' };
  if (when.kind === 'once') {
    const future = Date.parse(when.at) > from.getTime();
    return future ? undefined : { member: 'at', message: 'is not in the future' };
  }
  const cron = cronOf(when);
  if (!cron.ok) return { member: 'expression', message: cron.error };
  if (nextInstants(when, from, 1).length === 0) return { member: 'expression', message: 'never comes' };
  const close = leastApartMs(when, from) < LEAST_APART_MS;
  return close ? { member: 'expression', message: 'comes more often than every 5 minutes' } : undefined;
}

/** The shortest time between two of the next instants (milliseconds); Infinity where there is one at most. */
export function leastApartMs(when: When, from: Date): number {
  const instants = nextInstants(when, from, LOOKED_AT);
  return Math.min(Infinity, ...instants.slice(1).map((at, i) => at.getTime() - (instants[i]?.getTime() ?? 0)));
}

/** The next instants after `from`, the earliest first; fewer than `n` where there are no more. @throws Error where `whenProblem` finds one */
export function nextInstants(when: When, from: Date, n: number): readonly Date[] {
  if (when.kind === 'once') {
    const at = new Date(when.at);
    return at > from && n > 0 ? [at] : [];
  }
  const cron = cronOf(when);
  if (!cron.ok) throw new Error(cron.error);
  return cron.value.nextRuns(n, from);
}

/** Whether this is one of the instants: what somebody says of a firing is compared with what was approved. */
export function isInstant(when: When, instant: Date): boolean {
  const [next] = nextInstants(when, new Date(instant.getTime() - 1), 1);
  return next?.getTime() === instant.getTime();
}

/** How a change of clocks touches an instant: what a preview says beside it. */
export type ClockChange = 'moved-over-a-gap' | 'first-of-two';

/** Undefined where clocks do not change over the instant, and for what follows the clock through both hours. */
export function clockChangeAt(when: When, instant: Date): ClockChange | undefined {
  if (when.kind === 'once') return undefined;
  const cron = cronOf(when);
  if (!cron.ok) return undefined;
  if (!cron.value.match(instant)) return 'moved-over-a-gap';
  const { first, last } = instantsOf(localAt(instant, when.zone), when.zone);
  return first.getTime() < last.getTime() && !isInstant(when, last) ? 'first-of-two' : undefined;
}

/** Parsed expressions: each firing asks for the same few. */
const parsed = new Map<string, Result<Cron, string>>();
const MOST_PARSED = 500;

/**
 * croner computes, and nothing else: a fixed time that a change of clocks leaves out comes at the first instant after the gap, and one
 * that it doubles comes once. What has a wildcard or a step in its hour or minute follows the clock through both hours.
 */
function cronOf({ expression, zone }: Extract<When, { kind: 'cron' }>): Result<Cron, string> {
  const about = `${zone}\n${expression}`;
  const known = parsed.get(about);
  if (known) return known;
  const read = readCron(expression, zone);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(about, read);
  return read;
}

function readCron(expression: string, zone: string): Result<Cron, string> {
  if (!EXPRESSION.test(expression))
    return fail('is no cron expression of five fields: minute hour day-of-month month day-of-week');
  try {
    return ok(new Cron(expression, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard' }));
  } catch (error) {
    // `CronPattern: Invalid value for minute: 60`
    return fail(`is no cron expression: ${(error as Error).message.replace(/^Cron\w*: /, '')}`);
  }
}
