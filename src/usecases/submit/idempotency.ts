import { labelledDigest } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import { ok, type Result } from '../../domain/result.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';

/** The scope of a key is the person and the route; another body under the same key is refused. */
export function scopeOf(actor: Actor, route: string, key: string, request: unknown): IdempotencyKey {
  const requestSha256 = labelledDigest('fixpoint-request-v1', JSON.parse(JSON.stringify(request)));
  return { actor: actor.person.id, route, key, requestSha256 };
}

/**
 * What is refused now may be the repeat of a request that went through: its answer was lost, and the target, the limit or the job it
 * names has changed since, perhaps by that very request. Who made it gets it again, unless they lost the right to ask.
 */
export async function orFirst<T, F extends { readonly kind: string }>(
  answer: Result<Made<T>, F>,
  firstMade: () => Promise<T | undefined>,
): Promise<Result<Made<T>, F>> {
  if (answer.ok || answer.error.kind === 'not-allowed') return answer;
  const first = await firstMade();
  return first ? ok({ made: first, repeated: true }) : answer;
}
