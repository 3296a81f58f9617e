import { isTerminal } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { RolloutRecord, RolloutStop, StoredRollout } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { cancelJob } from '../stop/cancel-job.js';

export type StopFailure =
  Denial | { readonly kind: 'rollout-not-found' | 'rollout-ended' | 'not-paused' | 'item-started' };

const EVENT = {
  pause: 'rollout.paused',
  abort: 'rollout.abort-requested',
  exclude: 'rollout.excluded',
} as const;

/**
 * Stops a rollout, or takes items out of it that were not started. It takes effect at once and needs no second person: it only takes
 * away. What runs is finished.
 */
export async function stopRollout(
  context: ApiContext,
  actor: Actor,
  id: string,
  kind: RolloutStop['kind'],
  reason: string,
  items: readonly number[] = [],
): Promise<Result<StoredRollout, StopFailure>> {
  const record = await context.rollouts.record(id);
  if (!record) return fail({ kind: 'rollout-not-found' });
  const { rollout } = record;
  const { person } = actor;
  const own = rollout.requester.id === person.id;
  const denial = (await context.rights.read()).denial({ action: 'stop-rollouts', person, own });
  if (denial) return fail(denial);
  if (rollout.status === 'ended') return fail({ kind: 'rollout-ended' });
  if (!items.every((index) => index < rollout.count)) return fail({ kind: 'not-paused' });
  // Taking out is for what was not started: whoever is told that it was done must be able to rely on it.
  if (items.some((index) => record.items[index]?.granted)) return fail({ kind: 'item-started' });
  const stop = { id: context.newId(), rollout: id, kind, items, person, reason };
  const data = { rollout: id, stop: stop.id, kind, items };
  await context.rollouts.stop(stop, personEvent(context.newId, person, EVENT[kind], undefined, { data }));
  if (kind === 'abort') await cancelWhatWaits(context, actor, record, reason);
  const now = await context.rollouts.get(id);
  return now ? ok(now) : fail({ kind: 'rollout-not-found' });
}

/** What has not begun is cancelled, as far as this person may; the rest of it is never started all the same. */
async function cancelWhatWaits(context: ApiContext, actor: Actor, { items }: RolloutRecord, reason: string) {
  for (const { job } of items) {
    const begun = ['running', 'rolling-back', 'waiting', 'unknown', 'needs-attention'].includes(job.state);
    if (!begun && !isTerminal(job.state)) await cancelJob(context, actor, job.id, reason);
  }
}
