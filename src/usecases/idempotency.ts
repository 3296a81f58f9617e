import { labelledDigest } from '../domain/digest.js';
import type { Actor } from '../domain/people.js';
import type { IdempotencyKey } from '../ports/idempotency.js';

/** The scope of a key is the person and the route; another body under the same key is refused. */
export function scopeOf(actor: Actor, route: string, key: string, request: unknown): IdempotencyKey {
  const requestSha256 = labelledDigest('fixpoint-request-v1', JSON.parse(JSON.stringify(request)));
  return { actor: actor.person.id, route, key, requestSha256 };
}
