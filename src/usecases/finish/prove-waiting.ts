import type { Job } from '../../domain/job.js';
import { fail } from '../../domain/result.js';
import { durationMs } from '../../domain/time.js';
import type { Move } from '../../ports/job-store.js';
import { checkJob } from '../claim/check-job.js';
import { claimCrashed, MOST_CRASHES, poisonDetail } from '../../domain/crash.js';
import { nextCheck, prove, succeed, type Proved } from './finish-job.js';
import { holdLease, type Shutdown } from '../claim/lease.js';
import { openRunspace } from '../phases/run-phase.js';
import { openStory } from '../phases/job-output.js';
import { serviceFact } from '../facts.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/** Looks whether the proof of a waiting job is there by now. Reads only: it may do so after the grant has ended. */
export async function proveWaiting(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const { id, leaseMs } = context.settings;
  const claimed = await context.jobs.transition(jobId, ({ job, now }) => {
    const due = job.state === 'waiting' && !(job.nextTryAt && job.nextTryAt > now);
    if (!due || (job.leaseUntil && job.leaseUntil > now)) return fail({ kind: 'not-due' as const });
    const crashes = job.crashes + (claimCrashed(job, now) ? 1 : 0);
    if (crashes >= MOST_CRASHES) return { ok: true, value: unproved(context, job, 'poison', poisonDetail(crashes)) };
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const set = { epoch: job.epoch + 1, leaseUntil, worker: id, crashes };
    return { ok: true, value: { to: 'waiting', set, events: [], wakeAt: leaseUntil } };
  });
  if (!claimed.ok || claimed.value.state !== 'waiting') return;
  const job = claimed.value;
  const hold = holdLease(context, job, stop);
  const story = openStory(context, jobId);
  try {
    const proved = await lookAtTarget(context, job, { hold, story });
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await waitOn(context, job, proved);
  } finally {
    await story.close();
    hold.release();
  }
}

/** A fresh look at the target of a claimed job: Detect, Plan and Verify, nothing else. */
export async function lookAtTarget(
  context: WorkerContext,
  job: Job,
  parts: Pick<Parameters<typeof prove>[1], 'hold' | 'story'>,
): Promise<Proved> {
  const checked = await checkJob(context, job);
  if (!checked.ok) return { kind: 'not-yet', ...checked.error };
  const { bundle } = checked.value;
  const reader = await openRunspace(context, bundle, job, 'detect', 'detect', parts.hold.reading);
  if (!reader.ok) return { kind: 'unheard', detail: reader.error.kind };
  try {
    return await prove(context, { job, bundle, ...parts }, reader.value);
  } finally {
    await reader.value.session.close();
  }
}

async function waitOn(context: WorkerContext, job: Job, proved: Exclude<Proved, { kind: 'proved' }>): Promise<void> {
  const bundle = await context.catalogue.get(job.runbook.contentDigest);
  const every = durationMs(bundle?.manifest.verify?.every ?? '15s');
  await moveOurs(context, job, ['waiting'], ({ job: current, now }) => {
    const until = current.until ?? now;
    if (now >= until) return unproved(context, job, 'not-settled', proved.detail);
    const nextTryAt = nextCheck(now, until, every, proved);
    return { to: 'waiting', set: { nextTryAt, leaseUntil: null, crashes: 0 }, events: [], wakeAt: nextTryAt };
  });
}

function unproved(context: WorkerContext, job: Job, code: string, detail: string): Move {
  return {
    to: 'failed',
    set: { code, detail, leaseUntil: null, nextTryAt: null },
    events: [serviceFact(context.newId, 'worker', 'job.failed', job, { outcome: 'failure', data: { code } })],
  };
}
