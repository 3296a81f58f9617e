import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresBackend, Queue } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { createPostgresQueue } from '../../src/adapters/queue/index.js';
import type { MessageQueue, Message } from '../../src/ports/queue.js';
import { createDropLog } from '../../src/usecases/dropped-messages.js';
import { consumeAndWatch } from '../../workers/watch-consumer.js';
import { Folder, startDurable, until, type Durable } from '../support/durable.js';

let product: Durable;
let queue: MessageQueue;
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  product = await startDurable();
  queue = createPostgresQueue({ url: product.urls.queue, log: () => undefined });
});
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await queue?.close();
  await product?.stop();
});

/** Messages of a job as the relay sent them. */
async function sentFor(id: string): Promise<readonly Message[]> {
  const { rows } = await product.admin.query<{ id: string; priority: number }>(
    'SELECT id, priority FROM outbox WHERE job_id = $1 AND sent_at IS NOT NULL ORDER BY created_at',
    [id],
  );
  return rows.map((row) => ({ id: `m-${row.id}`, jobId: id, priority: row.priority }));
}
async function empty(): Promise<void> {
  const connection = { connectionString: product.urls.queue, max: 2, schema: 'bullmq' } as never;
  const bull = new Queue('fixpoint-default', { connection }, createPostgresBackend as never);
  await bull.obliterate({ force: true });
  await bull.close();
}
const dropped = async (reason: string) =>
  (
    await product.admin.query(
      "SELECT 1 FROM audit_events WHERE action = 'job.message-dropped' AND bytes::jsonb->'data'->>'reason' = $1",
      [reason],
    )
  ).rowCount ?? 0;

describe('a queue that loses and repeats messages', () => {
  it('when all are lost, is filled again from the database', async () => {
    await product.stopWorker();
    const ids = await Promise.all([1, 2, 3].map(() => product.submit(new Folder())));
    await until(async () => (await queue.waiting('default')) === 3);
    await empty();
    expect(await queue.waiting('default')).toBe(0);
    // The sweeper would look at them after half a minute.
    await product.admin.query('UPDATE jobs SET wake_at = now() WHERE id = ANY($1)', [ids]);
    await product.startWorker();
    for (const id of ids) expect((await product.until(id, ['awaiting-approval'])).state).toBe('awaiting-approval');
  });

  it('when old ones are repeated, does nothing twice and leaves a trace', async () => {
    const folder = new Folder();
    const job = await product.planned(folder);
    await product.approve(job);
    await product.until(job.id, ['succeeded']);
    const old = await sentFor(job.id);
    expect(old.length).toBeGreaterThan(1);
    const before = await product.actions(job.id);
    // A dump of yesterday: the same ids, which the queue has forgotten by now.
    await empty();
    await queue.send('default', old);
    await until(async () => (await dropped('used')) >= old.length);
    expect(await product.actions(job.id)).toEqual(before);
    expect(folder.effects()).toBe(1);
  });

  it('when each is repeated five times to every worker, handles it once', async () => {
    const folder = new Folder();
    folder.hold('detect');
    const id = await product.submit(folder);
    const [message] = await until2(() => sentFor(id));
    if (!message) throw new Error('no message');
    const doubles = Array.from({ length: 5 }, () => ({ ...message, id: `m-${randomUUID()}` }));
    await queue.send('default', doubles);
    await until(async () => (await dropped('unknown')) >= 5);
    folder.releaseLocks();
    await product.until(id, ['awaiting-approval']);
    expect((await product.actions(id)).filter((action) => action === 'job.planning-started')).toHaveLength(1);
  });
});

async function until2<T>(get: () => Promise<readonly T[]>): Promise<readonly T[]> {
  await until(async () => (await get()).length > 0);
  return get();
}

describe('messages that nobody sent', () => {
  it('are dropped with an event each, up to a bound, and one for the rest', async () => {
    const events: { data: unknown }[] = [];
    let now = 0;
    const log = createDropLog({ append: async (event) => void events.push(event) }, randomUUID, () => now);
    for (let i = 0; i < 500; i++) await log.dropped({ id: `m-${i}`, jobId: 'x' }, 'unknown');
    now = 61_000;
    await log.flush();
    expect(events).toHaveLength(21);
    expect(events[20]?.data).toEqual({ reason: 'more', count: 480 });
  });

  it('of any shape cause no unhandled rejection', async () => {
    const connection = { connectionString: product.urls.queue, max: 2, schema: 'bullmq' } as never;
    const bull = new Queue('fixpoint-default', { connection }, createPostgresBackend as never);
    const shapes: unknown[] = [null, 'text', 7, [], {}, { jobId: null }, { jobId: { $ne: 1 } }, { jobId: '\u2028' }];
    for (const shape of shapes) await bull.add('job', shape, { jobId: `m-${randomUUID()}` });
    await bull.add('job', { jobId: randomUUID() });
    await until(async () => (await queue.waiting('default')) === 0);
    await bull.close();
    expect((await product.planned(new Folder())).state).toBe('awaiting-approval');
    expect(unhandled).toEqual([]);
  });
});

describe('a stalled consumer', () => {
  it('is replaced, and waiting messages are handled', async () => {
    const taken: string[] = [];
    const said: string[] = [];
    let consumers = 0;
    // A double for the first consumer only: it takes nothing and says nothing. What replaces it, and the queue, are real.
    const half: Pick<MessageQueue, 'consume' | 'waiting'> = {
      waiting: (pool) => queue.waiting(pool),
      consume: async (pool, options, handle) =>
        (consumers += 1) === 1
          ? { alive: () => Promise.resolve(true), close: () => Promise.resolve() }
          : queue.consume(pool, options, handle),
    };
    const watch = { queue: half, pool: 'deaf', slots: 1, log: (text: string) => void said.push(text) };
    const consumer = await consumeAndWatch(
      { ...watch, everyMs: 100, stalledAfterMs: 1000 },
      async ({ id }) => void taken.push(id),
    );
    const message = { id: `m-${randomUUID()}`, jobId: randomUUID(), priority: 1 };
    await queue.send('deaf', [message]);
    await until(() => taken.length === 1);
    expect(taken).toEqual([message.id]);
    expect(consumers).toBe(2);
    expect(said).toEqual([expect.stringContaining('took nothing')]);
    await consumer.close();
  });
});
