import type { JobCode } from '../../domain/codes/lookup.js';
import type { Job } from '../../domain/job.js';
import { durationMs } from '../../domain/time.js';
import type { Move } from '../../domain/move.js';
import { ended, givenBack } from '../../domain/moves.js';
import { checkJob } from '../claim/check-job.js';
import { parkedDetail } from '../../domain/crash.js';
import { nextCheck, notOpened, prove, succeed, type Proved } from './finish-job.js';
import type { Shutdown } from '../claim/lease.js';
import { withClaim, type ClaimRule, type Held } from '../claim/with-claim.js';
import { openChecked } from '../phases/open-checked.js';
import { workerEvent } from '../facts.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** Looks whether the proof of a waiting job is there by now. Reads only: it may do so after the grant has ended. */
export async function proveWaiting(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const rule: ClaimRule = {
    due: ({ state }) => state === 'waiting',
    onParked: ({ job }, crashes) => unproved(context, job, 'parked', parkedDetail(crashes)),
  };
  await withClaim(context, jobId, rule, stop, async ({ job, ...held }) => {
    const proved = await lookAtTarget(context, job, held);
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await waitOn(context, job, proved);
  });
}

/** A fresh look at the target of a claimed job: Detect, Plan and Verify, nothing else. */
export async function lookAtTarget(context: WorkerContext, job: Job, held: Held): Promise<Proved> {
  const checked = await checkJob(context, job);
  if (!checked.ok) return { kind: 'not-yet', ...checked.error };
  const { bundle } = checked.value;
  const reader = await openChecked(context, bundle, job, 'detect', 'detect', held.hold.reading);
  if (!reader.ok) return notOpened(reader.error, bundle);
  try {
    return await prove(context, { job, bundle, ...held }, reader.value);
  } finally {
    await reader.value.session.close();
  }
}

async function waitOn(context: WorkerContext, job: Job, proved: Exclude<Proved, { kind: 'proved' }>): Promise<void> {
  const manifest = await context.catalogue.manifest(job.runbook.contentDigest);
  const every = durationMs(manifest?.verify?.every ?? '15s');
  await transitionClaimed(context, job, ['waiting'], ({ job: current, now }) => {
    const until = current.until ?? now;
    if (proved.kind === 'refused') return unproved(context, job, proved.code, proved.detail);
    if (now >= until) return unproved(context, job, 'not-verified', proved.detail);
    const nextTryAt = nextCheck(now, until, every, proved);
    return givenBack('waiting', nextTryAt, { crashes: 0 });
  });
}

function unproved(context: WorkerContext, job: Job, code: JobCode, detail: string): Move {
  const events = [workerEvent(context, 'job.failed', job, { outcome: 'failure', data: { code } })];
  return ended('failed', { code, detail }, { events });
}
