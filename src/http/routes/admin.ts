import { isUuid } from '../../domain/uuid.js';
import { personEvent } from '../../usecases/facts.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { TRANSPORTS, type Target } from '../../domain/target.js';
import { utcText } from '../../domain/time.js';
import type { Consent } from '../../ports/consents.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { etagOf, matches } from '../etag.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor, type Failure } from '../problem.js';
import { failure, route, type Route } from '../route.js';
import { ConsentsQuery, IfMatch, PageQuery } from '../schemas/queries.js';
import { ConsentBody, ReasonBody, TargetBody, TargetPatch } from '../schemas/requests.js';
import {
  Consent as ConsentSchema,
  ConsentPage,
  Frozen,
  Target as TargetSchema,
  TargetPage,
} from '../schemas/responses.js';

const about = (target: Target) => ({ data: { targetId: target.id, targetName: target.name } });

export function adminRoutes(context: ApiContext): readonly Route[] {
  return [...targetRoutes(context), ...consentRoutes(context), ...freezeRoutes(context)];
}

function targetRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/targets',
      summary: 'The inventory, by name.',
      action: 'signed-in',
      query: PageQuery,
      answers: 200,
      answer: TargetPage,
      handle: async ({ query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const after = cursorText(cursor);
        const stored = await context.inventory.list({ limit, ...(after === undefined ? {} : { after }) });
        const targets = stored.map(({ target }) => target);
        return { kind: 'answer', body: page(targets, limit, ({ name }) => name) };
      },
    }),
    route({
      method: 'get',
      path: '/targets/:id',
      summary: 'One target.',
      action: 'signed-in',
      answers: 200,
      answer: TargetSchema,
      problems: ['target-not-found'],
      handle: async ({ id }) => {
        const stored = await context.inventory.get(id);
        if (!stored) return failure({ kind: 'target-not-found' });
        return { kind: 'answer', body: stored.target, headers: { ETag: etagOf(stored.revision) } };
      },
    }),
    route({
      method: 'post',
      path: '/targets',
      summary: 'Add a target.',
      action: 'edit-targets',
      body: TargetBody,
      answers: 201,
      answer: TargetSchema,
      problems: ['transport-not-allowed', 'local-refused', 'name-taken', 'host-key-taken', 'idempotency-mismatch'],
      handle: async ({ actor, body, idempotencyKey }) => {
        const target: Target = { ...body, settings: body.settings ?? {}, id: context.newId() };
        const unfit = misfit(context, target);
        if (unfit) return failure(unfit);
        const event = personEvent(context.newId, actor.person, 'target.created', undefined, about(target));
        const key = scopeOf(actor, 'POST /v1/targets', idempotencyKey, body);
        const created = await context.inventory.create(key, target, event);
        if (!created.ok) return failure(created.error);
        const { made } = created.value;
        return { kind: 'answer', body: made, headers: { Location: `/v1/targets/${made.id}` } };
      },
    }),
    route({
      method: 'patch',
      path: '/targets/:id',
      summary: 'Change a target; jobs that were submitted for the old one stop. If-Match guards against a lost update.',
      action: 'edit-targets',
      body: TargetPatch,
      headers: IfMatch,
      answers: 200,
      answer: TargetSchema,
      problems: ['target-not-found', 'transport-not-allowed', 'etag-mismatch', 'name-taken', 'host-key-taken'],
      handle: async ({ actor, id, body, headers, sent }) => {
        const stored = await context.inventory.get(id);
        if (!stored) return failure({ kind: 'target-not-found' });
        if (!matches(headers['If-Match'], stored.revision)) return failure({ kind: 'etag-mismatch' });
        const target = { ...stored.target, ...given(body, sent) };
        const unfit = misfit(context, target);
        if (unfit) return failure(unfit);
        const event = personEvent(context.newId, actor.person, 'target.changed', undefined, about(target));
        const replaced = await context.inventory.replace(target, stored.revision, event);
        if (!replaced.ok) return failure(replaced.error);
        return { kind: 'answer', body: replaced.value.target, headers: { ETag: etagOf(replaced.value.revision) } };
      },
    }),
    route({
      method: 'delete',
      path: '/targets/:id',
      summary: 'Remove a target from the inventory. If-Match guards what somebody else has changed meanwhile.',
      action: 'edit-targets',
      headers: IfMatch,
      answers: 204,
      problems: ['target-not-found', 'etag-mismatch'],
      handle: async ({ actor, id, headers }) => {
        const stored = await context.inventory.get(id);
        if (!stored) return failure({ kind: 'target-not-found' });
        const match = headers['If-Match'];
        if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
        const event = personEvent(context.newId, actor.person, 'target.deleted', undefined, about(stored.target));
        const removed = await context.inventory.remove(id, match === undefined ? undefined : stored.revision, event);
        return removed.ok ? { kind: 'answer', body: undefined } : failure(removed.error);
      },
    }),
  ];
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

/** Why a target may not be stored as it is; undefined when it may. */
function misfit(context: ApiContext, { kind, transport }: Target): Failure | undefined {
  const allowed = TRANSPORTS[kind];
  if (!allowed.includes(transport.type)) return { kind: 'transport-not-allowed', target: kind, allowed };
  return transport.type === 'local' && !context.settings.allowLocal ? { kind: 'local-refused' } : undefined;
}

/** The members that a patch really names: the rules of shape make an absent list an empty one, which would wipe it out. */
function given(patch: Partial<Target>, sent: unknown): Partial<Target> {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => Object.hasOwn(sent as object, name)));
}
