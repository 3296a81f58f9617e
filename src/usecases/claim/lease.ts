import type { Job } from '../../domain/job.js';
import type { WorkerContext } from '../worker-context.js';

/** How a worker ends: first it begins nothing new, then, when its grace is over, it stops what still runs. */
export interface Shutdown {
  readonly draining: AbortSignal;
  readonly now: AbortSignal;
}

export interface HeldLease {
  /** For what changes the target: aborts when the lease is lost, or the grace of a shutdown is over. */
  readonly signal: AbortSignal;
  /** For what only reads: aborts as soon as the worker drains, too. */
  readonly reading: AbortSignal;
  /** For the look before the first change: aborts when the job was cancelled, too. */
  readonly looking: AbortSignal;
  /** True where the last renewal is older than the lease: this process may have been paused, and another worker may own the job. */
  stale(): boolean;
  /** True while the worker drains: nothing new may begin. */
  stopping(): boolean;
  release(): void;
}

/** Keeps the lease of a claimed job alive (a third of its length apart) until released. Times are of a clock that never jumps. */
export function keepLease(context: WorkerContext, job: Pick<Job, 'id' | 'epoch'>, shutdown: Shutdown): HeldLease {
  const { leaseMs } = context.settings;
  const lost = new AbortController();
  const cancelled = new AbortController();
  let lastRenewed = performance.now();
  const stale = () => performance.now() - lastRenewed > leaseMs;
  const renew = async () => {
    const asked = performance.now();
    try {
      const { ours, cancel } = await context.jobs.renewLease(job.id, job.epoch, leaseMs);
      if (!ours) lost.abort();
      else lastRenewed = asked;
      if (cancel) cancelled.abort();
    } catch {
      // Database unavailable: continue until the lease expires, then abort; another worker may take over.
      if (stale()) lost.abort();
    }
  };
  const timer = setInterval(() => void renew(), leaseMs / 3);
  const signal = AbortSignal.any([lost.signal, shutdown.now]);
  const reading = AbortSignal.any([signal, shutdown.draining]);
  return {
    signal,
    reading,
    looking: AbortSignal.any([reading, cancelled.signal]),
    stale: () => lost.signal.aborted || stale(),
    stopping: () => shutdown.draining.aborted,
    release: () => clearInterval(timer),
  };
}
