import type { Job } from '../domain/job.js';
import { openIntents, type JournalEntry } from '../domain/journal.js';
import type { RunbookBundle } from '../domain/manifest.js';

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
export function crashesAfter(job: Job, journal: readonly JournalEntry[], bundle: RunbookBundle | undefined): number {
  const inHand = openIntents(journal).some(({ changeId }) => {
    const action = job.plan?.plan.changes.find(({ id }) => id === changeId)?.action;
    return action === undefined || bundle?.manifest.actions[action]?.class !== 'ensure';
  });
  return inHand ? Math.max(MOST_CRASHES, job.crashes + 1) : job.crashes + 1;
}

export function poisonDetail(crashes: number): string {
  return crashes === 1 ? 'it ended its worker' : `it ended its worker, or was not heard of again, ${crashes} times`;
}
