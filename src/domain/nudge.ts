/**
 * Without news for this long a job that needs a worker is sent for again, unless its message is still in the carrier
 * (milliseconds). A carrier gives up the message of a killed worker after 13 s at most: a job that is looked at sooner is found to
 * be on its way and waits twice.
 */
export const REQUEUE_AFTER_MS = 15_000;

const LOOK_AGAIN_MS = { first: 3_000, most: 15_000, shareOfAge: 1 / 8 };

/**
 * How long to wait after a look at the target that settled nothing, for an `unknown` of this age (both in milliseconds): 3 s at
 * first, for an engine that fell or a link that broke while looking; at most 15 s, for a target that stays away.
 */
export function retryDelayMs(ageMs: number): number {
  const { first, most, shareOfAge } = LOOK_AGAIN_MS;
  return Math.min(most, Math.max(first, ageMs * shareOfAge));
}
