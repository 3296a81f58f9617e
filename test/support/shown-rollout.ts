import { product } from './jobs.js';
import { createPatience } from './patience.js';

/** A rollout as the API shows it; `step`: the rest of its address, such as `/plans`. */
export const shownRollout = async (id: string, step = ''): Promise<any> =>
  (await product.call('admin', 'GET', `/v1/rollouts/${id}${step}`)).body;

/** The rollout once this holds of it, or as it is when there was no news of it for too long. */
export async function rolloutUntil(id: string, holds: (rollout: any) => boolean): Promise<any> {
  const patience = createPatience(`rollout ${id}`);
  for (;;) {
    const rollout = await shownRollout(id);
    if (holds(rollout)) return rollout;
    const news = [rollout.status, rollout.stops?.length, rollout.items?.map(({ state }: any) => state)];
    if (patience.isOver(JSON.stringify(news))) return rollout;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const isPlanned = ({ items }: any): boolean => items.every(({ status }: any) => status !== 'planning');
