import { claimCrashed, MOST_CRASHES } from '../../domain/crash.js';
import type { Job } from '../../domain/job.js';
import type { JobView, Move } from '../../domain/move.js';
import { claimed } from '../../domain/moves.js';
import { fail, ok } from '../../domain/result.js';
import { openJobOutput, type OutputWriter } from '../phases/job-output.js';
import type { WorkerContext } from '../worker-context.js';
import { keepLease, type HeldLease, type Shutdown } from './lease.js';

/** What the holder of a claim works with: its lease, and the output of the job. */
export interface Held {
  readonly hold: HeldLease;
  readonly story: OutputWriter;
}

/** A claimed job, as the claim left it. */
export interface Claim extends Held {
  readonly job: Job;
}

/** What a step claims, apart from what is the same for all. */
export interface ClaimRule {
  /** Whether the job is one for this step. Its next try and a living lease are looked at for every step. */
  readonly due: (job: Job) => boolean;
  /** The move of a job that crashed too often; undefined: it is claimed all the same. */
  readonly onParked: (view: JobView, crashes: number) => Move | undefined;
  /** What the claim carries beside epoch, lease and worker, given the job and the new epoch. */
  readonly events?: (job: Job, epoch: number) => Move['events'];
}

/**
 * Claims a job whose time has come and hands it to `work`; does nothing where it is not due or somebody holds it. A lease that ran
 * out is a claim that ended without a result: it counts as a crash, here and nowhere else.
 */
export async function withClaim(
  context: WorkerContext,
  jobId: string,
  rule: ClaimRule,
  stop: Shutdown,
  work: (claim: Claim) => Promise<void>,
): Promise<void> {
  const { id: worker, leaseMs } = context.settings;
  const moved = await context.jobs.transition(jobId, (view) => {
    const { job, now } = view;
    const early = (job.nextTryAt && job.nextTryAt > now) || (job.leaseUntil && job.leaseUntil > now);
    if (!rule.due(job) || early) return fail({ kind: 'not-due' as const });
    const crashes = job.crashes + (claimCrashed(job, now) ? 1 : 0);
    const poisoned = crashes >= MOST_CRASHES ? rule.onParked(view, crashes) : undefined;
    if (poisoned) return ok(poisoned);
    // What was put off before it had a plan is planned again.
    const to = job.state === 'deferred' ? 'planning' : job.state;
    const lease = { worker, until: new Date(now.getTime() + leaseMs) };
    return ok(claimed(job, to, lease, { set: { crashes }, events: rule.events?.(job, job.epoch + 1) ?? [] }));
  });
  // A job that was stopped instead has no lease.
  if (!moved.ok || !moved.value.leaseUntil) return;
  const job = moved.value;
  await whileHeld(context, job, stop, (held) => work({ job, ...held }));
}

/** Keeps the lease of a claimed job and its output open while `work` runs. */
export async function whileHeld(
  context: WorkerContext,
  job: Pick<Job, 'id' | 'epoch'>,
  stop: Shutdown,
  work: (held: Held) => Promise<void>,
): Promise<void> {
  const hold = keepLease(context, job, stop);
  const story = openJobOutput(context, job.id);
  try {
    await work({ hold, story });
  } finally {
    await story.close();
    hold.release();
  }
}
