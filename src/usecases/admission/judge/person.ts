import type { AdmittingPerson } from '../../../domain/admitting-person.js';
import {
  admissionVoteMessage,
  type AdmissionFacts,
  type AdmissionRequest,
  type AdmissionVote,
} from '../../../domain/admission-request.js';
import type { Code } from '../../../domain/codes/index.js';
import { MOST_SIGNED_APART_MS, signedProblem } from '../../../domain/decision-proof.js';
import { reasonDigest } from '../../../domain/digest.js';
import type { Person } from '../../../domain/people.js';
import { utcText } from '../../../domain/time.js';
import { registeredKey } from '../../keys/registered-key.js';
import type { By, JudgeContext } from './context.js';

/** What a row is said to be signed for. */
export function factsOf(
  { kind, about, contentDigest, before = null, reason }: AdmissionRequest,
  vote?: Pick<AdmissionVote, 'decision' | 'reason'>,
): AdmissionFacts {
  const decision = vote?.decision ?? 'request';
  return { kind, about, contentDigest: contentDigest ?? null, before, decision, reason: vote?.reason ?? reason };
}

/**
 * Why a row does not count as what this person said; undefined where it does.
 * @param at when the row was written
 */
export async function personProblem(
  context: JudgeContext,
  { person: { id }, proof }: Pick<AdmissionVote, 'person' | 'proof'>,
  facts: AdmissionFacts,
  at: Date,
  { people }: By,
  isDenied: (person: Person) => Promise<boolean>,
): Promise<Code | undefined> {
  const person = people.find(id);
  if (!person || (await isDenied(person))) return 'not-allowed';
  if (proof.kind === 'token')
    return context.keyRequired ? 'key-required' : tokenProblem(context, id, proof.tokenId, at);
  const registered = await registeredKey(context, { kid: proof.kid });
  const problem = signedProblem(proof, admissionVoteMessage(facts, proof), id, registered);
  if (problem !== undefined) return problem;
  return Math.abs(at.getTime() - Date.parse(proof.at)) <= MOST_SIGNED_APART_MS ? undefined : 'decision-stale';
}

async function tokenProblem(
  { tokens }: JudgeContext,
  person: string,
  tokenId: string,
  at: Date,
): Promise<Code | undefined> {
  const token = await tokens.find(tokenId);
  const proven =
    token?.kind === 'personal' &&
    token.person === person &&
    token.createdAt <= at &&
    token.expiresAt > at &&
    !(token.revokedAt && token.revokedAt <= at);
  return proven ? undefined : 'proof-invalid';
}

/** Those who asked and confirmed, as a statement names them. */
export function admittingPeople(
  request: AdmissionRequest,
  vote: AdmissionVote | undefined,
): readonly AdmittingPerson[] {
  const asked = admitting(request, request.requestedAt);
  return vote === undefined ? [asked] : [asked, admitting(vote, vote.decidedAt)];
}

function admitting({ person, reason, proof }: AdmissionRequest | AdmissionVote, at: Date): AdmittingPerson {
  return { person, decidedAt: utcText(at), reasonSha256: reasonDigest(reason, undefined), proof };
}
