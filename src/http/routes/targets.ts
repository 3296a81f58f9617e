import type { Person } from '../../domain/people.js';
import type { Target } from '../../domain/target.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { personEvent } from '../../usecases/facts.js';
import { targetFacts, TARGET_EVENTS } from '../../usecases/inventory/target-event.js';
import { importTargets } from '../../usecases/inventory/import-targets.js';
import { unfitness } from '../../usecases/inventory/target-fit.js';
import { scopeOf } from '../../usecases/submit/idempotency.js';
import { etagOf, matches } from '../etag.js';
import { given } from '../given.js';
import { cursorText, DEFAULT_LIMIT } from '../page.js';
import { scopedPage } from '../scoped.js';
import { failure, route, type Route } from '../route.js';
import { IfMatch, PageQuery } from '../schemas/queries.js';
import { ImportBody, TargetBody, TargetPatch } from '../schemas/requests.js';
import { Target as TargetSchema, TargetPage, TargetsImported } from '../schemas/responses.js';

/** 4 KiB for each of its 500 targets on average. */
const IMPORT_BYTES = 2 * 1024 * 1024;

/** The target with this id, else the one with this name. */
const named = async ({ inventory }: ApiContext, idOrName: string) => (await inventory.find([idOrName])).get(idOrName);

/** A page of the targets that this person may read, by name. */
export async function targetPage(context: ApiContext, person: Person, cursor: string | undefined, limit: number) {
  const rights = await context.rights.read();
  const list = {
    read: async (after: string | undefined, most: number) => {
      const stored = await context.inventory.list({ limit: most, ...(after === undefined ? {} : { after }) });
      return stored.map(({ target }) => target);
    },
    cursorOf: ({ name }: Target) => name,
    see: rights.everywhere(person, 'read-targets')
      ? undefined
      : (target: Target) => !rights.denial({ action: 'read-targets', person, target }),
  };
  return scopedPage(list, cursorText(cursor), limit);
}

/** The inventory of targets. */
export function targetRoutes(context: ApiContext): readonly Route[] {
  const denies = async (person: Person, action: 'read-targets' | 'edit-targets', target: Target) =>
    (await context.rights.read()).denial({ action, person, target });
  return [
    route({
      method: 'get',
      path: '/targets',
      summary: 'The inventory, by name.',
      action: 'read-targets',
      query: PageQuery,
      answers: 200,
      answer: TargetPage,
      handle: async ({ actor: { person }, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        return { kind: 'answer', body: await targetPage(context, person, cursor, limit) };
      },
    }),
    route({
      method: 'get',
      path: '/targets/:id',
      summary: 'One target, by its id or its name.',
      action: 'read-targets',
      answers: 200,
      answer: TargetSchema,
      problems: ['target-not-found'],
      handle: async ({ id, actor: { person } }) => {
        const stored = await named(context, id);
        if (!stored || (await denies(person, 'read-targets', stored.target)))
          return failure({ kind: 'target-not-found' });
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
      problems: [
        ...(['admission-required', 'transport-not-allowed', 'transport-unfit', 'local-refused'] as const),
        ...(['name-taken', 'machine-taken', 'idempotency-mismatch'] as const),
      ],
      handle: async ({ actor, body, idempotencyKey }) => {
        if (context.settings.fourEyes) return failure({ kind: 'admission-required' });
        const target: Target = { ...body, settings: body.settings ?? {}, id: context.newId() };
        const refused = (await denies(actor.person, 'edit-targets', target)) ?? unfitness(context, target);
        if (refused) return failure(refused);
        const event = personEvent(
          context.newId,
          actor.person,
          TARGET_EVENTS.added,
          undefined,
          targetFacts(undefined, target),
        );
        const key = scopeOf(actor, 'POST /v1/targets', idempotencyKey, body);
        const created = await context.inventory.create(key, target, event);
        if (!created.ok) return failure(created.error);
        const { made } = created.value;
        return { kind: 'answer', body: made, headers: { Location: `/v1/targets/${made.id}` } };
      },
    }),
    route({
      method: 'post',
      path: '/targets:import',
      summary: 'Add 1 to 500 targets together: all are added, or none is and every one that is refused is named.',
      action: 'edit-targets',
      body: ImportBody,
      bodyBytes: IMPORT_BYTES,
      answers: 201,
      answer: TargetsImported,
      problems: ['import-refused', 'admission-required'],
      handle: async ({ actor, body, idempotencyKey }) => {
        if (context.settings.fourEyes) return failure({ kind: 'admission-required' });
        const bodies = body.targets.map((target) => ({ ...target, settings: target.settings ?? {} }));
        const imported = await importTargets(context, actor, idempotencyKey, bodies);
        if (!imported.ok) return failure(imported.error);
        return { kind: 'answer', body: { items: imported.value.made } };
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
      problems: [
        ...(['admission-required', 'target-not-found', 'transport-not-allowed', 'transport-unfit'] as const),
        ...(['etag-mismatch', 'name-taken', 'machine-taken'] as const),
      ],
      handle: async ({ actor, id, body, headers, sent }) => {
        if (context.settings.fourEyes) return failure({ kind: 'admission-required' });
        const stored = await named(context, id);
        if (!stored) return failure({ kind: 'target-not-found' });
        const denial = await denies(actor.person, 'edit-targets', stored.target);
        if (denial) return failure(denial);
        if (!matches(headers['If-Match'], stored.revision)) return failure({ kind: 'etag-mismatch' });
        const target = { ...stored.target, ...given(body, sent) };
        // Nobody moves a target to where they may not change it.
        const refused = (await denies(actor.person, 'edit-targets', target)) ?? unfitness(context, target);
        if (refused) return failure(refused);
        const event = personEvent(
          context.newId,
          actor.person,
          TARGET_EVENTS.changed,
          undefined,
          targetFacts(stored.target, target),
        );
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
      problems: ['admission-required', 'target-not-found', 'etag-mismatch'],
      handle: async ({ actor, id, headers }) => {
        if (context.settings.fourEyes) return failure({ kind: 'admission-required' });
        const stored = await named(context, id);
        if (!stored) return failure({ kind: 'target-not-found' });
        const denial = await denies(actor.person, 'edit-targets', stored.target);
        if (denial) return failure(denial);
        const match = headers['If-Match'];
        if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
        const event = personEvent(
          context.newId,
          actor.person,
          TARGET_EVENTS.removed,
          undefined,
          targetFacts(stored.target, undefined),
        );
        const revision = match === undefined ? undefined : stored.revision;
        const removed = await context.inventory.remove(stored.target.id, revision, event);
        return removed.ok ? { kind: 'answer', body: undefined } : failure(removed.error);
      },
    }),
  ];
}
