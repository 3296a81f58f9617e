import type { AdmissionRequest } from '../../domain/admission-request.js';
import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import type { Envelope } from '../../domain/schedules/envelope.js';
import { standingChangeDigest, standingChangeText } from '../../domain/schedules/standing-change.js';
import type { IdempotencyKey, KeyMismatch } from '../../ports/idempotency.js';
import type { Replayed } from '../../ports/admissions.js';
import { recordRequest, type Signed } from '../admission/record-request.js';
import type { ApiContext } from '../api-context.js';
import { findSchedule } from './see-schedule.js';

export type StandingRequestFailure = KeyMismatch | Replayed | { readonly kind: 'service-token' | 'schedule-not-found' };

/**
 * Asks that an envelope counts for a schedule, in the place of the one with the digest `before`; null: that none does any more. Whether
 * it may is for `authority` to judge: the rights of who asks, the schedule, the runbook and the targets as they are.
 */
export async function requestStanding(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  idOrName: string,
  wish: { readonly before: string | null; readonly envelope: Envelope | null },
  signed: Signed,
): Promise<Result<AdmissionRequest, StandingRequestFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const schedule = await findSchedule(context, actor, idOrName);
  if (!schedule) return fail({ kind: 'schedule-not-found' });
  const change = { schedule: schedule.id, ...wish };
  const asked = {
    kind: wish.envelope ? ('approve-standing' as const) : ('withdraw-standing' as const),
    about: schedule.spec.name,
    contentDigest: standingChangeDigest(change),
    content: standingChangeText(change),
  };
  return recordRequest(context, actor, key, asked, signed);
}
