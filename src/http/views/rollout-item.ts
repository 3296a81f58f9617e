import type { Static } from 'typebox';
import { isTerminal } from '../../domain/job.js';
import { statusOf } from '../../domain/rollouts/item-status.js';
import type { RolloutItem } from '../../ports/rollouts.js';
import type { RolloutDetail } from '../schemas/rollouts.js';

/** An item that was not in the list when it was approved is never started; where its plan was empty nothing had to be. */
export function approvedStatus(
  { job, planDigest, granted, endLogged }: RolloutItem,
  plan: string | undefined,
  excluded: boolean,
) {
  const { state, partial, outcome, code } = job;
  if (plan === undefined) return state === 'compliant' ? 'already-fine' : 'left-out';
  return statusOf({
    ...{ state, partial, granted, endLogged, excluded, planListed: planDigest === plan },
    ...(outcome === undefined ? {} : { outcome }),
    ...(code === undefined ? {} : { code }),
  });
}

/** What is seen of an item before the list is approved. */
export function plannedStatus({
  job: { state },
}: RolloutItem): Static<typeof RolloutDetail>['items'][number]['status'] {
  if (state === 'compliant') return 'already-fine';
  if (state === 'awaiting-approval') return 'planned';
  return isTerminal(state) ? 'no-plan' : 'planning';
}
