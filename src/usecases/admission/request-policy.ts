import type { AdmissionRequest } from '../../domain/admission-request.js';
import type { Actor } from '../../domain/people.js';
import { policyChangeDigest, policyChangeText, type PolicyChange } from '../../domain/policy-change.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import { THE_POLICY } from '../../domain/subject-admission.js';
import type { Replayed } from '../../ports/admissions.js';
import type { IdempotencyKey, KeyMismatch } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { recordRequest, type Signed } from './record-request.js';

export type PolicyRequestFailure = Denial | KeyMismatch | Replayed | { readonly kind: 'service-token' };

/** Asks that this policy counts in place of the one that counts now; another person confirms it. */
export async function requestPolicy(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  change: PolicyChange,
  signed: Signed,
): Promise<Result<AdmissionRequest, PolicyRequestFailure>> {
  const denial = (await context.rights.read()).denial({ action: 'admit-policy', person: actor.person });
  if (denial) return fail(denial);
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const content = policyChangeText(change);
  const contentDigest = policyChangeDigest(change);
  const asked = { kind: 'admit-policy', about: THE_POLICY, contentDigest, content } as const;
  return recordRequest(context, actor, key, asked, signed);
}
