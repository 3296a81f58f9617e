import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localTarget } from '../../support/local-target.js';
import { compact } from '../checker/history.js';
import { sleep } from '../rig/folders.js';
import { until } from '../../support/patience.js';
import { decide, newName, RESTS, SCENERY_MS, seeThrough, submit, type World } from './jobs.js';
import { LIVES, type Life } from './lives.js';
import { addVariant, removeVariant } from './variants.js';

/** What seldom happens by chance, on purpose: so that every boundary of the code is reached. */
export function rareLives(runbooks: string): Readonly<Record<string, Life>> {
  return {
    async 'approval expires'(world) {
      const id = await submit(world, { action: 'set', objects: [newName(world, 'e')], runbook: 'ledger-short' });
      if (id) await world.watch.until(id, RESTS);
    },
    async 'target changes under a grant'(world) {
      const name = newName(world, 'box');
      const made = await world.client.insist('admin', 'POST', '/v1/targets', localTarget(name));
      if (made.status !== 201) return;
      const box = made.body.id as string;
      const id = await submit(world, { action: 'set', objects: [newName(world, 't')], target: box });
      if (!id || (await world.watch.until(id, ['awaiting-approval', ...RESTS]))?.state !== 'awaiting-approval') return;
      await world.client.insist('operator', 'POST', '/v1/freeze', { reason: 'a change of the inventory' });
      await decide(world, id, 'approver');
      await world.client.insist('admin', 'PATCH', `/v1/targets/${box}`, { tags: ['changed'] });
      await world.client.insist('operator', 'DELETE', '/v1/freeze');
      await world.watch.until(id, RESTS, SCENERY_MS);
      await world.client.insist('admin', 'DELETE', `/v1/targets/${box}`);
    },
    async 'two want the same'(world) {
      const wish = { action: 'set', objects: [newName(world, 'same')], value: newName(world, 'v') } as const;
      const ids = [await submit(world, wish), await submit(world, wish)];
      for (const id of ids) if (id) await world.watch.until(id, ['awaiting-approval', ...RESTS]);
      for (const id of ids) if (id) await seeThrough(world, id);
    },
    async 'answer is lost'(world) {
      const id = await submit(world, { action: 'set', objects: [newName(world, 'l')], refuse: 'answer' });
      if (id) await seeThrough(world, id);
    },
    async 'answer is lost and the target is closed'(world) {
      const value = newName(world, 'v');
      const id = await submit(world, { action: 'set', objects: [newName(world, 'l')], refuse: 'answer', value });
      if (!id || (await world.watch.until(id, ['awaiting-approval', ...RESTS]))?.state !== 'awaiting-approval') return;
      await decide(world, id, 'approver');
      await world.watch.until(id, ['unknown', ...RESTS], SCENERY_MS);
      const closed = join(world.ledgers, `closed-${value}`);
      writeFileSync(closed, '');
      await sleep(6000);
      rmSync(closed);
      await seeThrough(world, id);
    },
    async 'target changes while a result is unknown'(world) {
      const name = newName(world, 'box');
      const targets = [localTarget(name)];
      const made = await world.client.insist('admin', 'POST', '/v1/targets:import', { targets });
      if (made.status !== 201) return;
      const [{ id: box }] = made.body.items as [{ id: string }];
      const value = newName(world, 'v');
      const objects = [newName(world, 'u')];
      const id = await submit(world, { action: 'set', objects, refuse: 'answer', value, target: box });
      if (!id || (await world.watch.until(id, ['awaiting-approval', ...RESTS]))?.state !== 'awaiting-approval') return;
      // Closed, so that the change of the target comes before the look that would reconcile the job.
      const closed = join(world.ledgers, `closed-${value}`);
      await decide(world, id, 'approver');
      await world.watch.until(id, ['unknown', ...RESTS], SCENERY_MS);
      writeFileSync(closed, '');
      await world.client.insist('admin', 'PATCH', `/v1/targets/${box}`, { tags: ['changed'] });
      rmSync(closed);
      await seeThrough(world, id);
      await world.client.insist('admin', 'DELETE', `/v1/targets/${box}`);
    },
    async 'answer is lost and the proof is missing'(world) {
      const id = await submit(world, { action: 'set', objects: [newName(world, 'l')], refuse: 'answer' });
      if (!id) return;
      const missing = join(world.ledgers, `unproven-${compact(id)}`);
      writeFileSync(missing, '');
      const living = seeThrough(world, id);
      await world.watch.until(id, ['waiting', ...RESTS], SCENERY_MS);
      rmSync(missing);
      await living;
    },
    async 'once is lost'(world) {
      const id = await submit(world, { action: 'send', objects: [newName(world, 's')], holdMs: 700 });
      if (id) await seeThrough(world, id);
    },
    async 'a person says what the target does not show'(world) {
      const id = await submit(world, { action: 'send', objects: [newName(world, 's')], refuse: 'answer-blind' });
      if (!id) return;
      await Promise.race([seeThrough(world, id), sleep(SCENERY_MS)]);
      await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
    },
    async 'takes long'(world) {
      const id = await submit(world, { action: 'set', objects: [newName(world, 'g')], holdMs: 1100 });
      if (id) await seeThrough(world, id);
    },
    async 'access is denied'(world) {
      await world.client.call('auditor', 'POST', '/v1/freeze', { reason: 'not mine to do' });
      await sleep(300);
    },
    async 'two want one object'(world) {
      const wish = { action: 'set', objects: [newName(world, 'both')], holdMs: 1500 } as const;
      const ids = await Promise.all([submit(world, wish), submit(world, wish)]);
      for (const id of ids) if (id) await world.watch.until(id, ['awaiting-approval', ...RESTS]);
      await Promise.all(ids.flatMap((id) => (id ? [seeThrough(world, id)] : [])));
    },
    async 'refused and put back'(world) {
      const names = [newName(world, 'r'), newName(world, 'r')];
      const id = await submit(world, { action: 'set', objects: names, refuse: names[1] as string });
      if (id) await seeThrough(world, id, { onFailure: 'rollback' });
    },
    async 'the proof takes its time'(world) {
      const id = await submit(world, { action: 'set', objects: [newName(world, 'w')] });
      if (!id) return;
      const missing = join(world.ledgers, `unproven-${compact(id)}`);
      writeFileSync(missing, '');
      const living = seeThrough(world, id);
      await world.watch.until(id, ['waiting', ...RESTS], SCENERY_MS);
      await sleep(8000);
      rmSync(missing);
      await living;
    },
    async 'a consent is recorded'(world) {
      const consent = { kind: 'close-client', subjectSid: 'S-1-5-21-1-2-3-1104', evidence: 'said so on the phone' };
      await world.client.insist('helpdesk', 'POST', '/v1/consents', consent);
      await sleep(300);
    },
    async 'a runbook comes and goes'(world) {
      const id = newName(world, 'ledger-visit-');
      addVariant(runbooks, id);
      await loaded(world, id, true);
      removeVariant(runbooks, id);
      await loaded(world, id, false);
    },
    refused: LIVES.refused as Life,
    cancelled: LIVES.cancelled as Life,
    waiting: LIVES.waiting as Life,
    contended: LIVES.contended as Life,
    undone: LIVES.undone as Life,
    deferred: LIVES.deferred as Life,
    superseded: LIVES.superseded as Life,
    send: LIVES.send as Life,
  };
}

async function loaded(world: World, id: string, there: boolean): Promise<void> {
  await until(`runbook ${id} is ${there ? 'loaded' : 'gone'}`, async () => {
    const { status } = await world.client.call('admin', 'GET', `/v1/runbooks/${id}`);
    return status === (there ? 200 : 404);
  });
}
