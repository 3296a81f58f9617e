import type { Envelope } from '../../domain/schedules/envelope.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { requestStanding } from '../../usecases/schedules/request-standing.js';
import { findSchedule } from '../../usecases/schedules/see-schedule.js';
import { envelopeInForce } from '../../usecases/standing/standing-approval.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { failure, route, type Route } from '../route.js';
import { Admission } from '../schemas/admissions.js';
import { StandingBody, StandingInForce } from '../schemas/standing.js';
import { shownRequest } from './admissions.js';

/** Approvals in advance: asked for here, and confirmed by the decision of the request. */
export function standingRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/schedules/:id/standing',
      summary:
        'The standing approval of a schedule that counts now: its envelope and who approved it; null where there is none.',
      action: 'read-schedules',
      answers: 200,
      answer: StandingInForce,
      problems: ['schedule-not-found'],
      handle: async ({ actor, id }) => {
        const schedule = await findSchedule(context, actor, id);
        if (!schedule) return failure({ kind: 'schedule-not-found' });
        const inForce = await envelopeInForce(context, schedule.id);
        const { sha256 = null, by = [] } = inForce?.statement ?? {};
        const people = by.map(({ person }) => ({ id: person.id, name: person.name }));
        const body = { schedule: schedule.id, sha256, envelope: inForce?.envelope ?? null, by: people };
        return { kind: 'answer', body };
      },
    }),
    route({
      method: 'post',
      path: '/schedules/:id/standing',
      summary:
        'Ask for a standing approval of a schedule, which an approver confirms; without an envelope, withdraw the one that counts.',
      action: 'read-schedules',
      body: StandingBody,
      answers: 201,
      answer: Admission,
      problems: ['service-token', 'schedule-not-found', 'idempotency-mismatch', 'decision-replayed'],
      handle: async ({ actor, id, body, idempotencyKey }) => {
        const key = scopeOf(actor, `POST /v1/schedules/${id}/standing`, idempotencyKey, body);
        const { before, envelope, ...signed } = body;
        const wish = { before, envelope: envelope as Envelope | null };
        const asked = await requestStanding(context, actor, key, id, wish, signed);
        return asked.ok ? { kind: 'answer', body: shownRequest(asked.value) } : failure(asked.error);
      },
    }),
  ];
}
