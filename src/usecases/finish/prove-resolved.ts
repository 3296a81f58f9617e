import type { Job } from '../../domain/job.js';
import { fail } from '../../domain/result.js';
import { durationMs } from '../../domain/time.js';
import { claimCrashed, MOST_CRASHES, poisonDetail } from '../../domain/crash.js';
import { attention } from '../stop/needs-attention.js';
import { nextCheck, succeed, type Proved } from './finish-job.js';
import { holdLease, type Shutdown } from '../claim/lease.js';
import { lookAtTarget } from './prove-waiting.js';
import { openStory } from '../phases/job-output.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/** Code of a job that a person called done and that no worker has looked at yet. */
export const SETTLED_IN_PLACE = 'settled-in-place';

/**
 * A person settled the job `in-place`: Detect, Plan and Verify must say so too before it ends `succeeded`. Otherwise it is back with
 * a person, with code `not-proved`. Reads only.
 */
export async function proveSettled(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const { id, leaseMs } = context.settings;
  const claimed = await context.jobs.transition(jobId, ({ job, now }) => {
    const due = job.state === 'needs-attention' && job.code === SETTLED_IN_PLACE;
    const early = (job.nextTryAt && job.nextTryAt > now) || (job.leaseUntil && job.leaseUntil > now);
    if (!due || early) return fail({ kind: 'not-due' as const });
    const crashes = job.crashes + (claimCrashed(job, now) ? 1 : 0);
    if (crashes >= MOST_CRASHES) {
      return { ok: true, value: attention(context, job, 'poison', poisonDetail(crashes), job.partial) };
    }
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const set = { epoch: job.epoch + 1, leaseUntil, worker: id, crashes };
    return { ok: true, value: { to: 'needs-attention', set, events: [], wakeAt: leaseUntil } };
  });
  if (!claimed.ok || claimed.value.code !== SETTLED_IN_PLACE) return;
  const job = claimed.value;
  const hold = holdLease(context, job, stop);
  const story = openStory(context, jobId);
  try {
    const proved = await lookAtTarget(context, job, { hold, story });
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await notYet(context, job, proved);
  } finally {
    await story.close();
    hold.release();
  }
}

/** A target that was not reached is asked again; a proof that takes its time has the manifest's; anything else is not proved. */
async function notYet(context: WorkerContext, job: Job, proved: Exclude<Proved, { kind: 'proved' }>): Promise<void> {
  const manifest = (await context.catalogue.get(job.runbook.contentDigest))?.manifest;
  const unheard = { within: manifest?.defer.upTo ?? '1h', every: '15s' };
  const wait = proved.kind === 'unheard' ? unheard : manifest?.verify;
  await moveOurs(context, job, ['needs-attention'], ({ job: current, now }) => {
    const until = current.until ?? new Date(now.getTime() + (wait ? durationMs(wait.within) : 0));
    if (!wait || now >= until) return attention(context, job, 'not-proved', proved.detail, current.partial);
    const nextTryAt = nextCheck(now, until, durationMs(wait.every), proved);
    const set = { nextTryAt, until, leaseUntil: null, crashes: 0 };
    return { to: 'needs-attention', set, events: [], wakeAt: nextTryAt };
  });
}
