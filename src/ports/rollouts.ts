import type { AuditEvent } from '../domain/audit.js';
import type { Code } from '../domain/codes/index.js';
import type { DecisionProof } from '../domain/decision-proof.js';
import type { Job, OnFailure } from '../domain/job.js';
import type { PersonRef } from '../domain/people.js';
import type { WrittenEvent } from '../domain/request.js';
import type { RolloutGrant, SignedRolloutGrant } from '../domain/rollout-grant.js';
import type { Result } from '../domain/result.js';
import type { Ending } from '../domain/rollouts/next-step.js';
import type { RolloutRequest } from '../domain/rollouts/request.js';
import type { IdempotencyKey, Made } from './idempotency.js';
import type { NewJob, SubmissionFailure } from './submissions.js';

/** `open`: planned and waiting for its decision. What `authority` says; the gates are judged anew at each step. */
export type RolloutStatus = 'open' | 'running' | 'paused' | 'ended';
export type RolloutEnding = Ending | 'rejected' | 'not-approved';

export interface StoredRollout extends RolloutRequest {
  readonly submittedAt: Date;
  readonly status: RolloutStatus;
  readonly ending?: RolloutEnding;
}

/** What takes away, at once and without a proof. Never changed, never removed. */
export interface RolloutStop {
  readonly id: string;
  readonly rollout: string;
  readonly kind: 'pause' | 'abort' | 'exclude';
  /** Indexes of items: of an exclusion those that are not started, of a pause of `authority` those it is about. */
  readonly items: readonly number[];
  /** Absent: `authority` wrote it, with `code` and `wave`. */
  readonly person?: PersonRef;
  readonly reason?: string;
  readonly code?: Code;
  readonly wave?: number;
  readonly at: Date;
}

/** What a person decided about a rollout; `authority` judges it. */
export interface RolloutDecision {
  readonly id: string;
  readonly rollout: string;
  readonly kind: 'approve' | 'reject' | 'resume';
  /** Of the list that was approved or rejected. */
  readonly root?: string;
  /** Of a resume: the pauses that end, and the items that are left out and count no more. */
  readonly ends: readonly string[];
  readonly exclude: readonly number[];
  readonly person: PersonRef;
  readonly reason: string;
  readonly executeBy?: Date;
  readonly onFailure?: OnFailure;
  readonly proof: DecisionProof;
  readonly decidedAt: Date;
  /** `counted`: a resume that holds and ends nothing before enough others have signed the same. */
  readonly status: 'pending' | 'counted' | 'accepted' | 'refused';
  readonly code?: string;
}

/** An item as the database holds it: its job without the plan, and what gates are judged by. */
export interface RolloutItem {
  readonly job: Job;
  /** Of the plan that the job has now. */
  readonly planDigest?: string;
  /** A grant was signed for it once. */
  readonly granted: boolean;
  /** The log has an event by the worker's role that says that it succeeded. */
  readonly endLogged: boolean;
}

/** Everything about one rollout, from one snapshot. */
export interface RolloutRecord {
  readonly rollout: StoredRollout;
  /** In the order of the selection. */
  readonly items: readonly RolloutItem[];
  readonly stops: readonly RolloutStop[];
  readonly decisions: readonly RolloutDecision[];
  /** The grant under which it runs, and the bytes of the list under its root. */
  readonly grant?: SignedRolloutGrant;
  readonly list?: string;
  /** When each wave was proved, in their order. */
  readonly proved: readonly Date[];
  /** The rollouts that roll this one back, oldest first. */
  readonly undoneBy: readonly Pick<StoredRollout, 'id' | 'status'>[];
  /** The database's clock. */
  readonly now: Date;
}

export interface NewRollout {
  readonly rollout: RolloutRequest;
  readonly event: AuditEvent;
  readonly jobs: readonly [NewJob, ...NewJob[]];
}

/** What `authority` writes with a judgement, in one transaction. */
export interface Judgement {
  readonly status: 'counted' | 'accepted' | 'refused';
  readonly code?: Code;
  /** Of the signature: used up by its judgement, whatever that is. */
  readonly nonce?: string;
  /** Of the approval that completes the quorum. */
  readonly grant?: SignedRolloutGrant;
  /** Where the rollout is after it; absent: where it was. */
  readonly rollout?: { readonly status: RolloutStatus; readonly ending?: RolloutEnding };
  readonly events: readonly AuditEvent[];
}

export interface Rollouts {
  /** Rollout, jobs, their events, messages and the key: all of it or nothing. A repeat gives the first one. */
  submit(key: IdempotencyKey, rollout: NewRollout): Promise<Result<Made<StoredRollout>, SubmissionFailure>>;
  /** What the first request with this key made; undefined where none did, or another request. */
  first(key: IdempotencyKey): Promise<StoredRollout | undefined>;
  get(id: string): Promise<StoredRollout | undefined>;
  record(id: string): Promise<RolloutRecord | undefined>;
  /** Newest first. */
  list(page: {
    readonly requester?: string;
    /** Only those that have not ended. */
    readonly open?: true;
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly StoredRollout[]>;
  /** The bytes of a list that somebody decided about; undefined where nobody did. */
  planList(rollout: string, root: string): Promise<string | undefined>;
  /** False where this person decided about this list before. `list`: kept under its root where it is not yet. */
  decide(decision: Omit<RolloutDecision, 'status' | 'code'>, list?: string): Promise<boolean>;
  stop(stop: Omit<RolloutStop, 'at'>, event: AuditEvent): Promise<void>;
  /** The stops of a rollout as they are now, oldest first. */
  stops(id: string): Promise<readonly RolloutStop[]>;
  /** Whether a worker must not begin with a job of it: it is paused or was aborted. */
  isHeld(id: string): Promise<boolean>;
  findDecision(id: string): Promise<RolloutDecision | undefined>;

  /** Decisions that `authority` has not judged, oldest first. */
  pendingDecisions(limit: number): Promise<readonly RolloutDecision[]>;
  /** Rollouts that have not ended, oldest first. */
  live(limit: number): Promise<readonly string[]>;
  /** The event by which the API says that this rollout was submitted. */
  submission(id: string): Promise<WrittenEvent | undefined>;
  /** False, with nothing written, where it was judged meanwhile. */
  judge(decision: string, judgement: Judgement): Promise<boolean>;
  /** Records that a wave began or was proved, once. */
  markWave(rollout: string, wave: number, what: 'began' | 'proved', event: AuditEvent): Promise<void>;
  setStatus(id: string, status: RolloutStatus, ending: RolloutEnding | undefined, event?: AuditEvent): Promise<void>;
  /** Does the work while no other process does any for this rollout; false where one does. */
  alone(id: string, work: () => Promise<void>): Promise<boolean>;
}

/** The holder of the private grant key. */
export interface RolloutGrantSigner {
  readonly kid: string;
  /** base64 signature over the message of a rollout grant. */
  signRollout(bytes: string): string;
}

/** Judges a signed grant of a rollout with the pinned public keys only. */
export interface RolloutGrantVerifier {
  verifyRollout(signed: SignedRolloutGrant, seq?: number): Result<RolloutGrant, { readonly why: string }>;
}
