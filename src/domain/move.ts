import type { JobCode } from './codes/lookup.js';
import type { AuditEvent } from './audit.js';
import type { DecisionProof } from './decision-proof.js';
import type { SignedGrant } from './grant.js';
import type { ChangeResult, JournalEntry } from './journal.js';
import type { Firing, Job, State } from './job.js';
import type { PersonRef } from './people.js';

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
  readonly proof: DecisionProof;
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

/** The result of one attempt at one change. */
export interface AttemptResult {
  readonly changeId: string;
  readonly direction: 'apply' | 'undo';
  readonly attempt: number;
  readonly result: ChangeResult;
  readonly backupRef?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** Rows that are written in the transaction of the move. */
export type Write =
  | { readonly kind: 'decision'; readonly row: DecisionRow }
  | {
      readonly kind: 'judge';
      readonly decision: string;
      readonly status: 'accepted' | 'refused';
      readonly code?: string;
      /** Of the signature: used up by its judgement, whatever that is. */
      readonly nonce?: string;
    }
  | { readonly kind: 'grant'; readonly grant: SignedGrant }
  /** What was made of a plan under a standing approval; `jti`: the grant that covers it. No more than `most` changes are ever allowed. */
  | {
      readonly kind: 'standing';
      readonly planDigest: string;
      readonly firing: Firing;
      readonly envelope?: { readonly sha256: string; readonly most: number };
      readonly changes: number;
      readonly jti?: string;
      readonly reasons: readonly string[];
    }
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
  | ({ readonly kind: 'result' } & AttemptResult);

/** The members of a job that a move may set; `null` clears one. */
export type JobPatch = {
  readonly [
    K in
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
  readonly code?: JobCode | null;
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
