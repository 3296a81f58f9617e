import { signedProblem, type KeyProof, type KeyProofCode, type RegisteredKey } from './decision-proof.js';
import type { OnFailure } from './job.js';
import { labelled } from './person-key.js';

/** What an approver signs about a rollout: this request, and exactly the plans under this root. */
export interface RolloutFacts {
  readonly rollout: string;
  /** Digest of the request (`rolloutDigest`): selection, waves, budget, window. */
  readonly request: string;
  /** Of the list of plans (`listRoot`), and how many it has. */
  readonly root: string;
  readonly count: number;
  readonly decision: 'approve' | 'reject';
  readonly reasonDigest: string;
  /** UTC text; null where the approver set none. Nothing starts after it. */
  readonly executeBy: string | null;
  readonly onFailure: OnFailure | null;
}

/** What somebody signs who ends pauses of a rollout that was approved. */
export interface ResumeFacts {
  readonly rollout: string;
  /** Of the grant under which the rollout runs. */
  readonly grant: string;
  /** Ids of the pauses that end; one that is written later holds. */
  readonly ends: readonly string[];
  /** Indexes of items that are started no more, and whose results do not count against the budget. */
  readonly exclude: readonly number[];
  readonly reasonDigest: string;
}

type Once = Pick<KeyProof, 'nonce' | 'at'>;

/** Ed25519 over `fixpoint-rollout-decision-v1\0` and the canonical JSON of the facts, and of `nonce` and `at`. */
export function rolloutDecisionMessage(facts: RolloutFacts, { nonce, at }: Once): Buffer {
  const { rollout, request, root, count, decision, reasonDigest, executeBy, onFailure } = facts;
  return labelled('fixpoint-rollout-decision-v1', {
    ...{ rollout, request, root, count, decision, reasonDigest, executeBy, onFailure },
    ...{ nonce, at },
  });
}

/** Ed25519 over `fixpoint-rollout-resume-v1\0` and the canonical JSON of the facts, and of `nonce` and `at`. */
export function resumeMessage(
  { rollout, grant, ends, exclude, reasonDigest }: ResumeFacts,
  { nonce, at }: Once,
): Buffer {
  return labelled('fixpoint-rollout-resume-v1', { rollout, grant, ends, exclude, reasonDigest, nonce, at });
}

/** Why a signature does not show that this person decided exactly this about a rollout; undefined where it does. */
export function rolloutProofProblem(
  proof: KeyProof,
  facts: RolloutFacts,
  person: string,
  registered: RegisteredKey | undefined,
): KeyProofCode | undefined {
  return signedProblem(proof, rolloutDecisionMessage(facts, proof), person, registered);
}
