import { pause } from '../platform/wake.js';

/** `authority` may start an engine and read every script meanwhile, on a busy machine too. */
const JUDGED_WITHIN_MS = 60_000;
const LOOK_MS = 200;

/** What a row says once `authority` has judged it, or after a while as it is: it is not lost, and judged later. */
export async function onceJudged<T>(look: () => Promise<T>, isJudged: (row: T) => boolean): Promise<T> {
  const deadline = performance.now() + JUDGED_WITHIN_MS;
  const never = new AbortController().signal;
  for (;;) {
    const row = await look();
    if (isJudged(row) || performance.now() > deadline) return row;
    await pause(LOOK_MS, never);
  }
}
