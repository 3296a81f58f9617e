import { subjectOf, type AdmissionRequest } from '../../domain/admission-request.js';
import type { AuditAction } from '../../domain/audit.js';
import type { KeyProof } from '../../domain/decision-proof.js';
import type { Actor } from '../../domain/people.js';
import { ok, type Result } from '../../domain/result.js';
import type { Replayed } from '../../ports/admissions.js';
import type { IdempotencyKey, KeyMismatch } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { onceJudged } from '../once-judged.js';

/** What a person says of every request: why, and the signature of their own key. */
export interface Signed {
  readonly reason: string;
  /** Without it the token is the proof. */
  readonly proof?: KeyProof;
}

const REQUESTED_EVENT = {
  runbook: 'runbook.admission-requested',
  target: 'target.admission-requested',
  policy: 'policy.admission-requested',
  standing: 'standing.approval-requested',
} as const satisfies Record<string, AuditAction>;

/** Records what a person asks for; `authority` judges it. Waits a little for that, so that the caller sees what is wrong with it. */
export async function recordRequest(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  asked: Pick<AdmissionRequest, 'kind' | 'about' | 'contentDigest' | 'before' | 'content'>,
  { reason, proof }: Signed,
): Promise<Result<AdmissionRequest, KeyMismatch | Replayed>> {
  const { kind, about, contentDigest } = asked;
  const request = {
    id: context.newId(),
    ...asked,
    person: actor.person,
    reason,
    proof: proof ?? ({ kind: 'token', tokenId: actor.tokenId } as const),
  } as const;
  const subject = subjectOf(kind);
  const data = {
    ...{ request: request.id, kind, contentSha256: contentDigest ?? null },
    ...(subject === 'runbook' ? { runbook: about } : { about }),
  };
  const event = personEvent(context.newId, actor.person, REQUESTED_EVENT[subject], undefined, { data });
  const created = await context.admissionRequests.create(key, request, event);
  if (!created.ok) return created;
  return ok(
    await onceJudged(
      () => lookAt(context, created.value.made),
      ({ status }) => status !== 'new',
    ),
  );
}

async function lookAt({ admissionRequests }: ApiContext, id: string): Promise<AdmissionRequest> {
  const request = await admissionRequests.get(id);
  if (!request) throw new Error(`the request ${id} is not stored`);
  return request;
}
