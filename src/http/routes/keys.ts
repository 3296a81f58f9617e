import { isUuid } from '../../domain/uuid.js';
import type { Result } from '../../domain/result.js';
import type { KeyEntry } from '../../ports/person-keys.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { confirmKey } from '../../usecases/keys/confirm-key.js';
import type { KeyFailure } from '../../usecases/keys/key-failure.js';
import { keysFor, requestKey, revokeKey } from '../../usecases/keys/request-key.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor } from '../problem.js';
import { failure, route, type Route } from '../route.js';
import { PageQuery } from '../schemas/queries.js';
import { KeyBody, KeyConfirmationBody } from '../schemas/requests.js';
import { PersonKey, PersonKeyPage } from '../schemas/responses.js';
import { keyView } from '../views/key.js';

/** Keys of persons. No route registers one: `authority` does, once another person has signed a confirmation. */
export function keyRoutes(context: ApiContext): readonly Route[] {
  const answer = async (result: Result<KeyEntry, KeyFailure>) =>
    result.ok
      ? ({ kind: 'answer', body: keyView(result.value, await context.people.read()) } as const)
      : failure(result.error);
  return [
    route({
      method: 'get',
      path: '/keys',
      summary: 'Keys of persons, newest first: your own, or all with the role admin.',
      action: 'signed-in',
      query: PageQuery,
      answers: 200,
      answer: PersonKeyPage,
      handle: async ({ actor, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const before = cursorText(cursor);
        if (before !== undefined && !isUuid(before)) return failure(invalidCursor);
        const [entries, people] = await Promise.all([keysFor(context, actor, limit, before), context.people.read()]);
        const shown = entries.map((entry) => keyView(entry, people));
        return { kind: 'answer', body: page(shown, limit, ({ id }) => id) };
      },
    }),
    route({
      method: 'post',
      path: '/keys',
      summary: 'Ask for the registration of your own public key, signed with its private half.',
      action: 'signed-in',
      body: KeyBody,
      answers: 200,
      answer: PersonKey,
      problems: ['service-token', 'key-weak', 'signature-invalid', 'decision-stale', 'key-taken', 'key-not-found'],
      handle: async ({ actor, body }) => answer(await requestKey(context, actor, body)),
    }),
    route({
      method: 'post',
      path: '/keys/:id/confirm',
      summary: "Confirm another person's key, signed with your own.",
      action: 'manage-keys',
      body: KeyConfirmationBody,
      answers: 200,
      answer: PersonKey,
      problems: [
        ...(['not-allowed', 'service-token', 'own-key', 'not-an-admin', 'key-not-found', 'key-not-pending'] as const),
        ...([
          'key-unknown',
          'key-revoked',
          'key-weak',
          'signature-invalid',
          'key-owner-unknown',
          'key-taken',
          'decision-stale',
        ] as const),
      ],
      handle: async ({ actor, id, body }) => answer(await confirmKey(context, actor, id, body)),
    }),
    route({
      method: 'post',
      path: '/keys/:id/revoke',
      summary: 'Revoke a key: your own, or any with the role admin. It is never taken back.',
      action: 'signed-in',
      answers: 200,
      answer: PersonKey,
      problems: ['service-token', 'key-not-found', 'key-revoked'],
      handle: async ({ actor, id }) => answer(await revokeKey(context, actor, id)),
    }),
  ];
}
