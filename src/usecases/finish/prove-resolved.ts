import type { Job } from '../../domain/job.js';
import { givenBack } from '../../domain/moves.js';
import { durationMs } from '../../domain/time.js';
import { parkedDetail } from '../../domain/crash.js';
import { attention } from '../stop/needs-attention.js';
import { nextCheck, succeed, type Proved } from './finish-job.js';
import type { Shutdown } from '../claim/lease.js';
import { withClaim, type ClaimRule } from '../claim/with-claim.js';
import { lookAtTarget } from './prove-waiting.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** Code of a job that a person called done and that no worker has looked at yet. */
export const RESOLVED_IN_PLACE = 'resolved-in-place';

/**
 * A person resolved the job as `in-place`: Detect, Plan and Verify must say so too before it ends `succeeded`. Otherwise it is back with
 * a person, with code `resolution-not-verified`. Reads only.
 */
export async function proveResolved(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const rule: ClaimRule = {
    due: ({ state, code }) => state === 'needs-attention' && code === RESOLVED_IN_PLACE,
    onParked: ({ job }, crashes) =>
      attention(context, job, { code: 'parked', detail: parkedDetail(crashes) }, job.partial),
  };
  await withClaim(context, jobId, rule, stop, async ({ job, ...held }) => {
    const proved = await lookAtTarget(context, job, held);
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await notYet(context, job, proved);
  });
}

/** A target that was not reached is asked again; a proof that takes its time has the manifest's; anything else is not proved. */
async function notYet(context: WorkerContext, job: Job, proved: Exclude<Proved, { kind: 'proved' }>): Promise<void> {
  const manifest = await context.catalogue.manifest(job.runbook.contentDigest);
  const noAnswer = { within: manifest?.defer.upTo ?? '1h', every: '15s' };
  const wait = { 'no-answer': noAnswer, 'not-yet': manifest?.verify, refused: undefined }[proved.kind];
  await transitionClaimed(context, job, ['needs-attention'], ({ job: current, now }) => {
    const until = current.until ?? new Date(now.getTime() + (wait ? durationMs(wait.within) : 0));
    const why = { code: 'resolution-not-verified' as const, detail: proved.detail };
    if (!wait || now >= until) return attention(context, job, why, current.partial);
    return givenBack('needs-attention', nextCheck(now, until, durationMs(wait.every), proved), { until, crashes: 0 });
  });
}
