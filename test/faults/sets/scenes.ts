import { readLedgers } from '../checker/collect.js';
import { decide, newName, request, RESTS, seeThrough, submit, type World } from '../drive/lives.js';
import { sleep, until } from '../rig/folders.js';
import type { Rig, RigOptions } from '../rig/rig.js';
import { asAdmin } from './common.js';
import { tamperWithBundles, useForgedGrant } from './forgeries.js';
import { actionsOf, deliverFiveTimes } from './traffic.js';

/** A few seconds of the product in which one protection decides. Clean as it is; red without the protection. */
export interface Scene {
  readonly rig?: Partial<RigOptions>;
  /** Points at which the first process of a role that reaches one stops: it dies, or stands still for a while. */
  readonly armed?: { readonly points: readonly string[]; readonly act?: string; readonly role?: string };
  play(world: World, rig: Rig): Promise<readonly string[]>;
}

/** For what comes within a few seconds where nothing else is at work. */
const MOST_MS = 25_000;

/** Approves and waits for the end; a person settles what needs one. */
async function toTheEnd(world: World, id: string | undefined, ms = MOST_MS): Promise<readonly string[]> {
  if (id === undefined) return ['the job was not accepted'];
  await Promise.race([seeThrough(world, id), world.watch.until(id, RESTS, ms)]);
  return [];
}

async function waiting(world: World, id: string): Promise<void> {
  await world.watch.until(id, ['awaiting-approval', ...RESTS]);
}

export const SCENES: Readonly<Record<string, Scene>> = {
  plain: {
    play: async (world) => toTheEnd(world, await submit(world, { action: 'set', objects: ['a', 'b'], holdMs: 100 })),
  },
  'own request': {
    async play(world) {
      const id = await submit(world, { action: 'set', objects: ['a'], who: 'both' });
      if (id === undefined) return ['the job was not accepted'];
      await waiting(world, id);
      await decide(world, id, 'both');
      // With the protection nothing comes of it, so this is how long it is looked at.
      await world.watch.until(id, ['queued', 'running', ...RESTS], 10_000);
      await world.client.insist('both', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
      await world.watch.until(id, RESTS, MOST_MS);
      return [];
    },
  },
  'forged grant': {
    async play(world, rig) {
      const donor = await submit(world, { action: 'set', objects: ['a'] });
      const id = await submit(world, { action: 'set', objects: ['b'] });
      if (donor === undefined || id === undefined) return ['the jobs were not accepted'];
      await seeThrough(world, donor);
      await waiting(world, id);
      // The plan is read, so that the checker knows it; nobody approves it.
      await world.client.call('approver', 'GET', `/v1/jobs/${id}/plan`);
      await asAdmin(rig, (client) => useForgedGrant(client, donor, id));
      await world.watch.until(id, RESTS, MOST_MS);
      return [];
    },
  },
  'too late': {
    async play(world) {
      const id = await submit(world, { action: 'set', objects: ['a'] });
      if (id === undefined) return ['the job was not accepted'];
      await waiting(world, id);
      await world.client.insist('operator', 'POST', '/v1/freeze', { reason: 'until the grant is over' });
      const executeBy = Date.now() + 5000;
      await decide(world, id, 'approver', { executeBy: new Date(executeBy).toISOString() });
      const approved = await world.watch.until(id, ['queued', 'running', 'deferred'], executeBy - Date.now());
      // Beyond what the checker forgives an effect that comes a moment after.
      await sleep(executeBy + 4000 - Date.now());
      await world.client.insist('operator', 'DELETE', '/v1/freeze');
      await world.watch.until(id, RESTS, MOST_MS);
      return approved ? [] : ['the job had no grant that could end'];
    },
  },
  'tampered runbook': {
    async play(world, rig) {
      const id = await submit(world, { action: 'set', objects: ['a'] });
      if (id === undefined) return ['the job was not accepted'];
      await waiting(world, id);
      await world.client.insist('operator', 'POST', '/v1/freeze', { reason: 'time to tamper' });
      await decide(world, id, 'approver');
      await asAdmin(rig, tamperWithBundles);
      await world.client.insist('operator', 'DELETE', '/v1/freeze');
      await world.watch.until(id, RESTS, MOST_MS);
      return [];
    },
  },
  'cancelled midway': {
    async play(world) {
      const id = await submit(world, { action: 'set', objects: ['a', 'b'], holdMs: 4000 });
      if (id === undefined) return ['the job was not accepted'];
      await waiting(world, id);
      await decide(world, id, 'approver');
      const made = (word: string) => readLedgers(world.ledgers).some((line) => line.word === word);
      await until('the first change is in hand', () => made('begin'), MOST_MS);
      await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'stop' });
      const late = made('end') ? ['the first change was over before the cancel was there'] : [];
      await world.watch.until(id, RESTS, MOST_MS);
      return late;
    },
  },
  'paused worker': {
    rig: { workers: 2, env: { FIXPOINT_LEASE_MS: '1000', FIXPOINT_SETTLE_AFTER_MS: '300' } },
    armed: { points: ['src/usecases/apply-changes.ts:declareIntent:jobs.transition:before'], act: 'hold:12000' },
    async play(world) {
      // The other has those twelve seconds to take over, and is still at work on it when the first wakes.
      const problems = await toTheEnd(
        world,
        await submit(world, { action: 'send', objects: ['a'], holdMs: 7000 }),
        60_000,
      );
      // Until what the first may have begun when it woke has its effect.
      await sleep(6000);
      return problems;
    },
  },
  'crash between two changes': {
    armed: { points: ['src/usecases/effects.ts:recordResult:moveOurs:after'] },
    play: async (world) => toTheEnd(world, await submit(world, { action: 'send', objects: ['a', 'b'] })),
  },
  'unheard once': {
    armed: { points: ['src/usecases/effects.ts:recordResult:moveOurs:before'] },
    async play(world) {
      const id = await submit(world, { action: 'send', objects: ['a'], refuse: 'blind' });
      return toTheEnd(world, id);
    },
  },
  'one object': {
    rig: { workers: 2 },
    async play(world) {
      // Three of them, each for seconds: also where one worker is late, two are at work at once unless something keeps them apart.
      const wish = { action: 'set', objects: ['a'], holdMs: 1500 } as const;
      const ids = [await submit(world, wish), await submit(world, wish), await submit(world, wish)];
      for (const id of ids) if (id !== undefined) await waiting(world, id);
      await Promise.all(ids.map((id) => toTheEnd(world, id)));
      return [];
    },
  },
  twins: {
    async play(world) {
      for (let i = 0; i < 5; i++) {
        const wish = request(world, { action: 'set', objects: [newName(world, 'a')] });
        const twins = Array.from({ length: 4 }, () =>
          world.client.call('helpdesk', 'POST', '/v1/jobs', wish, `twin-${i}`),
        );
        for (const { body } of await Promise.all(twins)) await waiting(world, body.id as string);
      }
      return [];
    },
  },
  'crash after submit': {
    armed: {
      points: [
        'src/usecases/submit-job.ts:submitNew:submissions.submit:after',
        'src/adapters/postgres/submissions.ts:submit:enqueue:before',
      ],
      role: 'api',
    },
    async play(world, rig) {
      const id = await submit(world, { action: 'set', objects: ['a'] });
      if (id === undefined) return ['the job was not accepted'];
      // Without it the job waits for the sweeper, which makes one later: so their times say whether they were stored together.
      const { rows } = await asAdmin(rig, (client) =>
        client.query(
          `SELECT 1 FROM outbox WHERE job_id = $1
           AND created_at < (SELECT min(at) FROM job_events WHERE job_id = $1) + interval '2 seconds'`,
          [id],
        ),
      );
      const planned = await world.watch.until(id, ['awaiting-approval'], MOST_MS);
      return [
        ...(rows.length > 0 ? [] : ['a job was stored without its message']),
        ...(planned ? [] : ['a job was not planned']),
      ];
    },
  },
  'five messages': {
    rig: { workers: 4 },
    async play(world, rig) {
      await asAdmin(rig, deliverFiveTimes);
      const ids = await Promise.all(
        Array.from({ length: 4 }, () => submit(world, { action: 'set', objects: [newName(world, 'a')], holdMs: 1500 })),
      );
      await Promise.all(ids.map((id) => toTheEnd(world, id)));
      const problems: string[] = [];
      for (const id of ids) {
        const claims = (await actionsOf(rig, id ?? '')).filter((action) => action === 'job.claimed').length;
        if (claims !== 1) problems.push(`job ${id} was claimed ${claims} times`);
      }
      return problems;
    },
  },
};

/** Waits until a scene's process has stopped at its point: a scene whose fault did not happen shows nothing. */
export async function untilActed(rig: Rig): Promise<void> {
  await until('the fail point acted', () => rig.notes().acted.length > 0, 1000);
}
