import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlanned } from '../../support/follow-rollout.js';
import { newName, RESTS, type Wish, type World } from '../drive/jobs.js';
import { seeRolloutThrough } from '../drive/rollout-life.js';
import {
  approveByAll,
  openPauses,
  readRollout,
  resume,
  stopRollout,
  submitRollout,
  untilRollout,
  type RolloutWish,
} from '../drive/rollouts.js';
import { asAdmin } from './common.js';
import { changeApprovedList } from './forgeries.js';
import type { Scene } from './scenes.js';

const CANARY_FIRST = [{ size: 1 }, { size: 'rest' }] as const;

/** Items of an object each. `more`: what is different about the item at this place. */
const itemsOf = (world: World, count: number, more: (index: number, name: string) => Partial<Wish>): readonly Wish[] =>
  Array.from({ length: count }, (_, index) => {
    const name = newName(world, 'a');
    return { action: 'set', objects: [name], ...more(index, name) };
  });

/** Submits a rollout with a canary and approves it when every item is planned, then follows it to its end. */
async function toTheEnd(world: World, wish: Omit<RolloutWish, 'waves'>): Promise<readonly string[]> {
  const id = await submitRollout(world, { ...wish, waves: CANARY_FIRST });
  if (id === undefined) return ['the rollout was not accepted'];
  await untilRollout(world, id, isPlanned);
  if (!(await approveByAll(world, id))) return ['the rollout was not approved'];
  await seeRolloutThrough(world, id, 'abort');
  return [];
}

/** Scenes in which a protection of rollouts decides. */
export const ROLLOUT_SCENES: Readonly<Record<string, Scene>> = {
  'slow canary': {
    rig: { workers: 2 },
    play: (world, _rig, pace) =>
      // Another worker has nothing to do while the canary is at work, unless the next wave is begun.
      toTheEnd(world, {
        items: itemsOf(world, 3, (index) => ({ holdMs: index === 0 ? 4000 * pace : 0 })),
        atOnce: 3,
      }),
  },
  'failure in a wave': {
    play: (world) =>
      // One after the other: what is begun after the failure is begun although it is known.
      toTheEnd(world, {
        items: itemsOf(world, 6, (index, name) => (index === 1 ? { refuse: name } : {})),
        ...{ atOnce: 1, budget: { failed: 0 } },
      }),
  },
  'changed list': {
    async play(world, rig) {
      const late = newName(world, 'v');
      const closed = join(world.ledgers, `closed-${late}`);
      writeFileSync(closed, '');
      const items = itemsOf(world, 3, (index) => (index === 2 ? { value: late } : {}));
      const id = await submitRollout(world, { items, waves: CANARY_FIRST });
      if (id === undefined) return ['the rollout was not accepted'];
      await untilRollout(world, id, ({ items: [first, second, third] }) => {
        return first.status === 'planned' && second.status === 'planned' && third.state === 'deferred';
      });
      await stopRollout(world, id, 'pause');
      if (!(await approveByAll(world, id))) return ['the rollout was not approved'];
      rmSync(closed);
      const { job } = (await readRollout(world, id)).items[2];
      await world.watch.until(job, ['awaiting-approval', ...RESTS]);
      // The plan is read, so that the checker knows it; nobody approves it.
      await world.client.insist('approver', 'GET', `/v1/jobs/${job}/plan`);
      await asAdmin(rig, (client) => changeApprovedList(client, id, job));
      const pauses = openPauses(await readRollout(world, id)).map((pause) => pause.id as string);
      await resume(world, id, 'operator', pauses, []);
      await seeRolloutThrough(world, id, 'abort');
      return [];
    },
  },
};
