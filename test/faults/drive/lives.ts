import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compact } from '../checker/history.js';
import { sleep } from '../rig/folders.js';
import { decide, newName, request, RESTS, SCENERY_MS, seeThrough, submit, type World } from './jobs.js';
import { seeRollout } from './rollout-life.js';

export type Life = (world: World) => Promise<unknown>;

const objects = (world: World, most: number): string[] => {
  const count = 1 + world.dice.below(most);
  return [...new Set(Array.from({ length: count }, () => `o${world.dice.below(40)}`))];
};
const hold = (world: World) => world.dice.pick([0, 0, 50, 400]);
/** Also the pause of a person: between nothing and the middle of things. */
const whenever = (world: World) => sleep(world.dice.below(1500));

/** What people do, by name; the generator draws from these. */
export const LIVES: Readonly<Record<string, Life>> = {
  async set(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 3), holdMs: hold(world) });
    if (id) await seeThrough(world, id);
  },
  async send(world) {
    const id = await submit(world, {
      action: 'send',
      objects: [newName(world, 's'), newName(world, 's')],
      holdMs: hold(world),
    });
    if (id) await seeThrough(world, id);
  },
  async risky(world) {
    const id = await submit(world, { action: 'set-risky', objects: objects(world, 2) });
    if (id) await seeThrough(world, id, {}, ['approver', 'approver2']);
  },
  async contended(world) {
    const id = await submit(world, { action: 'set', objects: ['hot'], holdMs: 100 });
    if (id) await seeThrough(world, id);
  },
  async rejected(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 2) });
    if (id && (await world.watch.until(id, ['awaiting-approval', ...RESTS])))
      await decide(world, id, 'approver', {}, 'reject');
    if (id) await world.watch.until(id, RESTS, SCENERY_MS);
  },
  async cancelled(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 3), holdMs: 300 });
    if (!id) return;
    const living = seeThrough(world, id);
    await whenever(world);
    await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'changed my mind' });
    await living;
  },
  async refused(world) {
    const names = [newName(world, 'r'), newName(world, 'r')];
    const id = await submit(world, { action: 'set', objects: names, refuse: names[1] as string });
    if (id) await seeThrough(world, id, { onFailure: world.dice.pick(['leave', 'rollback']) });
  },
  async deferred(world) {
    const value = newName(world, 'v');
    const closed = join(world.ledgers, `closed-${value}`);
    writeFileSync(closed, '');
    const id = await submit(world, { action: 'set', objects: objects(world, 2), value });
    if (id) await world.watch.until(id, ['deferred', ...RESTS], SCENERY_MS);
    rmSync(closed);
    if (id && (await world.watch.until(id, ['awaiting-approval', ...RESTS]))) {
      writeFileSync(closed, '');
      await decide(world, id, 'approver');
      await world.watch.until(id, ['deferred', ...RESTS], SCENERY_MS);
      rmSync(closed);
      await seeThrough(world, id);
    }
  },
  async waiting(world) {
    const id = await submit(world, { action: 'set', objects: [newName(world, 'w')] });
    if (!id) return;
    const missing = join(world.ledgers, `unproven-${compact(id)}`);
    writeFileSync(missing, '');
    const living = seeThrough(world, id);
    await world.watch.until(id, ['waiting', ...RESTS], SCENERY_MS);
    await sleep(1500);
    rmSync(missing);
    await living;
  },
  async undone(world) {
    const names = [newName(world, 'u'), newName(world, 'u')];
    const id = await submit(world, { action: 'set', objects: names });
    if (!id || (await seeThrough(world, id)) !== 'succeeded') return;
    const { status, body } = await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/rollback`, {
      reason: 'undo',
    });
    if (status === 201) await seeThrough(world, body.id as string);
  },
  async superseded(world) {
    const names = objects(world, 2);
    const id = await submit(world, { action: 'set', objects: names });
    if (!id || (await world.watch.until(id, ['awaiting-approval', ...RESTS]))?.state !== 'awaiting-approval') return;
    const next = await submit(world, { action: 'set', objects: names, supersedes: id });
    if (next) await seeThrough(world, next);
    else await seeThrough(world, id);
  },
  async twice(world) {
    const wish = request(world, { action: 'send', objects: [newName(world, 's')] });
    const key = newName(world, 'twin');
    const twins = await Promise.all(
      Array.from({ length: 4 }, () => world.client.insist('helpdesk', 'POST', '/v1/jobs', wish, key)),
    );
    const made = twins.find(({ status }) => status === 201);
    if (made) await seeThrough(world, made.body.id as string);
  },
  rollout: seeRollout,
};
