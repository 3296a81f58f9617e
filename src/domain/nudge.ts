/**
 * A job that needs a worker is enqueued again after this long without progress, unless its message is still in the queue
 * (milliseconds). The queue gives up the message of a killed worker after 13 s at most; a job that is checked sooner still has its
 * message there and waits twice.
 */
export const REQUEUE_AFTER_MS = 15_000;

const LOOK_AGAIN_MS = { first: 3_000, most: 15_000, shareOfAge: 1 / 8 };

/**
 * How long to wait after an inconclusive check of the target, for an `unknown` of this age (both in milliseconds): 3 s at first,
 * for an engine or a connection that failed during the check; at most 15 s, for a target that stays unreachable.
 */
export function retryDelayMs(ageMs: number): number {
  const { first, most, shareOfAge } = LOOK_AGAIN_MS;
  return Math.min(most, Math.max(first, ageMs * shareOfAge));
}
