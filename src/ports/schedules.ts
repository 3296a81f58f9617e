import type { AuditEvent } from '../domain/audit.js';
import type { Job } from '../domain/job.js';
import type { Result } from '../domain/result.js';
import type { Schedule, ScheduleStatus } from '../domain/schedules/schedule.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';
import type { NewScan } from './scans.js';
import type { NewJob } from './submissions.js';

/** What became of an instant, or of several that were missed for one cause. */
export interface FiringRow {
  readonly first: Date;
  /** Of several the last one. */
  readonly instant: Date;
  readonly count: number;
  readonly outcome: 'submitted' | 'missed';
  readonly cause?: string;
  readonly detail?: string;
  /** Id of the job that was submitted, or of the scan. */
  readonly job?: string;
  readonly scan?: string;
  readonly at: Date;
}

/** A schedule whose next instant is to be looked at. */
export interface DueSchedule {
  readonly schedule: Schedule & { readonly next: Date };
  /** The database's clock. */
  readonly now: Date;
  /** Whether the job or the scan that it submitted last has not ended. */
  readonly previousOpen: boolean;
}

/** What a firing submits. */
export type NewFiring =
  { readonly kind: 'job'; readonly job: NewJob } | { readonly kind: 'scan'; readonly scan: NewScan };

/** What was decided about the instants of a schedule up to its next one. */
export interface ScheduleStep {
  readonly schedule: string;
  /** The instant that was looked at: nothing is written where the schedule has another next one by now. */
  readonly seen: Date;
  readonly missed: readonly Omit<FiringRow, 'at' | 'outcome' | 'job' | 'scan'>[];
  readonly fire?: { readonly instant: Date; readonly key: IdempotencyKey; readonly made: NewFiring };
  /** Absent: none comes any more, and the schedule has ended. */
  readonly next?: { readonly instant: Date; readonly dueAt: Date };
  readonly events: readonly AuditEvent[];
}

export interface Schedules {
  create(
    key: IdempotencyKey,
    schedule: Pick<Schedule, 'id' | 'spec' | 'owner'> & { readonly next: Date; readonly dueAt: Date },
    event: AuditEvent,
  ): Promise<Result<Made<string>, KeyMismatch | { readonly kind: 'schedule-name-taken' }>>;
  /** Finds a schedule by its id, or by its name while it is not removed. */
  find(idOrName: string): Promise<Schedule | undefined>;
  /** Those that were not removed, by id. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly Schedule[]>;
  /** Undefined, with nothing written, where the schedule has another revision by now. */
  setStatus(
    schedule: Pick<Schedule, 'id' | 'revision'>,
    status: ScheduleStatus,
    next: { readonly instant: Date; readonly dueAt: Date } | undefined,
    event: AuditEvent,
  ): Promise<Schedule | undefined>;
  /** What became of its instants, the latest first. */
  firings(schedule: string, limit: number): Promise<readonly FiringRow[]>;
  /** Active ones whose time has come, the longest waiting first. */
  due(limit: number): Promise<readonly DueSchedule[]>;
  /** Has a schedule whose next instant is still this one looked at again after so many milliseconds. */
  putOff(schedule: string, seen: Date, ms: number): Promise<void>;
  /**
   * Writes a step: the rows of its instants, the job or the scan with events and messages, and the next instant, in one transaction
   * that holds the schedule. `passed`: somebody else did, or is doing it; `frozen`: no job is made while all work is frozen. Both wrote nothing.
   */
  record(step: ScheduleStep): Promise<Result<readonly Job[], 'passed' | 'frozen'>>;
}
