import type { Client } from '../api/client.js';
import type { RolloutDetail } from '../api/types.js';
import { say } from '../say.js';
import { statusText } from './text.js';

/** So often the rollout is read again (milliseconds). */
const EVERY_MS = 2000;

/** Prints a line whenever something of a rollout changes, until it ends. @returns it as it ended */
export async function watchRollout(client: Client, id: string): Promise<RolloutDetail> {
  for (let before = ''; ;) {
    const rollout = await client.get('/v1/rollouts/{id}', { path: { id } });
    const line = progressLine(rollout);
    if (line !== before) say(line);
    before = line;
    if (rollout.status === 'ended') return rollout;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** Where it is, in one line. */
export function progressLine(rollout: RolloutDetail): string {
  const { items, waves } = rollout;
  const many = (...of: readonly string[]) => items.filter(({ status }) => of.includes(status)).length;
  const wave = Math.min(waves.filter(({ proved }) => proved).length + 1, waves.length);
  const done = many('fixed', 'already-fine');
  const results = [`${many('failed')} failed`, `${many('unknown')} unknown`, `${many('unreached')} unreached`];
  return `${statusText(rollout)}  wave ${wave} of ${waves.length}  ${done} of ${items.length} done, ${many('started')} running, ${results.join(', ')}`;
}
