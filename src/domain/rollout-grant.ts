import { canonicalJson, type ValueObject } from './canonical.js';
import type { GrantedApproval } from './grant.js';
import type { OnFailure } from './job.js';
import type { ChangeClass } from './manifest.js';
import type { PersonRef } from './people.js';

/**
 * The signed approval of a rollout, from which `authority` issues the grants of its jobs: Ed25519 over `fixpoint-rollout-grant-v1\0` and
 * the canonical bytes of these fields. Times are UTC text.
 */
export interface RolloutGrant {
  readonly v: 1;
  readonly jti: string;
  readonly rollout: string;
  readonly runbook: { readonly id: string; readonly version: string; readonly contentSha256: string };
  /** Digest of the request, which covers the frozen selection (`rolloutDigest`). */
  readonly requestSha256: string;
  /** Of the list of plans, and how many it has: no other plan is ever started. */
  readonly root: string;
  readonly count: number;
  /** Waves, budget, how many at once and window, as they were submitted (`declarationValue`). */
  readonly declaration: ValueObject;
  readonly changeClasses: readonly ChangeClass[];
  readonly onFailure: OnFailure;
  readonly requester: PersonRef;
  readonly approvals: readonly GrantedApproval[];
  /** Approvals that the list needed, and a resume of a gate needs. Absent in a grant of a version that took one for a resume. */
  readonly needed?: number;
  readonly policySha256: string;
  readonly notBefore: string;
  /** Nothing starts from then on. */
  readonly until: string;
  readonly kid: string;
}

/** As it is stored and stands in the audit log. It is verified and read from `bytes` only. */
export interface SignedRolloutGrant {
  readonly jti: string;
  readonly rollout: string;
  /** Canonical JSON of `RolloutGrant`. */
  readonly bytes: string;
  /** base64 */
  readonly signature: string;
  readonly kid: string;
}

export const rolloutGrantBytes = (grant: RolloutGrant): string => canonicalJson(grant);

/** What is signed. */
export function rolloutGrantMessage(bytes: string): Buffer {
  return Buffer.from(`fixpoint-rollout-grant-v1\0${bytes}`, 'utf8');
}
