import type { EngineCounters } from '../src/ports/engine-counters.js';
import type { PowerShellHost } from '../src/ports/powershell-host.js';

/** How long a job may take between two phases: to connect, to read and to write the database. */
const BETWEEN_PHASES_MS = 5 * 60_000;

interface Slot {
  readonly host: PowerShellHost;
}

/**
 * Which slots are held by work that goes on for longer than anything it can do: its engine has begun and ended nothing for five
 * minutes, and runs no phase that may still take its time (`timeouts` of the runbook). Such a slot takes no message until the worker
 * is started again.
 */
export function createSlotWatch(
  engines: Pick<EngineCounters, 'busyUntil'>,
  clock: () => number = () => performance.now(),
) {
  const since = new Map<Slot, number>();
  return {
    /** The slot works from now on. */
    works: (slot: Slot) => void since.set(slot, clock()),
    /** The slot is free, or waits for its turn: how long that takes is not its own fault. */
    rests: (slot: Slot) => void since.delete(slot),
    stuck: (): number =>
      [...since].filter(([{ host }, from]) => clock() - Math.max(from, engines.busyUntil(host)) > BETWEEN_PHASES_MS)
        .length,
  };
}
