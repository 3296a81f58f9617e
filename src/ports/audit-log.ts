import type { AuditEvent, ChainedEvent } from '../domain/audit.js';
import type { WrittenEvent } from '../domain/request.js';
import type { JobRecord } from '../domain/audit-line.js';

export interface AuditEntry {
  readonly event: string;
  readonly writer: string;
  /** Absent until the relay has chained the event (about a second). */
  readonly seq?: number;
  readonly prevHash?: string;
  readonly hash?: string;
}

/** Which events; a member that is absent excludes none. */
export interface AuditFilter {
  readonly job?: string;
  /** Who did what the event says. */
  readonly actor?: string;
  /** Ids of one person: the actor, or who requested the job of the event or decided about it. */
  readonly persons?: readonly string[];
  /** Part of a text that the job of the event is about, in the form of a search (`searchForm`). */
  readonly subject?: string;
  readonly runbook?: string;
  /** Name or id of a target. */
  readonly target?: string;
  readonly action?: string;
  readonly from?: Date;
  readonly to?: Date;
  /** Requester whose jobs alone may be shown. */
  readonly ownJobsOf?: string;
}

export interface AuditLog {
  /** An event that belongs to no move of a job, such as a refused access. */
  append(event: AuditEvent): Promise<void>;
  /** Oldest first. `after`: sequence of the last event of the page before. */
  query(filter: AuditFilter & { readonly after?: number; readonly limit: number }): Promise<readonly AuditEntry[]>;
  /** Ids of who acted under this name (in the form of a search), whatever they are called now. */
  actorsNamed(name: string): Promise<readonly string[]>;
  /** What is stored of these jobs; an id that no job has is left out. */
  records(jobs: readonly string[]): Promise<ReadonlyMap<string, JobRecord>>;
  /** The first event by which the API says that this job was submitted, chained or not; undefined where there is none. */
  submission(job: string): Promise<WrittenEvent | undefined>;
  /** Chained events after a sequence, for the export and the verifier. */
  chained(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]>;
}
