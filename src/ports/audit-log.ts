import type { AuditEvent, ChainedEvent } from '../domain/audit.js';

export interface AuditEntry {
  readonly event: string;
  readonly writer: string;
  /** Absent until the relay has chained the event (about a second). */
  readonly seq?: number;
  readonly prevHash?: string;
  readonly hash?: string;
}

export interface AuditLog {
  /** An event that belongs to no move of a job, such as a refused access. */
  append(event: AuditEvent): Promise<void>;
  query(filter: {
    readonly job?: string;
    readonly actor?: string;
    readonly action?: string;
    readonly from?: Date;
    readonly to?: Date;
    /** Requester whose jobs alone may be shown. */
    readonly ownJobsOf?: string;
    /** Sequence of the last event of the page before, oldest first. */
    readonly after?: number;
    readonly limit: number;
  }): Promise<readonly AuditEntry[]>;
  /** Chained events after a sequence, for the export and the verifier. */
  chained(afterSeq: number, limit: number): Promise<readonly ChainedEvent[]>;
}
