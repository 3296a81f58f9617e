import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresBackend, Queue } from 'bullmq';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createMeasuredHosts } from '../../src/adapters/powershell/measured-host.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { readiness } from '../../src/http/health.js';
import { keptFor } from '../../src/http/kept.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import type { ApiContext } from '../../src/usecases/api-context.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { until } from '../support/patience.js';
import { createSlotWatch } from '../../workers/slot-watch.js';

describe('a queue that answers and hands nothing out', () => {
  let product: TestProduct;
  let pool: pg.Pool;
  let queue: Queue;
  beforeAll(async () => {
    product = await startTestProduct();
    await addLocalTarget(product);
    pool = new pg.Pool({ connectionString: product.urls.queue, options: '-c search_path=bullmq' });
    const backend = createPostgresBackend as never;
    queue = new Queue('fixpoint-default', { connection: pool }, backend);
    await queue.waitUntilReady();
  });
  afterAll(async () => {
    await queue?.close();
    await pool?.end();
    await product?.stop();
  });
  const queueNow = async () =>
    ((await product.call(undefined, 'GET', '/readyz')).body as { parts: { queue: string } }).parts.queue;

  it('is not ready while a message waits, and is ready again when it was taken', async () => {
    await until('the queue is up', async () => (await queueNow()) === 'up');
    await queue.pause();
    const parameters = { directory: mkdtempSync('/tmp/fxq-'), names: ['a'], text: 'x' };
    const wish = { runbook: 'set-file-text', target: 'box', parameters, reason: 'test' };
    const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', wish);
    await until('it says that the queue stands still', async () => (await queueNow()) === 'stalled');
    expect((await product.call(undefined, 'GET', '/readyz')).status).toBe(503);
    expect((await product.call('admin', 'GET', `/v1/jobs/${body.id}`)).body.state).toBe('planning');
    await queue.resume();
    await product.until(body.id, ['awaiting-approval']);
    await until('the queue is up again', async () => (await queueNow()) === 'up');
  });
});

describe('a people file that somebody broke while the product runs', () => {
  let product: TestProduct;
  beforeAll(async () => {
    product = await startTestProduct();
  });
  afterAll(() => product?.stop());

  it('is not ready and refuses requests with a code of its own, until it is mended', async () => {
    const path = join(product.home, 'people.json');
    const whole = readFileSync(path, 'utf8');
    const ready = async () =>
      ((await product.call(undefined, 'GET', '/readyz')).body as { parts: { people: string } }).parts.people;
    expect(await ready()).toBe('up');
    writeFileSync(path, whole.slice(0, -5));
    const { status, body } = await product.call('helpdesk', 'GET', '/v1/jobs');
    expect([status, body.code]).toEqual([503, 'people-unreadable']);
    expect(JSON.stringify(body)).not.toContain(path);
    // An answer is kept for a second.
    await until('the people are down', async () => (await ready()) === 'down');
    expect((await product.call(undefined, 'GET', '/readyz')).status).toBe(503);
    writeFileSync(path, whole);
    expect((await product.call('helpdesk', 'GET', '/v1/jobs')).status).toBe(200);
    await until('the people are up', async () => (await ready()) === 'up');
  });
});

describe('readiness', () => {
  const beat = (part: string, detail: Record<string, string>) => ({ part, instance: part, detail });
  const others = [beat('authority', {}), beat('relay', { queue: 'up' })];
  const worker = (pool: string, idleMs: number) => beat('worker', { pool, idleMs: String(idleMs), engine: 'up' });
  const look = async (waiting: readonly string[], ...workers: ReturnType<typeof beat>[]) =>
    lookAt({ ageMs: 100 }, waiting, ...workers);
  /** Where the parts reported so long ago; `at` by a clock that is far from this one. */
  const lookAt = async ({ ageMs }: { ageMs: number }, waiting: readonly string[], ...workers: typeof others) => {
    const at = new Date('2000-01-01');
    const heartbeats = {
      read: () => Promise.resolve([...others, ...workers].map((each) => ({ ...each, at, ageMs }))),
    };
    const people = { read: () => Promise.resolve({ all: [] }) };
    const rights = { read: () => Promise.resolve(BUILT_IN_RIGHTS) };
    const figures = { poolsWaiting: () => Promise.resolve(waiting) };
    const { ready, parts } = await readiness({ heartbeats, figures, people, rights } as unknown as ApiContext, () =>
      Promise.resolve(),
    );
    return [ready, parts.queue];
  };

  it.each([
    ['nothing waits', [], [worker('a', 99_000)], [true, 'up']],
    [
      'what waits has its turn to come: every slot is busy, or took a message lately',
      ['a'],
      [worker('a', 0)],
      [true, 'up'],
    ],
    ['a worker has a free slot and takes nothing', ['a'], [worker('a', 99_000)], [false, 'stalled']],
    ['another worker of the pool takes messages', ['a'], [worker('a', 99_000), worker('a', 100)], [true, 'up']],
    ['no worker serves the pool', ['b'], [worker('a', 0)], [false, 'stalled']],
  ] as const)('%s', async (_, waiting, workers, expected) => {
    expect(await look(waiting, ...workers)).toEqual(expected);
  });

  it.each([
    [29_000, [true, 'up']],
    [31_000, [false, 'down']],
  ] as const)('goes by the clock of the database alone: parts that reported %i ms ago', async (ageMs, expected) => {
    expect(await lookAt({ ageMs }, [], worker('a', 0))).toEqual(expected);
  });
});

describe('a slot that holds a job', () => {
  const MINUTE = 60_000;
  /** A slot over an engine that ends nothing until it is told to. */
  const aSlot = () => {
    let now = 0;
    const ends: (() => void)[] = [];
    const runPhase = () => new Promise((resolve) => ends.push(() => resolve({ ok: true })));
    const session = { runPhase, close: () => Promise.resolve() };
    const engine = { open: () => Promise.resolve({ ok: true, value: session }) } as unknown as PowerShellHost;
    const engines = createMeasuredHosts(() => now);
    const slot = { host: engines.measureHost(engine) };
    const watch = createSlotWatch(engines, () => now);
    const later = (minutes: number) => {
      now += minutes * MINUTE;
      return watch.stuck();
    };
    return { slot, watch, later, end: () => ends.shift()?.() };
  };

  it('is stuck when nothing of the job begins or ends for longer than five minutes', () => {
    const { slot, watch, later } = aSlot();
    watch.works(slot);
    expect([later(5), later(1)]).toEqual([0, 1]);
  });

  it('is not stuck while it is free, or waits for its turn', () => {
    const { slot, watch, later } = aSlot();
    expect(later(60)).toBe(0);
    watch.works(slot);
    watch.rests(slot);
    expect(later(60)).toBe(0);
  });

  it('may take as long as its phase may, and not longer', async () => {
    const { slot, watch, later, end } = aSlot();
    watch.works(slot);
    later(4);
    const opened = await slot.host.open({ kind: 'local' });
    if (!opened.ok) throw new Error('not opened');
    const run = { script: { name: 'x/Apply.ps1' }, timeoutMs: 60 * MINUTE } as never;
    const first = opened.value.runPhase(run);
    expect([later(64), later(2)]).toEqual([0, 1]);
    end();
    await first;
    expect([later(5), later(1)]).toEqual([0, 1]);
  });
});

it('an answer is kept for a second, whoever asks', async () => {
  let [now, asked] = [0, 0];
  const health = keptFor(
    1000,
    () => Promise.resolve((asked += 1)),
    () => now,
  );
  expect(await Promise.all([health(), health(), health()])).toEqual([1, 1, 1]);
  now = 999;
  expect(await health()).toBe(1);
  now = 1000;
  expect(await health()).toBe(2);
  expect(asked).toBe(2);
});
