import { followRollout } from './follow-rollout.js';
import { product } from './jobs.js';

/** A rollout as the API shows it; `step`: the rest of its address, such as `/plans`. */
export const shownRollout = async (id: string, step = ''): Promise<any> =>
  (await product.call('admin', 'GET', `/v1/rollouts/${id}${step}`)).body;

/** The rollout once this holds of it, or as it is when there was no news of it for too long. */
export const rolloutUntil = (id: string, holds: (rollout: any) => boolean): Promise<any> =>
  followRollout(id, () => shownRollout(id), holds);
