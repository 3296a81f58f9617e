import type { Code } from '../../../domain/codes/index.js';
import { MOST_SIGNED_APART_MS, signedProblem, type KeyProof } from '../../../domain/decision-proof.js';
import { reasonDigest, type Salt } from '../../../domain/digest.js';
import { resumeMessage, rolloutDecisionMessage, type RolloutFacts } from '../../../domain/rollout-decision.js';
import { rolloutDigest, type RolloutRequest } from '../../../domain/rollouts/request.js';
import { utcText } from '../../../domain/time.js';
import type { RolloutDecision } from '../../../ports/rollouts.js';
import type { ProvenDecision } from '../../decide/make-grant.js';
import { isProvenBy } from '../../decide/refusal.js';
import { registeredKey } from '../../keys/registered-key.js';
import type { RolloutAuthority } from './context.js';

/** What a signature of this decision is over. */
export type MessageOf = (row: RolloutDecision, once: Pick<KeyProof, 'nonce' | 'at'>) => Buffer;

/** Of an approval or a rejection: this request and the list under this root. */
export const aboutList =
  (rollout: RolloutRequest, count: number): MessageOf =>
  (row, once) =>
    rolloutDecisionMessage(listFacts(rollout, count, row), once);

function listFacts(rollout: RolloutRequest, count: number, row: RolloutDecision): RolloutFacts {
  const { kind, root = '', reason, executeBy, onFailure = null } = row;
  return {
    ...{ rollout: rollout.id, request: rolloutDigest(rollout), root, count },
    decision: kind === 'reject' ? 'reject' : 'approve',
    reasonDigest: reasonDigest(reason, rollout.salt),
    executeBy: executeBy ? utcText(executeBy) : null,
    onFailure,
  };
}

/** Of a resume: the pauses that end under this grant. */
export const aboutPauses =
  (rollout: string, grant: string, salt: Salt): MessageOf =>
  ({ ends, exclude, reason }, once) =>
    resumeMessage({ rollout, grant, ends, exclude, reasonDigest: reasonDigest(reason, salt) }, once);

/** Why a row does not show that its person decided it; undefined where it does. `isFirst`: it was not judged before. */
export async function proofProblem(
  context: Pick<RolloutAuthority, 'keys' | 'registrations' | 'tokens' | 'keyRequired'>,
  row: RolloutDecision,
  messageOf: MessageOf,
  isFirst: boolean,
): Promise<Code | undefined> {
  const { proof, person, decidedAt } = row;
  if (proof.kind === 'token') {
    if (context.keyRequired) return 'key-required';
    return isProvenBy(await context.tokens.find(proof.tokenId), person.id, decidedAt) ? undefined : 'proof-invalid';
  }
  if (isFirst && (await context.keys.isNonceUsed(proof.nonce))) return 'decision-replayed';
  const problem = signedProblem(proof, messageOf(row, proof), person.id, await registeredKey(context, proof));
  if (problem !== undefined) return problem;
  return Math.abs(decidedAt.getTime() - Date.parse(proof.at)) <= MOST_SIGNED_APART_MS ? undefined : 'decision-stale';
}

/** A decision that was judged, with the registration of the key that signed it. */
export async function provenDecision(
  context: Pick<RolloutAuthority, 'keys' | 'registrations'>,
  row: RolloutDecision,
): Promise<ProvenDecision> {
  const key = row.proof.kind === 'key' ? await registeredKey(context, row.proof) : undefined;
  return { row, ...(key ? { registration: key.key.id } : {}) };
}

/** A signature is used up by its judgement: one that was refused is not judged again once it would be accepted. */
export const nonceOf = ({ proof }: Pick<RolloutDecision, 'proof'>): { readonly nonce?: string } =>
  proof.kind === 'key' ? { nonce: proof.nonce } : {};
