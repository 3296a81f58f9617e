import { isTerminal } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { RolloutItem } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';
import type { Chosen, SelectionFailure } from './wish.js';

/**
 * The items of an ended rollout of the same person and runbook that were not done: failed, unknown, never reached or never started, but
 * not what somebody took out before it was started. Each is asked for with the parameters that it had; its plan is made anew. A rollback is
 * not repeated: the rollout that it undoes is rolled back again, which leaves out what was put back.
 */
export async function itemsToRetry(
  { rollouts }: Pick<ApiContext, 'rollouts'>,
  actor: Actor,
  id: string,
  runbook: string,
): Promise<Result<Chosen, SelectionFailure>> {
  const record = await rollouts.record(id);
  const isOwn = record?.rollout.requester.id === actor.person.id && record.rollout.runbook.id === runbook;
  if (!record || !isOwn) return fail({ kind: 'rollout-not-found' });
  if (record.rollout.rollbackOf !== undefined) return fail({ kind: 'rollout-is-rollback' });
  if (record.rollout.status !== 'ended') return fail({ kind: 'not-ended-rollout' });
  const out = new Set(record.stops.filter(({ kind }) => kind === 'exclude').flatMap(({ items }) => items));
  const asked = record.items.filter((item, index) => item.granted || !out.has(index));
  const left = asked.filter(isLeft).map(({ job }) => ({ target: job.target.id, parameters: job.parameters }));
  return left.length === 0 ? fail({ kind: 'selection-empty' }) : ok({ items: left, again: record.rollout.declaration });
}

/** What is in order, or is being worked on, is not asked for again. Whether an unknown outcome is there by now its new plan says. */
function isLeft({ job, granted }: RolloutItem): boolean {
  if (job.erasedAt !== undefined) return false;
  if (job.state === 'succeeded' || job.state === 'compliant') return false;
  // Not planned in time for the list: no approval will ever start it.
  if (!granted && (job.state === 'planning' || job.state === 'deferred')) return true;
  return isTerminal(job.state) || job.state === 'awaiting-approval' || job.state === 'needs-attention';
}
