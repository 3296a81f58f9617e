import { newSalt } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import { completeDeclaration } from '../../domain/rollouts/declaration.js';
import { declarationProblems, type DeclarationProblem } from '../../domain/rollouts/declaration-problems.js';
import { MOST_ITEMS } from '../../domain/rollouts/limits.js';
import { itemsDigest, rolloutDigest, type RolloutRequest } from '../../domain/rollouts/request.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { StoredRollout } from '../../ports/rollouts.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { checkItems } from '../submit/check-items.js';
import type { RunbookNotFound } from '../submit/check-request.js';
import { orFirst, scopeOf } from '../submit/idempotency.js';
import { readFacts } from '../submit/request-facts.js';
import type { MemberFailure } from '../submit/submit-batch.js';
import { chosenItems } from './chosen-items.js';
import type { RolloutWish, SelectionFailure } from './wish.js';

export type RolloutFailure =
  | Denial
  | SubmissionFailure
  | SelectionFailure
  | RunbookNotFound
  | { readonly kind: 'rollout-too-large' | 'not-for-rollouts' }
  | { readonly kind: 'too-many-rollouts'; readonly limit: number }
  | { readonly kind: 'count-mismatch'; readonly count: number }
  | { readonly kind: 'declaration-refused'; readonly problems: readonly DeclarationProblem[] }
  /** Every item that is refused, by its place; nothing was stored. */
  | { readonly kind: 'rollout-refused'; readonly members: readonly MemberFailure[] };

/** Rollouts of one person that have not ended, at most. */
const MOST_OPEN = 5;

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
  const items = chosen.value;
  if (items.length > MOST_ITEMS) return fail({ kind: 'rollout-too-large' });
  if (items.length !== wish.expect) return fail({ kind: 'count-mismatch', count: items.length });
  const declaration = completeDeclaration(wish, items.length);
  const problems = declarationProblems(declaration, items.length);
  if (problems.length > 0) return fail({ kind: 'declaration-refused', problems });
  const open = await context.rollouts.list({ requester: actor.person.id, limit: 100 });
  if (open.filter(({ status }) => status !== 'ended').length >= MOST_OPEN)
    return fail({ kind: 'too-many-rollouts', limit: MOST_OPEN });
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
    const [first, ...others] = jobs.value;
    if (!first) return fail({ kind: 'selection-empty' });
    const { ticket, retryOf } = wish;
    const rollout: RolloutRequest = {
      ...{ id, runbook: first.job.runbook, pool: first.job.pool, requester: actor.person, reason: wish.reason },
      ...{
        salt: newSalt(),
        declaration,
        count: items.length,
        itemsDigest: itemsDigest(jobs.value.map(({ job }) => job)),
      },
      ...(ticket === undefined ? {} : { ticket }),
      ...(retryOf === undefined ? {} : { retryOf }),
    };
    const data = {
      ...{ rollout: id, rolloutSha256: rolloutDigest(rollout), itemsSha256: rollout.itemsDigest, count: rollout.count },
      ...{ runbook: rollout.runbook.id, contentSha256: rollout.runbook.contentDigest },
    };
    const event = personEvent(context.newId, actor.person, 'rollout.submitted', undefined, { data });
    return await context.rollouts.submit(key, { rollout, event, jobs: [first, ...others] });
  } finally {
    facts.done();
  }
}
