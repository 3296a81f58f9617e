import type { Static } from 'typebox';
import type { ApiContext } from '../../usecases/api-context.js';
import { selectedNow, selectionEdits } from '../../usecases/named/edit-selections.js';
import { namedReplies } from '../named-replies.js';
import { failure, route, type Route } from '../route.js';
import { IfMatch } from '../schemas/queries.js';
import { SelectedTargets, SelectionBody, SelectionPage, SelectionShown } from '../schemas/selections.js';
import { selectAsSent } from '../select-as-sent.js';

/** Filters over the inventory under names, for rollouts and scans. */
export function selectionRoutes(context: ApiContext): readonly Route[] {
  const replies = namedReplies('/v1/selections', {
    store: context.selections,
    notFound: { kind: 'selection-not-found' },
    edits: selectionEdits(context),
  });
  return [
    route({
      method: 'get',
      path: '/selections',
      summary: 'The selections, by name.',
      action: 'read-targets',
      answers: 200,
      answer: SelectionPage,
      handle: replies.list,
    }),
    route({
      method: 'get',
      path: '/selections/:id',
      summary: 'One selection, by its id or its name.',
      action: 'read-targets',
      answers: 200,
      answer: SelectionShown,
      problems: ['selection-not-found'],
      handle: ({ id }) => replies.show(id),
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
      handle: ({ actor, body, sent, idempotencyKey }) => replies.create(actor, idempotencyKey, asSent(body, sent)),
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
      handle: ({ actor, id, body, sent, headers }) =>
        replies.replace(actor, id, headers['If-Match'], asSent(body, sent)),
    }),
    route({
      method: 'delete',
      path: '/selections/:id',
      summary: 'Remove a selection. If-Match guards what somebody else has changed meanwhile.',
      action: 'edit-selections',
      headers: IfMatch,
      answers: 204,
      problems: ['selection-not-found', 'etag-mismatch'],
      handle: ({ actor, id, headers }) => replies.remove(actor, id, headers['If-Match']),
    }),
  ];
}

const asSent = ({ name, select }: Static<typeof SelectionBody>, sent: unknown) => ({
  name,
  select: selectAsSent(select, sent),
});
