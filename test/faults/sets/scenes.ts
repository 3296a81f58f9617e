import { readFileSync } from 'node:fs';
import { readLedgers } from '../checker/collect.js';
import { decide, newName, request, RESTS, seeThrough, submit, type World } from '../drive/jobs.js';
import { compact } from '../checker/history.js';
import { sleep } from '../rig/folders.js';
import { HANGS_MS, until } from '../../support/patience.js';
import type { Rig, RigOptions } from '../rig/rig.js';
import { asAdmin } from './common.js';
import { tamperWithBundles, useForgedGrant } from './forgeries.js';
import { ROLLOUT_SCENES } from './rollout-scenes.js';
import { actionsOf, deliverFiveTimes } from './traffic.js';

/** A few seconds of the product in which one protection decides. Clean as it is; red without the protection. */
export interface Scene {
  readonly rig?: Partial<RigOptions>;
  /** Points at which the first process of a role that reaches one stops: it dies, or stands still for a while. */
  readonly armed?: { readonly points: readonly string[]; readonly act?: string; readonly role?: string };
  /** @param pace how many times longer than on an idle machine everything that must overlap takes */
  play(world: World, rig: Rig, pace: number): Promise<readonly string[]>;
}

/** Approves and waits for the end; a person resolves what needs one. */
async function toTheEnd(world: World, id: string | undefined): Promise<readonly string[]> {
  if (id === undefined) return ['the job was not accepted'];
  await seeThrough(world, id);
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
    async play(world, rig) {
      const id = await submit(world, { action: 'set', objects: ['a'], who: 'both' });
      if (id === undefined) return ['the job was not accepted'];
      await waiting(world, id);
      const { status } = await decide(world, id, 'both');
      // Where it was taken, something comes of it: it is approved, or refused after all.
      const refused = async () => (await actionsOf(rig, id)).includes('job.decision-refused');
      const approved = () => !['awaiting-approval', undefined].includes(world.watch.seen(id)?.state);
      if (status === 200) await until('the decision is judged', async () => approved() || (await refused()));
      await world.client.insist('both', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
      await world.watch.until(id, RESTS);
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
      await world.watch.until(id, RESTS);
      return [];
    },
  },
  'too late': {
    async play(world) {
      // A grant that was over before it was given shows nothing: then the next is given more time.
      for (let ms = 5000; ms < HANGS_MS; ms *= 2) {
        const id = await submit(world, { action: 'set', objects: [newName(world, 'a')] });
        if (id === undefined) return ['the job was not accepted'];
        await waiting(world, id);
        await world.client.insist('operator', 'POST', '/v1/freeze', { reason: 'until the grant is over' });
        const executeBy = Date.now() + ms;
        await decide(world, id, 'approver', { executeBy: new Date(executeBy).toISOString() });
        const approved = await world.watch.until(id, ['queued', 'running', 'deferred'], executeBy - Date.now());
        // Beyond what the checker forgives an effect that comes a moment after.
        await sleep(executeBy + 4000 - Date.now());
        await world.client.insist('operator', 'DELETE', '/v1/freeze');
        if (!approved) await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'too late' });
        await world.watch.until(id, RESTS);
        if (approved) return [];
      }
      return ['no job had a grant that could end'];
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
      await world.watch.until(id, RESTS);
      return [];
    },
  },
  'cancelled midway': {
    async play(world) {
      // A cancel that comes when the first change is over shows nothing: then the next job's changes take longer.
      for (let holdMs = 4000; holdMs < HANGS_MS; holdMs *= 2) {
        const objects = [newName(world, 'a'), newName(world, 'b')];
        const id = await submit(world, { action: 'set', objects, holdMs });
        if (id === undefined) return ['the job was not accepted'];
        await waiting(world, id);
        await decide(world, id, 'approver');
        const made = (word: string) =>
          readLedgers(world.ledgers).some((line) => line.job === compact(id) && line.word === word);
        await until('the first change is in hand', () => made('begin'));
        await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'stop' });
        const late = made('end');
        await world.watch.until(id, RESTS);
        if (!late) return [];
      }
      return ['no cancel came before the first change was over'];
    },
  },
  'paused worker': {
    rig: { workers: 2, env: { FIXPOINT_LEASE_MS: '1000', FIXPOINT_RECONCILE_AFTER_MS: '300' } },
    armed: { points: ['src/usecases/journal/attempt-change.ts:declareIntent:transitionClaimed:before'], act: 'stop' },
    async play(world, rig, pace) {
      const id = await submit(world, { action: 'send', objects: ['a'], holdMs: 7000 * pace });
      const living = toTheEnd(world, id);
      const begun = () => readLedgers(world.ledgers).filter(({ word }) => word === 'begin').length;
      await untilActed(rig);
      const workers = rig.of('worker');
      await until('a worker stands still', () => workers.some(standsStill));
      const paused = workers.find(standsStill);
      // The other takes over and is at work on it when the first wakes. It stops at its own first change as well: it is woken at once.
      await until('another worker took over', () => {
        for (const worker of workers) if (worker !== paused && standsStill(worker)) worker.signal('SIGCONT');
        return begun() > 0;
      });
      paused?.signal('SIGCONT');
      const problems = await living;
      // Until what the first may have begun when it woke has its effect.
      await sleep(6000 * pace);
      return problems;
    },
  },
  'crash between two changes': {
    armed: { points: ['src/usecases/journal/record-result.ts:recordResult:transitionClaimed:after'] },
    play: async (world) => toTheEnd(world, await submit(world, { action: 'send', objects: ['a', 'b'] })),
  },
  'unheard once': {
    armed: { points: ['src/usecases/journal/record-result.ts:recordResult:transitionClaimed:before'] },
    async play(world) {
      const id = await submit(world, { action: 'send', objects: ['a'], refuse: 'blind' });
      return toTheEnd(world, id);
    },
  },
  'one object': {
    rig: { workers: 2 },
    async play(world, _rig, pace) {
      // Three of them, each for seconds: also where one worker is late, two are at work at once unless something keeps them apart.
      const wish = { action: 'set', objects: ['a'], holdMs: 1500 * pace } as const;
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
          world.client.insist('helpdesk', 'POST', '/v1/jobs', wish, `twin-${i}`),
        );
        for (const { body } of await Promise.all(twins)) await waiting(world, body.id as string);
      }
      return [];
    },
  },
  'crash after submit': {
    armed: {
      points: [
        'src/usecases/submit/submit-job.ts:store:submissions.submit:after',
        'src/adapters/postgres/jobs/submissions.ts:submit:enqueue:before',
      ],
      role: 'api',
    },
    async play(world, rig) {
      const id = await submit(world, { action: 'set', objects: ['a'] });
      if (id === undefined) return ['the job was not accepted'];
      // Without it the job waits for the sweeper, which makes one 15 s later: so their times say whether they were stored together.
      const { rows } = await asAdmin(rig, (client) =>
        client.query(
          `SELECT 1 FROM outbox WHERE job_id = $1
           AND created_at < (SELECT min(at) FROM job_events WHERE job_id = $1) + interval '10 seconds'`,
          [id],
        ),
      );
      const planned = await world.watch.until(id, ['awaiting-approval']);
      return [
        ...(rows.length > 0 ? [] : ['a job was stored without its message']),
        ...(planned ? [] : ['a job was not planned']),
      ];
    },
  },
  'five messages': {
    rig: { workers: 4, env: { FIXPOINT_LEASE_MS: '300000' } },
    async play(world, rig, pace) {
      await asAdmin(rig, deliverFiveTimes);
      const ids = await Promise.all(
        Array.from({ length: 4 }, () =>
          submit(world, { action: 'set', objects: [newName(world, 'a')], holdMs: 1500 * pace }),
        ),
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
  ...ROLLOUT_SCENES,
};

/** Whether SIGSTOP holds the process of a keeper: its state in /proc is T. */
function standsStill(keeper: { pid(): number | undefined }): boolean {
  const pid = keeper.pid();
  if (pid === undefined) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

/** Waits until a scene's process has stopped at its point: a scene whose fault did not happen shows nothing. */
export async function untilActed(rig: Rig, ms?: number): Promise<void> {
  await until('the fail point acted', () => rig.notes().acted.length > 0, ms);
}
