import { availableParallelism, loadavg } from 'node:os';
import { sleep } from '../rig/folders.js';

/** Sets mostly wait for processes that are killed, so that a few of them share a core. */
const PER_CORE = 2;
/** Processes that want to run, for each core, above which no further set is begun beside those that are played. */
const BUSY = 8;
const LOOK_MS = 5000;

/** How many lanes there are at most. The load when a run begins is that of what has just ended; `playInLanes` looks at it as it goes. */
export function mostLanes(cores = availableParallelism()): number {
  return Math.min(10, PER_CORE * cores + 1);
}

/** Plays the tasks in their order, so many at a time; on a busy machine fewer, but always one. */
export async function playInLanes(tasks: readonly (() => Promise<void>)[], lanes = mostLanes()): Promise<void> {
  const waiting = [...tasks];
  let playing = 0;
  const isBusy = () => (loadavg()[0] ?? 0) / availableParallelism() > BUSY;
  const lane = async () => {
    for (;;) {
      while (playing > 0 && waiting.length > 0 && isBusy()) await sleep(LOOK_MS);
      const task = waiting.shift();
      if (!task) return;
      playing += 1;
      await task().finally(() => (playing -= 1));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
