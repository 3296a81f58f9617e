import type { Job } from '../domain/job.js';
import type { WorkerContext } from './worker-context.js';

export interface Hold {
  /** Aborts when the lease is lost or the worker shuts down. */
  readonly signal: AbortSignal;
  /** True once somebody else may have taken the job: nothing may be written for it any more. */
  lost(): boolean;
  release(): void;
}

/** Keeps the lease of a claimed job alive (a third of its length apart) until released. */
export function holdLease(context: WorkerContext, job: Pick<Job, 'id' | 'epoch'>, stop: AbortSignal): Hold {
  const { leaseMs } = context.settings;
  const aborter = new AbortController();
  let lost = false;
  let lastHeard = Date.now();
  const onStop = () => aborter.abort();
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop, { once: true });
  const timer = setInterval(() => {
    context.jobs
      .renewLease(job.id, job.epoch, leaseMs)
      .then((ours) => {
        if (ours) lastHeard = Date.now();
        else lose();
      })
      .catch(() => {
        if (Date.now() - lastHeard > leaseMs) lose();
      });
  }, leaseMs / 3);
  const lose = () => {
    lost = true;
    aborter.abort();
  };
  return {
    signal: aborter.signal,
    lost: () => lost,
    release() {
      clearInterval(timer);
      stop.removeEventListener('abort', onStop);
    },
  };
}
