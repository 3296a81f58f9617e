import { durationMs } from '../time.js';
import type { ScheduleSpec, Timing } from './schedule.js';
import { leastApartMs, whenProblem } from './when.js';

/** Longest of each duration (milliseconds). */
const HOUR_MS = 3_600_000;
export const MOST_MS = {
  jitter: 6 * HOUR_MS,
  window: 72 * HOUR_MS,
  within: 24 * HOUR_MS,
  lead: 7 * 24 * HOUR_MS,
} as const;
/** A window in which a job could hardly begin is a mistake: 5 minutes. */
const LEAST_WINDOW_MS = 5 * 60_000;
export const DURATION_PATTERN = '^\\d{1,6}(ms|s|m|h|d)$';

export interface ScheduleProblem {
  /** JSON Pointer into the spec. */
  readonly path: string;
  /** Continues a sentence whose subject is what is there. */
  readonly message: string;
}

/** What is wrong with a spec besides its form, all of it. */
export function scheduleProblems(spec: Timing, now: Date): readonly ScheduleProblem[] {
  const when = whenProblem(spec.when, now);
  const durations = [
    ['/jitter', spec.jitter, 0, MOST_MS.jitter],
    ['/window', spec.window, LEAST_WINDOW_MS, MOST_MS.window],
    ...(spec.misfire.policy === 'run-once'
      ? [['/misfire/within', spec.misfire.within, 1, MOST_MS.within] as const]
      : []),
    ...(spec.approval.kind === 'each-time' ? [['/approval/lead', spec.approval.lead, 0, MOST_MS.lead] as const] : []),
  ] as const;
  return [
    ...(when ? [{ path: `/when/${when.member}`, message: when.message }] : []),
    ...durations.flatMap(([path, text, least, most]) => {
      const ms = durationMs(text);
      if (ms >= least && ms <= most) return [];
      const limit = ms < least ? `least is ${least / 60_000} min` : `most is ${most / HOUR_MS} h`;
      return [{ path, message: `is out of range: the ${limit}` }];
    }),
    ...(when ? [] : overlaps(spec, now)),
  ];
}

/** Two jobs of a schedule are never open at the same time, so that a time before the next instant is all there is. */
function overlaps({ when, approval, jitter }: Timing, now: Date): readonly ScheduleProblem[] {
  const apart = leastApartMs(when, now);
  const message = 'is not shorter than the time between two instants';
  return [
    ...(durationMs(jitter) < apart ? [] : [{ path: '/jitter', message }]),
    ...(approval.kind !== 'each-time' || durationMs(approval.lead) < apart
      ? []
      : [{ path: '/approval/lead', message }]),
  ];
}

/** A scan needs no approval, and a schedule of jobs always says how they are approved. */
export function approvalProblems({ action, approval }: ScheduleSpec): readonly ScheduleProblem[] {
  if ((action.kind === 'scan') === (approval.kind === 'none')) return [];
  const message = action.kind === 'scan' ? 'must be none: a scan changes nothing' : 'is none: that is for scans alone';
  return [{ path: '/approval/kind', message }];
}
