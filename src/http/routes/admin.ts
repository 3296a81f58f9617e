import { personFact } from '../../usecases/facts.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { TRANSPORTS, type Target } from '../../domain/target.js';
import type { Consent } from '../../ports/consents.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { sendFailure, sendProblem } from '../problem.js';
import { cursorIn, limitIn, page, textIn, type Route, type RouteContext } from '../routing.js';
import { ConsentBody, ReasonBody, TargetBody, TargetPatch } from '../schemas/requests.js';

export function adminRoutes(context: ApiContext): readonly Route[] {
  const about = (target: Target) => ({ data: { targetId: target.id, targetName: target.name } });
  return [
    {
      method: 'get',
      path: '/targets',
      summary: 'The inventory, by name.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ request, response }) => {
        const limit = limitIn(request);
        const after = cursorIn(request);
        const stored = await context.inventory.list({ limit, ...(after === undefined ? {} : { after }) });
        response.json(
          page(
            stored.map(({ target }) => target),
            limit,
            ({ name }) => name,
          ),
        );
      },
    },
    {
      method: 'get',
      path: '/targets/:id',
      summary: 'One target.',
      action: 'signed-in',
      answers: 200,
      handle: async ({ request, response }) => {
        const stored = await context.inventory.get(String(request.params.id));
        if (!stored) return sendFailure(response, { kind: 'target-not-found' });
        response.setHeader('ETag', `"${stored.revision}"`);
        response.json(stored.target);
      },
    },
    {
      method: 'post',
      path: '/targets',
      summary: 'Add a target.',
      action: 'edit-targets',
      body: TargetBody,
      answers: 201,
      handle: async ({ actor, body, idempotencyKey, response }) => {
        const given = body as Omit<Target, 'id' | 'settings'> & Partial<Pick<Target, 'settings'>>;
        const target: Target = { ...given, settings: given.settings ?? {}, id: context.newId() };
        if (!fits(context, target, response)) return;
        const event = personFact(context.newId, actor.person, 'target.created', undefined, about(target));
        const key = scopeOf(actor, 'POST /v1/targets', idempotencyKey, body);
        const created = await context.inventory.create(key, target, event);
        if (!created.ok) return sendFailure(response, created.error);
        const { made } = created.value;
        response.location(`/v1/targets/${made.id}`).status(201).json(made);
      },
    },
    {
      method: 'patch',
      path: '/targets/:id',
      summary: 'Change a target; jobs that were submitted for the old one stop. If-Match guards against a lost update.',
      action: 'edit-targets',
      body: TargetPatch,
      answers: 200,
      handle: async ({ actor, body, request, response }) => {
        const stored = await context.inventory.get(String(request.params.id));
        if (!stored) return sendFailure(response, { kind: 'target-not-found' });
        const match = request.headers['if-match'];
        const revision = match === undefined ? stored.revision : Number(match.replaceAll('"', ''));
        const target = { ...stored.target, ...given(body as Partial<Target>, request.body) };
        if (!fits(context, target, response)) return;
        const event = personFact(context.newId, actor.person, 'target.changed', undefined, about(target));
        const replaced = await context.inventory.replace(target, revision, event);
        if (!replaced.ok) return sendFailure(response, replaced.error);
        response.setHeader('ETag', `"${replaced.value.revision}"`);
        response.json(replaced.value.target);
      },
    },
    {
      method: 'delete',
      path: '/targets/:id',
      summary: 'Remove a target from the inventory.',
      action: 'edit-targets',
      answers: 204,
      handle: async ({ actor, request, response }) => {
        const stored = await context.inventory.get(String(request.params.id));
        const event =
          stored && personFact(context.newId, actor.person, 'target.deleted', undefined, about(stored.target));
        if (!event || !(await context.inventory.remove(stored.target.id, event)))
          return sendFailure(response, { kind: 'target-not-found' });
        response.status(204).end();
      },
    },
    {
      method: 'post',
      path: '/consents',
      summary: "Record a person's consent or statement; it is shown to the approver as a claim with your name.",
      action: 'record-consent',
      body: ConsentBody,
      answers: 201,
      handle: async ({ actor, body, idempotencyKey, response }) => {
        const { kind, subjectSid, evidence } = body as Pick<Consent, 'kind' | 'subjectSid' | 'evidence'>;
        const { id, name } = actor.person;
        const consent = {
          id: context.newId(),
          kind,
          subjectSid,
          evidence,
          recordedBy: { id, name },
          recordedAt: new Date(),
        };
        const data = { consent: consent.id, kind, subjectSid };
        const event = personFact(context.newId, actor.person, 'consent.recorded', undefined, { data });
        const key = scopeOf(actor, 'POST /v1/consents', idempotencyKey, body);
        const created = await context.consents.create(key, consent, event);
        if (!created.ok) return sendFailure(response, created.error);
        response.status(201).json(created.value.made);
      },
    },
    {
      method: 'get',
      path: '/consents',
      summary: 'Recorded consents.',
      action: 'record-consent',
      answers: 200,
      handle: async ({ request, response }) => {
        const limit = limitIn(request);
        const subjectSid = textIn(request, 'subjectSid');
        const after = cursorIn(request);
        const valid = after === undefined || /^[0-9a-f-]{36}$/.test(after);
        const items = valid
          ? await context.consents.list({
              limit,
              ...(subjectSid === undefined ? {} : { subjectSid }),
              ...(after === undefined ? {} : { after }),
            })
          : [];
        response.json(page(items, limit, ({ id }) => id));
      },
    },
    {
      method: 'post',
      path: '/freeze',
      summary: 'Freeze all new work: planning and claims. Running jobs finish the change in progress.',
      action: 'freeze',
      body: ReasonBody,
      answers: 200,
      handle: async ({ actor, body, response }) => {
        const { reason } = body as { reason: string };
        const event = personFact(context.newId, actor.person, 'freeze.on', undefined, { data: {} });
        response.json(await context.freeze.set({ by: actor.person.name, reason }, event));
      },
    },
    {
      method: 'delete',
      path: '/freeze',
      summary: 'Let work go on.',
      action: 'freeze',
      answers: 200,
      handle: async ({ actor, response }) =>
        void response.json(
          await context.freeze.set(undefined, personFact(context.newId, actor.person, 'freeze.off', undefined)),
        ),
    },
  ];
}

function fits(context: ApiContext, target: Target, response: RouteContext['response']): boolean {
  const allowed = TRANSPORTS[target.kind];
  if (!allowed.includes(target.transport.type)) {
    sendProblem(response, 400, 'transport-not-allowed', {
      detail: `A target of kind ${target.kind} supports the transport ${allowed.join(' or ') || '(none yet)'}.`,
    });
    return false;
  }
  if (target.transport.type === 'local' && !context.settings.allowLocal) {
    sendFailure(response, { kind: 'local-refused' });
    return false;
  }
  return true;
}

/** The members that a patch really names: the rules of shape make an absent list an empty one, which would wipe it out. */
function given(patch: Partial<Target>, raw: unknown): Partial<Target> {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => Object.hasOwn(raw as object, name)));
}
