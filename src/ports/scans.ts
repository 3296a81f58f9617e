import type { AuditEvent } from '../domain/audit.js';
import type { Job } from '../domain/job.js';
import type { Risk } from '../domain/manifest.js';
import type { Result } from '../domain/result.js';
import type { ScanCounts } from '../domain/scans/item-status.js';
import type { ScanRequest } from '../domain/scans/request.js';
import type { Finding } from '../domain/scans/trend.js';
import type { IdempotencyKey, Made } from './idempotency.js';
import type { NewJob, SubmissionFailure } from './submissions.js';

export interface StoredScan extends ScanRequest {
  readonly submittedAt: Date;
  /** When the last of its items had ended, as a process noticed it. */
  readonly endedAt?: Date;
}

/** A scan as a list shows it. */
export interface CountedScan {
  readonly scan: StoredScan;
  readonly counts: ScanCounts;
}

/** What would have to be done for an item, from its plan. */
export interface NeededChanges {
  /** Digest of the plan. */
  readonly digest: string;
  readonly risk: Risk;
  /** How many of each action, in the order of the actions' names. */
  readonly actions: readonly { readonly action: string; readonly count: number }[];
}

export interface ScanItem {
  /** Without its plan. */
  readonly job: Job;
  readonly plan?: NeededChanges;
}

export interface ScanRecord {
  readonly scan: StoredScan;
  /** In the order of the selection. */
  readonly items: readonly ScanItem[];
}

export interface NewScan {
  readonly scan: ScanRequest;
  readonly event: AuditEvent;
  readonly jobs: readonly [NewJob, ...NewJob[]];
}

export interface Scans {
  /** Scan, jobs, their events, messages and the key: all of it or nothing. A repeat gives the first one. */
  submit(key: IdempotencyKey, scan: NewScan): Promise<Result<Made<StoredScan>, SubmissionFailure>>;
  /** What the first request with this key made; undefined where none did, or another request. */
  first(key: IdempotencyKey): Promise<StoredScan | undefined>;
  record(id: string): Promise<ScanRecord | undefined>;
  /** Newest first. */
  list(page: {
    readonly requester?: string;
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly CountedScan[]>;
  /** Scans of a person that have not ended. */
  countOpen(requester: string): Promise<number>;
  /** Ended scans of a runbook with what each found, oldest first: the newest `limit` of those that ended at `since` or later. */
  findings(filter: {
    readonly runbook: string;
    readonly requester?: string;
    readonly since?: Date;
    readonly limit: number;
  }): Promise<readonly { readonly scan: StoredScan; readonly items: readonly Finding[] }[]>;
  /** Scans that have not ended and whose items all have, oldest first. */
  done(limit: number): Promise<readonly CountedScan[]>;
  /** Records the end with its event, once. False where another process did. */
  end(id: string, event: AuditEvent): Promise<boolean>;
}
