import type { ValueObject } from '../canonical.js';
import { labelledDigest, sha256 } from '../digest.js';
import type { PersonRef } from '../people.js';
import type { TargetScope } from '../policy/policy.js';
import { durationMs } from '../time.js';
import type { When } from './when.js';

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

/** How far an instant is put off (milliseconds, whole seconds): the same in every process and after every restart. */
export function jitterMs({ id, spec }: Timed, instant: Date): number {
  const seconds = Math.floor(durationMs(spec.jitter) / 1000);
  if (seconds === 0) return 0;
  const hash = sha256(`fixpoint-jitter-v1\0${id}\n${instant.toISOString()}`);
  return (Number.parseInt(hash.slice(0, 12), 16) % (seconds + 1)) * 1000;
}
