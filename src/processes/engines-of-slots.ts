import { createPowerShellHost } from '../adapters/powershell/index.js';
import type { PowerShellHost } from '../ports/powershell-host.js';
import type { Config } from './config.js';

/** What an engine may hold before it is ended (bytes), and so much more for each further slot that it serves. */
const ENGINE_BYTES = 1024 ** 3;
const BYTES_OF_A_FURTHER_SLOT = 256 * 1024 ** 2;

/** The engine of each slot of a worker: one of its own, or one that `FIXPOINT_SLOTS_PER_ENGINE` slots share. */
export function enginesOfSlots(
  { engineDirectory, slotsPerEngine }: Pick<Config, 'engineDirectory' | 'slotsPerEngine'>,
  runtimeDirectory: string,
  log: (message: string) => void,
): (slot: number) => PowerShellHost {
  const engines: PowerShellHost[] = [];
  const mostBytes = ENGINE_BYTES + (slotsPerEngine - 1) * BYTES_OF_A_FURTHER_SLOT;
  return (slot) =>
    (engines[Math.floor(slot / slotsPerEngine)] ??= createPowerShellHost({
      ...{ engineDirectory, runtimeDirectory, env: process.env, log, mostBytes },
    }));
}
