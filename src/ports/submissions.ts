import type { AuditEvent } from '../domain/audit.js';
import type { Job } from '../domain/job.js';
import type { Result } from '../domain/result.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

export interface NewJob {
  readonly job: Omit<Job, 'revision' | 'stateSince' | 'submittedAt'>;
  readonly events: readonly AuditEvent[];
  readonly priority: number;
  /** The job this one replaces, moved to `superseded` in the same transaction where it waits for approval. */
  readonly supersede?: { readonly job: string; readonly event: AuditEvent };
}

export type SubmissionFailure =
  | KeyMismatch
  | { readonly kind: 'frozen'; readonly by: string; readonly at: string; readonly reason: string }
  | { readonly kind: 'not-supersedable'; readonly job: string };

export interface Submissions {
  /**
   * Stores a job with its audit events, message and idempotency key in one transaction. The same key and request gives the
   * first job again (`repeated`); a call whose twin is in flight waits for it.
   */
  submit(key: IdempotencyKey, job: NewJob): Promise<Result<Made<Job>, SubmissionFailure>>;
  /**
   * Stores 1 to 500 jobs, none of which supersedes another, under one key: all in one statement, or none. The same key and request
   * gives the first jobs again, as they are now, in the order of the request.
   */
  submitAll(
    key: IdempotencyKey,
    jobs: readonly [NewJob, ...NewJob[]],
  ): Promise<Result<Made<readonly Job[]>, SubmissionFailure>>;
  /** The jobs that the first batch with this key made, as they are now; undefined where none did, or another request. */
  firstAll(key: IdempotencyKey): Promise<readonly Job[] | undefined>;
  /** The job that the first request with this key made, as it is now; undefined where none did, or another request. */
  first(key: IdempotencyKey): Promise<Job | undefined>;
}
