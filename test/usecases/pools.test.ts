import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { withScratchRedis } from '../../bench/scratch-redis.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { followRollout, isPlanned } from '../support/follow-rollout.js';
import { newFolder, text } from '../support/jobs.js';
import { startWorkerProcess } from '../support/killable-workers.js';
import { localTarget } from '../support/local-target.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import type { Who } from '../support/people.js';

/** A product whose messages go over a Redis, with one worker of its own and two in another pool, each a process as the product starts it. */
let product: TestProduct;
let admin: pg.Client;
let north: readonly ChildProcess[] = [];
let endRedis: () => void = () => undefined;
let redisGone: Promise<void> = Promise.resolve();

beforeAll(async () => {
  const url = await new Promise<string>((resolve) => {
    redisGone = withScratchRedis(async (redis) => {
      resolve(redis.url);
      await new Promise<void>((end) => (endRedis = end));
    });
  });
  product = await startTestProduct({ env: { REDIS_URL: url } });
  admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
  const worker = () =>
    startWorkerProcess({
      ...{ FIXPOINT_HOME: product.home, FIXPOINT_POOL: 'north', FIXPOINT_SLOTS: '2', FIXPOINT_SLOTS_PER_ENGINE: '2' },
      ...{ FIXPOINT_ALLOW_LOCAL: '1', FIXPOINT_DRAIN_MS: '600000', REDIS_URL: url },
      FIXPOINT_WORKER_DATABASE_URL: product.urls.worker,
    });
  north = [worker(), worker()];
  await Promise.all(north.map((child) => once(child, 'message')));
  for (const name of ['south-1', 'south-2', 'south-3']) await add({ ...localTarget(name), site: 'south' });
  for (const name of ['north-1', 'north-2', 'north-3', 'north-4', 'north-5'])
    await add({ ...localTarget(name), site: 'north', settings: { pool: 'north' } });
});
afterAll(async () => {
  for (const child of north) child.kill('SIGKILL');
  await admin?.end();
  await product?.stop();
  endRedis();
  await redisGone;
});

const add = async (target: object) => {
  const { status, body } = await product.call('admin', 'POST', '/v1/targets', target);
  expect([status, body]).toEqual([201, expect.anything()]);
};
const shown = async (id: string, step = '') => (await product.call('admin', 'GET', `/v1/rollouts/${id}${step}`)).body;
const until = (id: string, holds: (rollout: any) => boolean) => followRollout(id, () => shown(id), holds);
const approve = async (id: string) => {
  const { root } = await shown(id, '/plans');
  const who: Who = 'approver';
  return product.call(who, 'POST', `/v1/rollouts/${id}/decision`, { decision: 'approve', root, reason: 'ok' });
};
/** The processes that carried out jobs on the targets of a site, by their ids. */
const processesOf = async (id: string, site: string) => {
  const { rows } = await admin.query<{ worker: string; pool: string }>(
    `SELECT worker, pool FROM jobs WHERE rollout = $1 AND target::jsonb ->> 'site' = $2`,
    [id, site],
  );
  return rows.map(({ worker, pool }) => ({ pool, pid: Number(worker.split('/')[1]) }));
};

describe('a rollout over targets of two pools', () => {
  it('is carried out by the workers of each, and continues while one of them is drained', async () => {
    const folder = newFolder();
    const names = ['south-1', 'north-1', 'north-2', 'south-2', 'north-3', 'south-3', 'north-4', 'north-5'];
    const { body } = await product.call('operator', 'POST', '/v1/rollouts', {
      ...{ runbook: 'set-file-text', reason: 'test', expect: names.length, atOnce: 2 },
      waves: [{ size: 1 }, { size: 1 }, { size: 'rest', approval: true }],
      items: names.map((target) => ({ target, parameters: { directory: folder, names: [target], text: 'x' } })),
    });
    await until(body.id, isPlanned);
    expect((await approve(body.id)).body.status).toBe('running');
    const paused = await until(body.id, ({ status }) => status !== 'running');
    expect([paused.status, paused.items.slice(0, 2).map(({ status }: any) => status)]).toEqual([
      'paused',
      ['fixed', 'fixed'],
    ]);

    const [first] = (await processesOf(body.id, 'north')).filter(({ pid }) => north.some((child) => child.pid === pid));
    const drained = north.find(({ pid }) => pid === first?.pid) as ChildProcess;
    const ended = once(drained, 'exit');
    drained.kill('SIGTERM');
    const [stop] = paused.stops;
    const resumed = await product.call('approver', 'POST', `/v1/rollouts/${body.id}/resume`, {
      ...{ ends: [stop.id], exclude: [], reason: 'go' },
    });
    expect([resumed.status, resumed.body]).toEqual([200, expect.anything()]);
    expect(await ended).toEqual([0, null]);
    const done = await until(body.id, ({ status }) => status === 'ended');
    expect([done.ending, done.items.map(({ status }: any) => status)]).toEqual(['finished', names.map(() => 'fixed')]);
    expect(names.map((name) => text(folder, name))).toEqual(names.map(() => 'x'));
    const there = await processesOf(body.id, 'north');
    expect(there.map(({ pool }) => pool)).toEqual(there.map(() => 'north'));
    expect(there.every(({ pid }) => north.some((child) => child.pid === pid))).toBe(true);
    const here = await processesOf(body.id, 'south');
    expect(here).toEqual(here.map(() => ({ pool: 'default', pid: process.pid })));
  });

  it('a job of a pool waits for a worker of it, and a worker of another pool does not take it', async () => {
    await add({ ...localTarget('east-1'), settings: { pool: 'east' } });
    const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
      ...{ runbook: 'set-file-text', target: 'east-1', reason: 'test' },
      parameters: { directory: newFolder(), names: ['a'], text: 'x' },
    });
    const other = await product.call('helpdesk', 'POST', '/v1/jobs', {
      ...{ runbook: 'set-file-text', target: 'south-1', reason: 'test' },
      parameters: { directory: newFolder(), names: ['a'], text: 'x' },
    });
    // Asked for later and planned: the first one is not behind it in a queue.
    expect((await product.until(other.body.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
    expect((await product.call('helpdesk', 'GET', `/v1/jobs/${body.id}`)).body.state).toBe('planning');
  });

  it.each(['North', 'a b', '', 'x'.repeat(41), 7])('a pool named %j is refused', async (pool) => {
    const { status, body } = await product.call('admin', 'POST', '/v1/targets', {
      ...localTarget('odd'),
      settings: { pool },
    });
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });
});
