import { newSalt } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import type { Declaration } from '../../domain/rollouts/declaration.js';
import { declarationProblems } from '../../domain/rollouts/declaration-problems.js';
import { MOST_ITEMS } from '../../domain/rollouts/limits.js';
import { itemsDigest, rolloutDigest, type RolloutRequest } from '../../domain/rollouts/request.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { StoredRollout } from '../../ports/rollouts.js';
import type { NewJob } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import type { RolloutFailure } from './rollout-failure.js';

/** Rollouts of one person that have not ended, at most. */
const MOST_OPEN = 5;

/** Why this person may not have a rollout over so many items in these waves; undefined where they may. `expect`: the number they typed. */
export async function limitProblem(
  { rollouts }: Pick<ApiContext, 'rollouts'>,
  actor: Actor,
  declaration: Declaration,
  count: number,
  expect: number,
): Promise<RolloutFailure | undefined> {
  if (count > MOST_ITEMS) return { kind: 'rollout-too-large' };
  if (count !== expect) return { kind: 'count-mismatch', count };
  const problems = declarationProblems(declaration, count);
  if (problems.length > 0) return { kind: 'declaration-refused', problems };
  const open = await rollouts.list({ requester: actor.person.id, open: true, limit: MOST_OPEN });
  return open.filter(({ status }) => status !== 'ended').length >= MOST_OPEN
    ? { kind: 'too-many-rollouts', limit: MOST_OPEN }
    : undefined;
}

type About = Omit<RolloutRequest, 'runbook' | 'pool' | 'requester' | 'salt' | 'count' | 'itemsDigest'>;

/** Stores a rollout with its jobs, in their order, and the event of its submission: all of it or nothing. */
export async function storeRollout(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  about: About,
  [first, ...others]: readonly NewJob[],
): Promise<Result<Made<StoredRollout>, RolloutFailure>> {
  if (!first) return fail({ kind: 'selection-empty' });
  const jobs = [first, ...others] as const;
  const { runbook, pool } = first.job;
  const items = itemsDigest(jobs.map(({ job }) => job));
  const rollout: RolloutRequest = {
    ...about,
    ...{ runbook, pool, requester: actor.person, salt: newSalt(), count: jobs.length, itemsDigest: items },
  };
  const data = {
    ...{ rollout: rollout.id, rolloutSha256: rolloutDigest(rollout), itemsSha256: items, count: rollout.count },
    ...{ runbook: runbook.id, contentSha256: runbook.contentDigest },
    ...(about.rollbackOf === undefined ? {} : { rollbackOf: about.rollbackOf }),
  };
  const event = personEvent(context.newId, actor.person, 'rollout.submitted', undefined, { data });
  return context.rollouts.submit(key, { rollout, event, jobs: [first, ...others] });
}
