import { canonicalJson } from './canonical.js';
import type { DecidedFacts, GrantedKeyProof, TokenProof } from './decision-proof.js';
import type { Job, OnFailure } from './job.js';
import type { PersonRef } from './people.js';
import type { ChangeClass, Manifest } from './manifest.js';
import type { PlannedChange } from './plan.js';

/** The signed approval, version 2: Ed25519 over `fixpoint-grant-v1\0` and the canonical bytes of these fields. Times are UTC text. */
export interface Grant {
  /** 1: of a version that did not bind the request. */
  readonly v: 1 | 2;
  /** Unique; its first use is recorded before the first change. */
  readonly jti: string;
  /** The worker pool that may act on it. */
  readonly aud: string;
  readonly job: string;
  readonly runbook: { readonly id: string; readonly version: string; readonly contentSha256: string };
  /** Whether it applies a plan or puts one back, and the digest of the request (`jobDigest`): absent in version 1. */
  readonly kind?: Job['kind'];
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
