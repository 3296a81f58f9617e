import { isUuid } from '../../domain/uuid.js';
import { personEvent } from '../../usecases/facts.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { utcText } from '../../domain/time.js';
import type { Consent } from '../../ports/consents.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor } from '../problem.js';
import { failure, route, type Route } from '../route.js';
import { ConsentsQuery } from '../schemas/queries.js';
import { ConsentBody, ReasonBody } from '../schemas/requests.js';
import { Consent as ConsentSchema, ConsentPage, Frozen } from '../schemas/responses.js';

export function adminRoutes(context: ApiContext): readonly Route[] {
  return [...consentRoutes(context), ...freezeRoutes(context)];
}

function consentRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/consents',
      summary: "Record a person's consent or statement; it is shown to the approver as a claim with your name.",
      action: 'record-consent',
      body: ConsentBody,
      answers: 201,
      answer: ConsentSchema,
      problems: ['idempotency-mismatch'],
      handle: async ({ actor, body, idempotencyKey }) => {
        const { id, name } = actor.person;
        const consent: Consent = {
          ...body,
          id: context.newId(),
          recordedBy: { id, name },
          recordedAt: new Date(),
        };
        const data = { consent: consent.id, kind: body.kind, subjectSid: body.subjectSid };
        const event = personEvent(context.newId, actor.person, 'consent.recorded', undefined, { data });
        const key = scopeOf(actor, 'POST /v1/consents', idempotencyKey, body);
        const created = await context.consents.create(key, consent, event);
        return created.ok ? { kind: 'answer', body: consentView(created.value.made) } : failure(created.error);
      },
    }),
    route({
      method: 'get',
      path: '/consents',
      summary: 'Recorded consents.',
      action: 'record-consent',
      query: ConsentsQuery,
      answers: 200,
      answer: ConsentPage,
      handle: async ({ query: { limit = DEFAULT_LIMIT, cursor, ...filter } }) => {
        const after = cursorText(cursor);
        if (after !== undefined && !isUuid(after)) return failure(invalidCursor);
        const consents = await context.consents.list({ ...filter, limit, ...(after === undefined ? {} : { after }) });
        return { kind: 'answer', body: page(consents.map(consentView), limit, ({ id }) => id) };
      },
    }),
  ];
}

function freezeRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/freeze',
      summary:
        'Freeze all new work: planning and claims. Running jobs finish the change in progress. A freeze that is there stays as it is.',
      action: 'freeze',
      body: ReasonBody,
      answers: 200,
      answer: Frozen,
      handle: async ({ actor, body: { reason } }) => {
        const event = personEvent(context.newId, actor.person, 'freeze.on', undefined, { data: {} });
        return { kind: 'answer', body: await context.freeze.set({ by: actor.person.name, reason }, event) };
      },
    }),
    route({
      method: 'delete',
      path: '/freeze',
      summary: 'Lift the freeze.',
      action: 'freeze',
      answers: 200,
      answer: Frozen,
      handle: async ({ actor }) => {
        const event = personEvent(context.newId, actor.person, 'freeze.off', undefined);
        return { kind: 'answer', body: await context.freeze.set(undefined, event) };
      },
    }),
  ];
}

const consentView = ({ recordedAt, ...consent }: Consent) => ({ ...consent, recordedAt: utcText(recordedAt) });
