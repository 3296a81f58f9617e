import { canonicalJson } from './canonical.js';
import {
  keyProofProblem,
  type DecidedFacts,
  type GrantedKeyProof,
  type KeyProofCode,
  type RegisteredKey,
  type TokenProof,
} from './decision-proof.js';
import type { Job, OnFailure } from './job.js';
import type { PersonRef } from './people.js';
import type { ChangeClass, Manifest } from './manifest.js';
import type { PlannedChange } from './plan.js';
import { rolloutProofProblem, type RolloutFacts } from './rollout-decision.js';
import { isListed } from './rollout-list.js';

/** The signed approval: Ed25519 over `fixpoint-grant-v1\0` and the canonical bytes of these fields. Times are UTC text. */
export interface Grant {
  /** 1: of a version that did not bind the request. 3: of a job of a rollout, with `rollout`. Every other: 2. */
  readonly v: 1 | 2 | 3;
  /** Unique; its first use is recorded before the first change. */
  readonly jti: string;
  /** The worker pool that may act on it. */
  readonly aud: string;
  readonly job: string;
  readonly runbook: { readonly id: string; readonly version: string; readonly contentSha256: string };
  /** Whether it applies a plan or puts one back, and the digest of the request (`jobDigest`): absent in version 1. */
  readonly kind?: Exclude<Job['kind'], 'scan'>;
  readonly requestSha256?: string;
  readonly parametersSha256: string;
  readonly target: { readonly id: string; readonly name: string; readonly tier: number };
  readonly targetSha256: string;
  readonly planSha256: string;
  readonly locks: readonly string[];
  readonly credentials: { readonly detect: string; readonly apply: string; readonly scopeSha256: string };
  readonly changeClasses: readonly ChangeClass[];
  readonly onFailure: OnFailure;
  readonly limits: { readonly maxChanges: number };
  readonly ticket: string | null;
  readonly requester: PersonRef;
  readonly approvals: readonly GrantedApproval[];
  /** In the place of approvals: the standing approval that covers the plan. */
  readonly standing?: GrantedStanding;
  /** SHA-256 of the people file by which `authority` judged. */
  readonly policySha256: string;
  readonly notBefore: string;
  readonly executeBy: string;
  readonly maxExecutions: 1;
  readonly kid: string;
  /** Of a job of a rollout: what was approved in place of its plan alone, and that its plan is part of that. */
  readonly rollout?: GrantedRollout;
}

/** Where the plan of a grant stands in the list that people approved. The approvals of the grant are over that list. */
export interface GrantedRollout {
  readonly id: string;
  /** The grant of the rollout from which this one was issued. */
  readonly grant: string;
  /** Digest of the request of the rollout. */
  readonly requestSha256: string;
  readonly root: string;
  readonly count: number;
  /** Place in the frozen selection. */
  readonly index: number;
  /** Place in the list, and the hashes (hex) that lead from it to the root. */
  readonly position: number;
  readonly proof: readonly string[];
  readonly wave: number;
}

export interface GrantedStanding {
  /** Id of the schedule, and which of its instants is used up. */
  readonly schedule: string;
  readonly instant: string;
  /** Id of the statement that `authority` signed for it, and the digest of the envelope. */
  readonly admission: string;
  readonly envelopeSha256: string;
}

export interface GrantedApproval {
  readonly person: PersonRef;
  readonly decidedAt: string;
  readonly reasonSha256: string;
  /** `key`: the approver's own signature, verified again by whoever acts on the grant (docs/architecture.md). */
  readonly proof: TokenProof | GrantedKeyProof;
}

/** What the approver signed, from the bytes of the grant. */
export function approvedFacts(
  { job, planSha256: planDigest }: Pick<Grant, 'job' | 'planSha256'>,
  reasonDigest: string,
  { executeBy, onFailure }: GrantedKeyProof,
): DecidedFacts {
  return { job, planDigest, decision: 'approve', reasonDigest, executeBy, onFailure };
}

/** What the approver of a rollout signed, from the bytes of the grant of one of its jobs or of the rollout. */
export function approvedRollout(
  { id, requestSha256: request, root, count }: Pick<GrantedRollout, 'id' | 'requestSha256' | 'root' | 'count'>,
  reasonDigest: string,
  { executeBy, onFailure }: GrantedKeyProof,
): RolloutFacts {
  return { rollout: id, request, root, count, decision: 'approve', reasonDigest, executeBy, onFailure };
}

/** Whether the plan of a grant is in the list that its approvals are over; true for a grant of a single job. */
export function isInItsList({
  job,
  planSha256: plan,
  rollout,
}: Pick<Grant, 'job' | 'planSha256' | 'rollout'>): boolean {
  return rollout === undefined || isListed({ index: rollout.index, job, plan }, rollout);
}

/** Why the signature of an approver in a grant does not hold: over the plan, or over the list of the rollout. Undefined where it does. */
export function approvalProofProblem(
  grant: Pick<Grant, 'job' | 'planSha256' | 'rollout'>,
  { person, reasonSha256 }: Pick<GrantedApproval, 'person' | 'reasonSha256'>,
  proof: GrantedKeyProof,
  registered: RegisteredKey | undefined,
): KeyProofCode | undefined {
  return grant.rollout === undefined
    ? keyProofProblem(proof, approvedFacts(grant, reasonSha256, proof), person.id, registered)
    : rolloutProofProblem(proof, approvedRollout(grant.rollout, reasonSha256, proof), person.id, registered);
}

export interface SignedGrant {
  readonly jti: string;
  readonly job: string;
  /** Canonical JSON of `Grant`; verified and read from these bytes only. */
  readonly bytes: string;
  /** base64 */
  readonly signature: string;
  readonly kid: string;
  readonly revokedAt?: Date;
}

export function grantBytes(grant: Grant): string {
  return canonicalJson(grant);
}

/** The classes of the changes of a plan, each once; what the manifest does not name counts as the worst. */
export function changeClasses(
  changes: readonly Pick<PlannedChange, 'action'>[],
  { actions }: Pick<Manifest, 'actions'>,
): readonly ChangeClass[] {
  return [...new Set(changes.map(({ action }) => actions[action]?.class ?? 'irreversible'))].sort();
}

/** What is signed. */
export function grantMessage(bytes: string): Buffer {
  return Buffer.from(`fixpoint-grant-v1\0${bytes}`, 'utf8');
}
