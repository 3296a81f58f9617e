import { isTerminal } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { ScanRecord } from '../../ports/scans.js';
import type { ApiContext } from '../api-context.js';
import { aboutJob } from '../job-rights.js';
import { cancelJob } from '../stop/cancel-job.js';

export type CancelScanFailure = Denial | { readonly kind: 'scan-ended' };

/** Cancels every item that has not ended, each as a job. Where the actor may not cancel one of them, none is cancelled. */
export async function cancelScan(
  context: ApiContext,
  actor: Actor,
  { items }: Pick<ScanRecord, 'items'>,
  reason: string,
): Promise<Result<undefined, CancelScanFailure>> {
  const open = items.filter(({ job }) => !isTerminal(job.state));
  if (open.length === 0) return fail({ kind: 'scan-ended' });
  const rights = await context.rights.read();
  for (const { job } of open) {
    const denial = rights.denial({ action: 'cancel', ...(await aboutJob(context, actor.person, job)) });
    if (denial) return fail(denial);
  }
  for (const { job } of open) {
    const cancelled = await cancelJob(context, actor, job.id, reason);
    // What ended meanwhile keeps its result. Rights that were taken away meanwhile stop the rest.
    if (!cancelled.ok && cancelled.error.kind === 'not-allowed') return fail(cancelled.error);
  }
  return ok(undefined);
}
