import type { ValueObject } from '../canonical.js';
import { labelledDigest, sha256 } from '../digest.js';
import type { PersonRef } from '../people.js';
import type { TargetScope } from '../policy/policy.js';
import { durationMs } from '../time.js';
import { leastApartMs, whenProblem, type When } from './when.js';

/** A job that a schedule asks for when it fires. */
export interface ScheduledJob {
  readonly kind: 'job';
  /** Id of the runbook: its current version at the firing. */
  readonly runbook: string;
  /** Id of the target, never its name. */
  readonly target: string;
  readonly parameters: ValueObject;
  readonly reason: string;
  readonly ticket?: string;
}

/** A scan that a schedule asks for when it fires, over the targets that its filter or its selection means then. */
export interface ScheduledScan {
  readonly kind: 'scan';
  readonly runbook: string;
  readonly select?: TargetScope;
  /** Id of a selection, never its name. */
  readonly selection?: string;
  readonly parameters: ValueObject;
  readonly reason: string;
  readonly ticket?: string;
}

/** What becomes of an instant that could not fire in its time. */
export type Misfire =
  | { readonly policy: 'skip' }
  /** Once, if it is no later than `within` after its instant. */
  | { readonly policy: 'run-once'; readonly within: string };

/** How a job of a schedule comes to its approval. */
export type ScheduleApproval =
  /** It is planned `lead` before its window opens, and a person approves that plan. */
  | { readonly kind: 'each-time'; readonly lead: string }
  /** It is planned when its window opens. A standing approval covers its plan, or the plan waits for a person. */
  | { readonly kind: 'standing' }
  /** Of a scan, which changes nothing. */
  | { readonly kind: 'none' };

/** When a schedule does what it does, and how what it makes is approved. Durations are texts such as `30m`. */
export interface Timing {
  readonly when: When;
  /** Each instant is put off by a part of this that only schedule and instant determine. */
  readonly jitter: string;
  readonly misfire: Misfire;
  /** How long after it opens a job may begin to change something. */
  readonly window: string;
  readonly approval: ScheduleApproval;
  /** Ids. */
  readonly calendars: readonly string[];
}

/** What a person says about a schedule. It never changes: another wish is another schedule. */
export interface ScheduleSpec extends Timing {
  readonly name: string;
  readonly action: ScheduledJob | ScheduledScan;
}

export type ScheduleStatus = 'active' | 'paused' | 'ended' | 'removed';

export interface Schedule {
  readonly id: string;
  readonly spec: ScheduleSpec;
  /** In whose name it submits, with the rights that this person has then. */
  readonly owner: PersonRef;
  readonly status: ScheduleStatus;
  /** The instant that comes next, before jitter and calendars; absent where none comes. */
  readonly next?: Date;
  /** When the next instant is to be looked at. */
  readonly dueAt?: Date;
  readonly createdAt: Date;
  /** Counts the writes; the ETag. */
  readonly revision: number;
}

/** Of a schedule what its instants depend on. */
export interface Timed {
  readonly id: string;
  readonly spec: Timing;
}

/** The digest of what a schedule does, and in whose name: what people approve names it. */
export const scheduleDigest = ({ id, spec, owner }: Pick<Schedule, 'id' | 'spec' | 'owner'>): string =>
  labelledDigest('fixpoint-schedule-v1', { id, spec, owner: owner.id });

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

/** A scan is approved by nobody, and a job is never made without a word about its approval. */
export function approvalProblems({ action, approval }: ScheduleSpec): readonly ScheduleProblem[] {
  if ((action.kind === 'scan') === (approval.kind === 'none')) return [];
  const message = action.kind === 'scan' ? 'must be none: a scan changes nothing' : 'is none: that is for scans alone';
  return [{ path: '/approval/kind', message }];
}

/** How far an instant is put off (milliseconds, whole seconds): the same in every process and after every restart. */
export function jitterMs({ id, spec }: Timed, instant: Date): number {
  const seconds = Math.floor(durationMs(spec.jitter) / 1000);
  if (seconds === 0) return 0;
  const hash = sha256(`fixpoint-jitter-v1\0${id}\n${instant.toISOString()}`);
  return (Number.parseInt(hash.slice(0, 12), 16) % (seconds + 1)) * 1000;
}
