import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import { completeDeclaration } from '../../domain/rollouts/declaration.js';
import { declarationLike } from '../../domain/rollouts/declaration-like.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { StoredRollout } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';
import { checkItems } from '../submit/check-items.js';
import { orFirst, scopeOf } from '../submit/idempotency.js';
import { readFacts } from '../submit/request-facts.js';
import { chosenItems } from './chosen-items.js';
import type { RolloutFailure } from './rollout-failure.js';
import { limitProblem, storeRollout } from './store-rollout.js';
import type { RolloutWish } from './wish.js';

/** A wish becomes a rollout and its jobs in one transaction, with the selection as it is now. Planning follows; nothing is started. */
export async function submitRollout(
  context: ApiContext,
  actor: Actor,
  key: string,
  wish: RolloutWish,
): Promise<Result<Made<StoredRollout>, RolloutFailure>> {
  const scope = scopeOf(actor, 'POST /v1/rollouts', key, wish);
  return orFirst(await submitNew(context, actor, scope, wish), () => context.rollouts.first(scope));
}

async function submitNew(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  wish: RolloutWish,
): Promise<Result<Made<StoredRollout>, RolloutFailure>> {
  const denial = (await context.rights.read()).denial({ action: 'start-rollouts', person: actor.person });
  if (denial) return fail(denial);
  const chosen = await chosenItems(context, actor, wish);
  if (!chosen.ok) return chosen;
  const { items, again } = chosen.value;
  const declaration = again ? declarationLike(again, wish, items.length) : completeDeclaration(wish, items.length);
  const problem = await limitProblem(context, actor, declaration, items.length, wish.expect);
  if (problem) return fail(problem);
  const id = context.newId();
  const facts = await readFacts(
    context,
    actor,
    items.map(({ target }) => ({ runbook: wish.runbook, target })),
  );
  try {
    const runbook = facts.runbook(wish.runbook);
    if (!runbook) return fail({ kind: 'runbook-not-found', refused: facts.refused(wish.runbook) });
    const actions = Object.values(runbook.manifest.actions);
    if (!actions.some((action) => action.class === 'ensure')) return fail({ kind: 'not-for-rollouts' });
    const jobs = checkItems(context, actor, wish, items, facts, (index) => ({ rollout: { id, index } }));
    if (!jobs.ok) return fail({ kind: 'rollout-refused', members: jobs.error });
    const { reason, ticket, retryOf } = wish;
    const about = { ...(ticket === undefined ? {} : { ticket }), ...(retryOf === undefined ? {} : { retryOf }) };
    return await storeRollout(context, actor, key, { id, declaration, reason, ...about }, jobs.value);
  } finally {
    facts.done();
  }
}
