import type { Job } from './job.js';
import { openIntents, type ChangeResult, type JournalEntry } from './journal.js';
import type { Manifest } from './manifest.js';

/** So many claims of a job may end without a word; then it is quarantined, so that others go on. */
export const MOST_CRASHES = 3;

/** True where the last claim was neither finished nor given back: its worker died, or its code threw. */
export function claimCrashed(job: Job, now: Date): boolean {
  return job.leaseUntil !== undefined && job.leaseUntil <= now;
}

/**
 * The count after one more crash. With a change in hand that must not be repeated, one crash uses up every try: the target is
 * looked at, but nothing is applied again.
 */
export function crashesAfter(
  job: Job,
  journal: readonly JournalEntry[],
  manifest: Pick<Manifest, 'actions'> | undefined,
): number {
  const inHand = openIntents(journal).some(({ changeId }) => {
    const action = job.plan?.plan.changes.find(({ id }) => id === changeId)?.action;
    return action === undefined || manifest?.actions[action]?.class !== 'ensure';
  });
  return inHand ? Math.max(MOST_CRASHES, job.crashes + 1) : job.crashes + 1;
}

/** Of a job without a change in hand: with one, the count may hold tries that were used up and never made. */
export function parkedDetail(crashes: number): string {
  return crashes === 1 ? 'it crashed its worker' : `it crashed its worker or stopped responding ${crashes} times`;
}

/**
 * What a person must look at: the changes that were in hand when the worker ended, and what the target shows of each, where that was
 * looked at.
 */
export function inProgressDetail(
  inHand: readonly { readonly changeId: string; readonly result?: ChangeResult }[],
  left?: number,
): string {
  const seen: Partial<Record<ChangeResult, string>> = {
    'in-place': ', which is in place now',
    'not-in-place': ', which is not in place',
  };
  const named = inHand.map(({ changeId, result }) => `change ${changeId} in progress${(result && seen[result]) ?? ''}`);
  const rest = left === undefined ? '' : `; changes of the plan that are left: ${left}`;
  return `its worker crashed or stopped responding with ${named.join(', ')}${rest}`;
}
