import { canonicalJson } from '../../domain/canonical.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { completeDeclaration } from '../../domain/rollouts/declaration.js';
import { declarationLike } from '../../domain/rollouts/declaration-like.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { StoredRollout } from '../../ports/rollouts.js';
import type { NewJob } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { checkRequest } from '../submit/check-request.js';
import { orFirst, scopeOf } from '../submit/idempotency.js';
import { readFacts, type RequestFacts } from '../submit/request-facts.js';
import { chosenItems } from './chosen-items.js';
import type { RefusedItem, RolloutFailure } from './rollout-failure.js';
import { limitProblem, storeRollout } from './store-rollout.js';
import type { ChosenItem, RolloutWish } from './wish.js';

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
    const jobs = checkItems(context, actor, wish, items, facts, id);
    if (!jobs.ok) return jobs;
    const { reason, ticket, retryOf } = wish;
    const about = { ...(ticket === undefined ? {} : { ticket }), ...(retryOf === undefined ? {} : { retryOf }) };
    return await storeRollout(context, actor, key, { id, declaration, reason, ...about }, jobs.value);
  } finally {
    facts.done();
  }
}

/** The jobs of all items, or every item that is refused. The limit of requests for one target is for requests, not for items of one. */
function checkItems(
  context: ApiContext,
  actor: Actor,
  { runbook, reason, ticket }: RolloutWish,
  items: readonly ChosenItem[],
  facts: RequestFacts,
  rollout: string,
): Result<readonly NewJob[], RolloutFailure> {
  const jobs: NewJob[] = [];
  const members: RefusedItem[] = [];
  const seen = new Map<string, number>();
  const unlimited = { ...facts, recent: () => -1 };
  for (const [index, { target, parameters }] of items.entries()) {
    const request = { runbook, target, parameters, reason, ...(ticket === undefined ? {} : { ticket }) };
    const checked = checkRequest(context, actor, request, unlimited, 0, { id: rollout, index });
    if (!checked.ok) {
      members.push({ index, target, failure: checked.error });
      continue;
    }
    const { job } = checked.value;
    const same = canonicalJson({ target: job.target.id, parameters: job.parameters });
    const first = seen.get(same);
    if (first !== undefined) members.push({ index, target, failure: { kind: 'duplicate-member', first } });
    else seen.set(same, index);
    jobs.push(checked.value);
  }
  return members.length > 0 ? fail({ kind: 'rollout-refused', members }) : ok(jobs);
}
