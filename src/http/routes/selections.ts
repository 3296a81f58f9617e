import type { Static } from 'typebox';
import type { ApiContext } from '../../usecases/api-context.js';
import {
  createSelection,
  removeSelection,
  replaceSelection,
  selectedNow,
} from '../../usecases/named/edit-selections.js';
import { etagOf, matches } from '../etag.js';
import { failure, route, type Route } from '../route.js';
import { IfMatch } from '../schemas/queries.js';
import { SelectedTargets, SelectionBody, SelectionPage, SelectionShown } from '../schemas/selections.js';
import { selectAsSent } from '../select-as-sent.js';

/** Filters over the inventory under names, for rollouts and scans. */
export function selectionRoutes(context: ApiContext): readonly Route[] {
  const find = async (idOrName: string) => (await context.selections.find([idOrName]))[0];
  return [
    route({
      method: 'get',
      path: '/selections',
      summary: 'The selections, by name.',
      action: 'read-targets',
      answers: 200,
      answer: SelectionPage,
      handle: async () => {
        const items = (await context.selections.list()).map(({ value }) => value);
        return { kind: 'answer', body: { items, next: null } };
      },
    }),
    route({
      method: 'get',
      path: '/selections/:id',
      summary: 'One selection, by its id or its name.',
      action: 'read-targets',
      answers: 200,
      answer: SelectionShown,
      problems: ['selection-not-found'],
      handle: async ({ id }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'selection-not-found' });
        return { kind: 'answer', body: stored.value, headers: { ETag: etagOf(stored.revision) } };
      },
    }),
    route({
      method: 'get',
      path: '/selections/:id/targets',
      summary: 'The targets that a selection means now, by name; those of them that you may see.',
      action: 'read-targets',
      answers: 200,
      answer: SelectedTargets,
      problems: ['selection-not-found'],
      handle: async ({ id, actor: { person } }) => {
        const selected = await selectedNow(context, id);
        if (!selected.ok) return failure(selected.error);
        const rights = await context.rights.read();
        const items = selected.value.filter((target) => !rights.denial({ action: 'read-targets', person, target }));
        return { kind: 'answer', body: { items, next: null } };
      },
    }),
    route({
      method: 'post',
      path: '/selections',
      summary: 'Keep a filter under a name. A filter without a condition is refused.',
      action: 'edit-selections',
      body: SelectionBody,
      answers: 201,
      answer: SelectionShown,
      problems: ['idempotency-mismatch', 'selection-unbounded', 'selection-name-taken'],
      handle: async ({ actor, body, sent, idempotencyKey }) => {
        const created = await createSelection(context, actor, idempotencyKey, asSent(body, sent));
        if (!created.ok) return failure(created.error);
        const { made } = created.value;
        return { kind: 'answer', body: made, headers: { Location: `/v1/selections/${made.id}` } };
      },
    }),
    route({
      method: 'patch',
      path: '/selections/:id',
      summary:
        'Replace a selection. What was submitted over it stays as it was. If-Match guards against a lost update.',
      action: 'edit-selections',
      body: SelectionBody,
      headers: IfMatch,
      answers: 200,
      answer: SelectionShown,
      problems: ['selection-not-found', 'selection-unbounded', 'selection-name-taken', 'etag-mismatch'],
      handle: async ({ actor, id, body, sent, headers }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'selection-not-found' });
        if (!matches(headers['If-Match'], stored.revision)) return failure({ kind: 'etag-mismatch' });
        const replaced = await replaceSelection(context, actor, stored, asSent(body, sent));
        if (!replaced.ok) return failure(replaced.error);
        const { value, revision } = replaced.value;
        return { kind: 'answer', body: value, headers: { ETag: etagOf(revision) } };
      },
    }),
    route({
      method: 'delete',
      path: '/selections/:id',
      summary: 'Remove a selection. If-Match guards what somebody else has changed meanwhile.',
      action: 'edit-selections',
      headers: IfMatch,
      answers: 204,
      problems: ['selection-not-found', 'etag-mismatch'],
      handle: async ({ actor, id, headers }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'selection-not-found' });
        const match = headers['If-Match'];
        if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
        const revision = match === undefined ? undefined : stored.revision;
        const removed = await removeSelection(context, actor, stored, revision);
        return removed.ok ? { kind: 'answer', body: undefined } : failure(removed.error);
      },
    }),
  ];
}

const asSent = ({ name, select }: Static<typeof SelectionBody>, sent: unknown) => ({
  name,
  select: selectAsSent(select, sent),
});
