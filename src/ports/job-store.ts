import type { AuditEvent } from '../domain/audit.js';
import type { SignedGrant } from '../domain/grant.js';
import type { ChangeResult, JournalEntry } from '../domain/journal.js';
import type { Job, State } from '../domain/job.js';
import type { PersonRef } from '../domain/people.js';
import type { Result } from '../domain/result.js';

/** A decision as a person made it; `authority` judges it. */
export interface DecisionRow {
  readonly id: string;
  readonly job: string;
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly person: PersonRef;
  readonly reason: string;
  readonly executeBy?: Date;
  readonly onFailure?: 'leave' | 'rollback';
  readonly proof: { readonly kind: 'token'; readonly tokenId: string };
  readonly decidedAt: Date;
  /** `pending` until `authority` has judged it. */
  readonly status: 'pending' | 'accepted' | 'refused';
  readonly code?: string;
}

/** What a decider sees: the job, row-locked, with what belongs to it. */
export interface JobView {
  readonly job: Job;
  readonly journal: readonly JournalEntry[];
  readonly decisions: readonly DecisionRow[];
  /** The database's clock: for timers and leases. */
  readonly now: Date;
  /** The latest time the database's clock showed since this plan or grant was made: decides about expiry. Never before `now`. */
  readonly latest: Date;
}

/** Rows that are written in the transaction of the move. */
export type Write =
  | { readonly kind: 'decision'; readonly row: DecisionRow }
  | {
      readonly kind: 'judge';
      readonly decision: string;
      readonly status: 'accepted' | 'refused';
      readonly code?: string;
    }
  | { readonly kind: 'grant'; readonly grant: SignedGrant }
  | { readonly kind: 'revoke-grant'; readonly jti: string }
  /** The consumption of a grant; a second job or a second use fails the transition with `grant-used`. */
  | { readonly kind: 'grant-use'; readonly jti: string }
  /** All keys or none: fails with `locked` while another job holds one, or asked for one earlier. A job that holds them goes on. */
  | { readonly kind: 'lock'; readonly keys: readonly string[] }
  /** A place in the line for these keys; a job keeps the one it has. */
  | { readonly kind: 'wait-for-lock'; readonly keys: readonly string[] }
  /** Gives up the locks and the place in the line; who is next for a key that became free gets a message. */
  | { readonly kind: 'unlock' }
  | {
      readonly kind: 'intent';
      readonly changeId: string;
      readonly direction: 'apply' | 'undo';
      readonly attempt: number;
    }
  | {
      readonly kind: 'result';
      readonly changeId: string;
      readonly direction: 'apply' | 'undo';
      readonly attempt: number;
      readonly result: ChangeResult;
      readonly backupRef?: string;
      readonly code?: string;
      readonly detail?: string;
    };

/** The members of a job that a move may set; `null` clears one. */
export type JobPatch = {
  readonly [
    K in
      | 'code'
      | 'detail'
      | 'supplied'
      | 'findings'
      | 'plan'
      | 'grantJti'
      | 'executeBy'
      | 'onFailure'
      | 'nextTryAt'
      | 'until'
      | 'leaseUntil'
      | 'worker'
      | 'engineDigest'
      | 'outcome'
      | 'cancel'
  ]?: NonNullable<Job[K]> | null;
} & {
  readonly epoch?: number;
  readonly partial?: boolean;
  readonly drifts?: number;
  readonly crashes?: number;
  readonly proofs?: Job['proofs'];
};

export interface Move {
  readonly to: State;
  readonly set?: JobPatch;
  readonly events: readonly AuditEvent[];
  readonly writes?: readonly Write[];
  /** A message now, with its priority (1 most urgent). */
  readonly message?: { readonly priority: number };
  /** When the job wants a message if nothing happens until then; absent: by the state's default. */
  readonly wakeAt?: Date;
}

export type TransitionFailure =
  | { readonly kind: 'job-not-found' }
  | { readonly kind: 'locked'; readonly key: string; readonly by: string }
  | { readonly kind: 'grant-used' }
  | { readonly kind: 'already-decided' }
  /** One of its audit events is in the log: its id says that it is the same fact. Nothing was written. */
  | { readonly kind: 'already-told' };

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
