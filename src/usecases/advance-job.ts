import type { Job, State } from '../domain/job.js';
import { openIntents } from '../domain/journal.js';
import { becameUnknown, ended } from '../domain/moves.js';
import { fail, ok } from '../domain/result.js';
import { crashesAfter } from '../domain/crash.js';
import { workerEvent } from './facts.js';
import type { Shutdown } from './claim/lease.js';
import { planJob } from './plan/plan-job.js';
import { proveResolved } from './finish/prove-resolved.js';
import { proveWaiting } from './finish/prove-waiting.js';
import { runJob } from './run-job.js';
import { reconcileUnknown } from './reconcile/reconcile-unknown.js';
import { inJob } from '../platform/spans.js';
import type { WorkerContext } from './worker-context.js';

/**
 * What a message means: do what the state of the job, as it was just read, asks for. Each step looks again when it moves the job. Messages may come late, twice or forged; the row and the
 * grant decide, and what is not due is left alone.
 */
export async function advanceJob(context: WorkerContext, job: Job, stop: Shutdown): Promise<void> {
  if (job.pool !== context.settings.pool) return;
  await inJob(job, `job.${STEP[job.state] ?? 'look'}`, () => step(context, job, stop));
}

/** What the span of a message is called. */
const STEP: Partial<Record<State, string>> = {
  planning: 'plan',
  deferred: 'try-again',
  queued: 'run',
  running: 'lose-lease',
  'rolling-back': 'lose-lease',
  waiting: 'prove',
  unknown: 'reconcile',
  'needs-attention': 'prove',
  'awaiting-approval': 'expire',
};

async function step(context: WorkerContext, job: Job, stop: Shutdown): Promise<void> {
  const { id: jobId } = job;
  const frozen = (await context.freeze.read()).frozen;
  switch (job.state) {
    case 'planning':
      return frozen ? undefined : planJob(context, jobId, stop);
    case 'deferred':
      if (frozen) return;
      return job.grantJti ? runJob(context, job, stop) : planJob(context, jobId, stop);
    case 'queued':
      return frozen ? undefined : runJob(context, job, stop);
    case 'running':
    case 'rolling-back':
      return loseLease(context, job);
    case 'waiting':
      return proveWaiting(context, jobId, stop);
    case 'unknown':
      return reconcileUnknown(context, jobId, stop);
    case 'needs-attention':
      return proveResolved(context, jobId, stop);
    case 'awaiting-approval':
      return expireApproval(context, jobId);
    default:
      return undefined;
  }
}

/** A claim whose lease expired: what its worker did is not known, so the job becomes `unknown` and is never simply run again. */
async function loseLease(context: WorkerContext, { id: jobId, runbook }: Job): Promise<void> {
  const manifest = await context.catalogue.manifest(runbook.contentDigest);
  await context.jobs.transition(jobId, ({ job, journal, now }) => {
    const claimed = job.state === 'running' || job.state === 'rolling-back';
    if (!claimed || (job.leaseUntil && job.leaseUntil > now)) return fail({ kind: 'not-due' as const });
    const nextTryAt = new Date(now.getTime() + context.settings.reconcileAfterMs);
    const crashes = crashesAfter(job, journal, manifest);
    const data = {
      worker: job.worker ?? 'unknown',
      epoch: job.epoch,
      openIntents: openIntents(journal).length,
      crashes,
    };
    const events = [workerEvent(context, 'job.unknown', job, { outcome: 'unknown', data })];
    // The next epoch: whatever the old worker still writes is refused.
    return ok(becameUnknown({ code: 'worker-lost' }, nextTryAt, { set: { epoch: job.epoch + 1, crashes }, events }));
  });
}

async function expireApproval(context: WorkerContext, jobId: string): Promise<void> {
  await context.jobs.transition(jobId, ({ job, latest }) => {
    const over = job.state === 'awaiting-approval' && job.plan !== undefined && job.plan.expiresAt <= latest;
    if (!over) return fail({ kind: 'not-due' as const });
    const events = [workerEvent(context, 'job.expired', job, { outcome: 'failure' })];
    return ok(ended('expired', { code: 'approval-expired' }, { events }));
  });
}
