import { setTimeout as sleep } from 'node:timers/promises';
import { createPatience, HANGS_MS } from './patience.js';

/** Whether every item of a rollout, as the API shows it, has been planned or never will be. */
export const isPlanned = ({ items }: any): boolean => items.every(({ status }: any) => status !== 'planning');

/**
 * Reads a rollout again and again until this holds of it, or until there was no news of it for too long.
 * @returns the rollout as it was read last
 */
export async function followRollout(
  id: string,
  read: () => Promise<any>,
  holds: (rollout: any) => boolean,
  { ms = HANGS_MS, everyMs = 100 } = {},
): Promise<any> {
  const patience = createPatience(`rollout ${id}`, ms);
  for (;;) {
    const rollout = await read();
    if (holds(rollout)) return rollout;
    const news = [rollout.status, rollout.stops?.length, rollout.items?.map(({ state }: any) => state)];
    if (patience.isOver(JSON.stringify(news))) return rollout;
    await sleep(everyMs);
  }
}
