import type { SignedGrant } from '../domain/grant.js';
import type { Job } from '../domain/job.js';
import type { DecisionRow, JobView, Move } from '../domain/move.js';
import type { Result } from '../domain/result.js';

export type TransitionFailure =
  | { readonly kind: 'job-not-found' }
  | { readonly kind: 'locked'; readonly key: string; readonly by: string }
  | { readonly kind: 'grant-used' }
  | { readonly kind: 'already-decided' }
  /** One of its audit events is in the log: its id says that it is the same fact. Nothing was written. */
  | { readonly kind: 'duplicate-event' };

export interface JobStore {
  get(id: string): Promise<Job | undefined>;
  view(id: string): Promise<JobView | undefined>;
  /**
   * The only way to move a job on: its state, audit events, rows and outgoing message commit together or not at all.
   * `decide` may be called again after a serialization failure; it must be pure.
   * @throws Error when the decision breaks the table of edges or a rule of the new state: a bug, nothing is written.
   */
  transition<F>(id: string, decide: (view: JobView) => Result<Move, F>): Promise<Result<Job, F | TransitionFailure>>;
  /** Lengthens the lease; not `ours` when the epoch is another's by now. `cancel`: somebody wants the job to stop. */
  renewLease(id: string, epoch: number, forMs: number): Promise<{ readonly ours: boolean; readonly cancel: boolean }>;
  grant(jti: string): Promise<SignedGrant | undefined>;
  grantUse(jti: string): Promise<{ readonly job: string; readonly epoch: number } | undefined>;
  /** Pending decisions, oldest first. */
  pendingDecisions(limit: number): Promise<readonly DecisionRow[]>;
}
