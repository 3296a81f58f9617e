import { createPostgresBackend, Queue, type ConnectionOptions } from 'bullmq';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withDatabase } from '../../../src/adapters/postgres/index.js';
import { withScratchRedis } from '../../../bench/scratch-redis.js';
import { standInHost } from '../../generative/host.js';
import { randomOf, type Random } from '../../generative/random.js';
import { until } from '../../support/patience.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../../support/product.js';
import { tally, type Amount, type Figure } from './figure.js';

/** What whoever owns the queue can put into it: any content under any name, and the messages that were sent before. */
interface Forged {
  readonly name: string;
  readonly data: unknown;
  readonly opts: { readonly jobId: string; readonly priority: number };
}

interface Known {
  /** Jobs that wait for an approval, and one that was approved, has run and would run again. */
  readonly waiting: readonly string[];
  readonly ended: string;
}

const SHAPES: readonly unknown[] = [
  ...[null, '', 'text', 7, true, [], {}, [[]], { jobId: null }, { jobId: 7 }, { jobId: { $ne: 1 } }, { jobId: ['x'] }],
  ...[{ jobId: "'; DROP TABLE jobs" }, { jobId: '\u2028' }, { jobId: 'x'.repeat(10_000) }, { grant: { jti: 'x' } }],
];

function forgery(random: Random, { waiting, ended }: Known, old: string | undefined): Forged {
  const job = random.pick([...waiting, ended, randomUUID()]);
  const data = random.chance(0.3) ? random.pick(SHAPES) : { jobId: job, ...(random.chance(0.3) ? { epoch: 9 } : {}) };
  return {
    name: random.pick(['job', 'run', 'apply', '__proto__']),
    data,
    opts: { jobId: old ?? `${random.pick(['m-', 'x'])}${randomUUID()}`, priority: random.int(9) },
  };
}

/** A queue as its owner has it, past the product's own adapter. */
function ownQueue(product: TestProduct, redis: string | undefined): Queue {
  if (redis === undefined) {
    const connection = {
      connectionString: product.urls.queue,
      max: 2,
      schema: 'bullmq',
    } as unknown as ConnectionOptions;
    return new Queue('fixpoint-default', { connection }, createPostgresBackend as never);
  }
  const { hostname, port } = new URL(redis);
  return new Queue('fixpoint-default', { connection: { host: hostname, port: Number(port) } });
}

async function play(told: ReturnType<typeof tally>, { count, seed }: Amount, redis?: string): Promise<number> {
  let effects = 0;
  const files = new Map<string, string>();
  const env = redis === undefined ? {} : { REDIS_URL: redis };
  const product = await startTestProduct({ host: standInHost({ files, onEffect: () => (effects += 1) }), env });
  const owner = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  try {
    await owner.connect();
    const { waiting, ended } = await scenes(product);
    files.clear();
    const sent = (await owner.query<{ id: string }>('SELECT id FROM outbox')).rows.map(({ id }) => `m-${id}`);
    const queue = ownQueue(product, redis);
    const ran = effects;
    const before = await droppedIn(owner);
    let added = 0;
    for (let n = 0; n < count; n++) {
      const { name, data, opts } = forgery(randomOf(seed, n), { waiting, ended }, sent[n]);
      await queue.add(name, data, { ...opts, removeOnComplete: true, removeOnFail: true });
      added += 1;
    }
    await until('every message is taken', async () => {
      const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed');
      return Object.values(counts).every((left) => left === 0);
    });
    await queue.close();
    // The end of the worker writes how many messages it dropped beyond those that have an event each.
    await product.stopWorker();
    for (let n = 0; n < count; n++) told.add(undefined);
    if (effects > ran) told.add(`${effects - ran} changes after ${added} forged messages`);
    const dropped = (await droppedIn(owner)) - before;
    if (dropped !== added) told.add(`${added} messages were put in, and the audit log counts ${dropped}`);
    for (const id of waiting) {
      const { state } = (await product.call('admin', 'GET', `/v1/jobs/${id}`)).body;
      if (state !== 'awaiting-approval') told.add(`job ${id} is ${state} after forged messages`);
    }
    if (unhandled.length > 0) told.add(`unhandled: ${String(unhandled[0])}`);
    return dropped;
  } finally {
    process.off('unhandledRejection', onUnhandled);
    await owner.end();
    await product.stop();
  }
}

/** How many dropped messages the audit log counts: those with an event each, and those that an event counts. */
async function droppedIn(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ dropped: number }>(
    `SELECT coalesce(sum(coalesce((bytes::jsonb->'data'->>'count')::int, 1)), 0)::int AS dropped FROM audit_events
     WHERE action = 'job.message-dropped'`,
  );
  return rows[0]?.dropped ?? 0;
}

async function scenes(product: TestProduct): Promise<Pick<Known, 'waiting' | 'ended'>> {
  const ask = async (name: string) => {
    await addLocalTarget(product, name);
    const parameters = { directory: `/stand-in/${name}`, names: ['a'], text: 'plain' };
    const body = { runbook: 'set-file-text', target: name, parameters, reason: 'a figure' };
    const { body: job } = await product.call('helpdesk', 'POST', '/v1/jobs', body);
    return product.until(job.id as string, ['awaiting-approval']);
  };
  const waiting = [await ask('one'), await ask('two')];
  const ended = await ask('three');
  const decision = { decision: 'approve', planDigest: ended.plan.digest, reason: 'ok' };
  await product.call('approver', 'POST', `/v1/jobs/${ended.id}/decision`, decision);
  const { state } = await product.until(ended.id as string, ['succeeded']);
  if (state !== 'succeeded') throw new Error(`an honest job is ${state}`);
  return { waiting: waiting.map(({ id }) => id as string), ended: ended.id as string };
}

/**
 * Arbitrary messages by the owner of the queue, half on PostgreSQL, half on Redis, while a worker takes them: nothing runs, no job moves,
 * and the audit log counts each.
 */
export async function messages({ count, seed }: Amount): Promise<Figure> {
  const told = tally('forged messages');
  const onPostgres = Math.ceil(count / 2);
  let dropped = await play(told, { count: onPostgres, seed });
  await withScratchRedis(async ({ url }) => {
    dropped += await play(told, { count: count - onPostgres, seed: seed + 1 }, url);
  });
  return told.figure({ dropped });
}
