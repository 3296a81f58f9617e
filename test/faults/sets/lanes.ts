import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes that want to run, for each core, above which no further set is begun beside those that are played. */
const BUSY = 8;
const LOOK_MS = 5000;

/** Something to play, and how much of the machine it wants while it is played. */
export interface Task {
  readonly weight: number;
  readonly play: () => Promise<void>;
}

/**
 * What is played side by side weighs at most this much. A set mostly waits for processes that were killed, so that a core bears two of
 * weight 1. More at once is slower: where starts and leases take longer than the pauses between the faults, most work is done again.
 */
export function mostWeight(cores = availableParallelism()): number {
  return 2 * Math.min(cores, 5);
}

const isMachineBusy = () => (loadavg()[0] ?? 0) / availableParallelism() > BUSY;

/**
 * Plays every task: whenever there is room, the first in their order that fits. On a machine that is busy with something else fewer,
 * but always one, whatever it weighs.
 */
export async function playInLanes(
  tasks: readonly Task[],
  most = mostWeight(),
  isBusy: () => boolean = isMachineBusy,
): Promise<void> {
  const waiting = [...tasks];
  const playing = new Set<Promise<void>>();
  let weight = 0;
  const next = () => {
    if (playing.size > 0 && isBusy()) return undefined;
    const i = waiting.findIndex((task) => playing.size === 0 || weight + task.weight <= most);
    return i < 0 ? undefined : waiting.splice(i, 1)[0];
  };
  while (waiting.length > 0 || playing.size > 0) {
    for (let task = next(); task; task = next()) {
      const { weight: its, play } = task;
      weight += its;
      const played: Promise<void> = play().finally(() => {
        weight -= its;
        playing.delete(played);
      });
      playing.add(played);
    }
    await Promise.race([...playing, ...(waiting.length > 0 ? [sleep(LOOK_MS, undefined, { ref: false })] : [])]);
  }
}
