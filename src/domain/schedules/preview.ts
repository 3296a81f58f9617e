import type { Calendar } from './calendar.js';
import { occurrenceAt, type Occurrence } from './due.js';
import type { Timed } from './schedule.js';
import { clockChangeAt, nextInstants, type ClockChange } from './when.js';
import { localAt } from './zone.js';

/** One of the next runs, as a person reads it before a schedule is saved. */
export interface NextRun {
  readonly instant: Date;
  /** The wall clock of the schedule's zone with its offset, `2026-03-29T03:00+02:00`. */
  readonly local: string;
  readonly clockChange?: ClockChange;
  /** Absent where a calendar is in the way: `closedBy` names it. */
  readonly occurrence?: Occurrence;
  readonly closedBy?: string;
}

/** The next runs, computed by what fires them. @throws Error where `scheduleProblems` finds something in `when` */
export function nextRuns(schedule: Timed, from: Date, n: number, calendars: readonly Calendar[]): readonly NextRun[] {
  const { when } = schedule.spec;
  return nextInstants(when, from, n).map((instant) => {
    const at = occurrenceAt(schedule, instant, calendars);
    const clockChange = clockChangeAt(when, instant);
    return {
      instant,
      local: localText(instant, when.zone),
      ...(clockChange === undefined ? {} : { clockChange }),
      ...('closedBy' in at ? { closedBy: at.closedBy } : { occurrence: at }),
    };
  });
}

/** An instant by the wall clock of a zone, to the minute, with the offset. */
export function localText(instant: Date, zone: string): string {
  const { year, month, day, hour, minute, offsetMs } = localAt(instant, zone);
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (n: number) => String(n).padStart(2, '0');
  const offset = `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}${offset}`;
}
