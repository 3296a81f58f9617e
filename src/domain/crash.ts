import type { Job } from './job.js';
import { openIntents, type ChangeResult, type JournalEntry } from './journal.js';
import type { Manifest } from './manifest.js';

/** A job is parked after this many claims without a result, so that other jobs proceed. */
export const MOST_CRASHES = 3;

/** True where the lease of the last claim expired: its worker died, or its code threw. */
export function claimCrashed(job: Job, now: Date): boolean {
  return job.leaseUntil !== undefined && job.leaseUntil <= now;
}

/**
 * The count after one more crash. A crash during a non-repeatable change exhausts all attempts: the target is checked, but nothing
 * is applied again.
 */
export function crashesAfter(
  job: Job,
  journal: readonly JournalEntry[],
  manifest: Pick<Manifest, 'actions'> | undefined,
): number {
  const inProgress = openIntents(journal).some(({ changeId }) => {
    const action = job.plan?.plan.changes.find(({ id }) => id === changeId)?.action;
    return action === undefined || manifest?.actions[action]?.class !== 'ensure';
  });
  return inProgress ? Math.max(MOST_CRASHES, job.crashes + 1) : job.crashes + 1;
}

/** Only for jobs with no change in progress: otherwise the count may include skipped attempts. */
export function parkedDetail(crashes: number): string {
  return crashes === 1 ? 'it crashed its worker' : `it crashed its worker or stopped responding ${crashes} times`;
}

/**
 * What a person must check: the changes in progress when the worker ended, and what the target shows of each where it was read.
 */
export function inProgressDetail(
  inProgress: readonly { readonly changeId: string; readonly result?: ChangeResult }[],
  left?: number,
): string {
  const seen: Partial<Record<ChangeResult, string>> = {
    'in-place': ', which is in place now',
    'not-in-place': ', which is not in place',
  };
  const named = inProgress.map(
    ({ changeId, result }) => `change ${changeId} in progress${(result && seen[result]) ?? ''}`,
  );
  const rest = left === undefined ? '' : `; changes of the plan that are left: ${left}`;
  return `its worker crashed or stopped responding with ${named.join(', ')}${rest}`;
}
