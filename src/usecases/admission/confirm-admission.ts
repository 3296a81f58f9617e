import { subjectOf, type AdmissionRequest, type AdmissionVote } from '../../domain/admission-request.js';
import type { KeyProof } from '../../domain/decision-proof.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { readTargetChanges, targetsTouched } from '../../domain/target-change.js';
import type { Replayed } from '../../ports/admissions.js';
import type { ApiContext } from '../api-context.js';
import { onceJudged } from '../once-judged.js';

export interface ConfirmWish {
  readonly decision: AdmissionVote['decision'];
  /** Of the version that the person read. */
  readonly contentDigest: string;
  readonly reason: string;
  /** The signature of the person's own key; without it the token is the proof. */
  readonly proof?: KeyProof;
}

/** Why the proof of a decision does not count. */
export const VOTE_CODES = [
  ...(['proof-invalid', 'key-required', 'key-unknown', 'key-revoked', 'signature-invalid', 'decision-stale'] as const),
] as const;
type VoteCode = (typeof VOTE_CODES)[number];

export type ConfirmFailure =
  | Denial
  | { readonly kind: 'service-token' | 'not-found' | 'own-request' | 'version-changed' | VoteCode }
  | Replayed
  | { readonly kind: 'request-ended'; readonly status: AdmissionRequest['status'] };

/** Records what another person says to a request, about exactly the version that they read. `authority` judges it and signs. */
export async function confirmAdmission(
  context: ApiContext,
  actor: Actor,
  id: string,
  wish: ConfirmWish,
): Promise<Result<AdmissionRequest, ConfirmFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const request = await context.admissionRequests.get(id);
  if (!request) return fail({ kind: 'not-found' });
  const denial = await denialOf(context, actor, request);
  if (denial) return fail(denial);
  if (request.status !== 'open') return fail({ kind: 'request-ended', status: request.status });
  if (wish.decision === 'confirm' && request.person.id === actor.person.id) return fail({ kind: 'own-request' });
  const read = wish.contentDigest;
  if (read !== request.contentDigest) return fail({ kind: 'version-changed' });
  const vote = {
    id: context.newId(),
    request: id,
    contentDigest: read,
    decision: wish.decision,
    person: actor.person,
    reason: wish.reason,
    proof: wish.proof ?? ({ kind: 'token', tokenId: actor.tokenId } as const),
  } as const;
  const recorded = await context.admissionRequests.vote(vote);
  if (!recorded.ok) return recorded;
  const judged = await onceJudged(
    () => context.admissionRequests.findVote(vote.id),
    (row) => row?.status !== 'pending',
  );
  const now = (await context.admissionRequests.get(id)) ?? request;
  // What is wrong with the request stands in it.
  return judged?.status === 'refused' && now.status !== 'refused' ? fail(refusalOf(judged.code)) : ok(now);
}

/** Whoever decides needs the right to ask for the same. */
async function denialOf(
  { rights, inventory }: ApiContext,
  { person }: Actor,
  request: AdmissionRequest,
): Promise<Denial | undefined> {
  const now = await rights.read();
  const subject = subjectOf(request.kind);
  if (subject === 'policy') return now.denial({ action: 'admit-policy', person });
  // Whether this person approves such jobs is judged by `authority` from schedule, runbook and target.
  if (subject === 'standing') return now.denialAnywhere(person, 'decide');
  if (subject !== 'target') return now.denial({ action: 'admit-runbooks', person });
  const changes = readTargetChanges(request.content);
  for (const target of targetsTouched(changes, await inventory.find(changes.map(({ id }) => id)))) {
    const denial = now.denial({ action: 'edit-targets', person, target });
    if (denial) return denial;
  }
  return undefined;
}

function refusalOf(code: string | undefined): ConfirmFailure {
  const known = (['own-request', 'version-changed', ...VOTE_CODES] as const).find((each) => each === code);
  if (known !== undefined) return { kind: known };
  if (code === 'request-ended') return { kind: code, status: 'done' };
  return { kind: 'not-allowed', action: 'admit-runbooks', rule: 'authority', why: 'authority refused the decision' };
}
