import { setMaxListeners } from 'node:events';
import pg from 'pg';
import { withDatabase } from '../src/adapters/postgres/index.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../test/support/product.js';
import type { Figure } from './figures.js';
import { noOpHost } from './no-op-host.js';
import { submitNothingToDo } from './nothing-to-do.js';

const JOBS = 20;
const STREAMS = 500;

/**
 * Transactions that event streams cost: twenty jobs are cancelled while nobody looks, then twenty while 250 readers follow the jobs
 * and 250 follow all changes, through the feed of the process that serves the API.
 */
export async function streams(): Promise<readonly Figure[]> {
  const product = await startTestProduct({ host: noOpHost() });
  const admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  try {
    await admin.connect();
    await addLocalTarget(product);
    // The jobs wait until they are cancelled: the events are those of the cancels alone.
    await product.stopWorker();
    const without = await cancelled(product, admin, 0);
    const withStreams = await cancelled(product, admin, STREAMS);
    return [
      { name: `transactions for ${JOBS} events, no stream`, unit: '', values: [without] },
      { name: `transactions for ${JOBS} events, ${STREAMS} streams`, unit: '', values: [withStreams] },
      { name: 'transactions of the streams an event', unit: '', values: [(withStreams - without) / JOBS] },
    ];
  } finally {
    await admin.end();
    await product.stop();
  }
}

async function cancelled(product: TestProduct, admin: pg.Client, readers: number): Promise<number> {
  const ids: string[] = [];
  for (let i = 0; i < JOBS; i++) ids.push(await submitNothingToDo(product));
  const { feed } = product.api.context;
  const gone = new AbortController();
  setMaxListeners(0, gone.signal);
  let seen = 0;
  const read = async (items: AsyncIterable<unknown>) => {
    for await (const _ of items) seen += 1;
  };
  const reading = Array.from({ length: readers }, (_, i) =>
    read(i % 2 === 0 ? feed.follow(ids[(i / 2) % JOBS] ?? '', 0, gone.signal) : feed.changes(gone.signal)),
  );
  await flushed();
  const before = await transactions(admin);
  const seenBefore = seen;
  for (const id of ids) {
    const { status } = await product.call('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'bench' });
    if (status !== 200) throw new Error(`a cancel was answered with ${status}`);
    await pause(200);
  }
  await flushed();
  const after = await transactions(admin);
  // Every reader saw what was for it: 250 the event and the end of their job, 250 all twenty changes.
  if (readers > 0 && seen - seenBefore < (readers / 2) * 2 + (readers / 2) * JOBS)
    throw new Error(`the streams showed ${seen - seenBefore} items only`);
  gone.abort();
  await Promise.all(reading);
  return after - before;
}

/** A backend counts its transactions within ten seconds after it became idle. */
const flushed = () => pause(12_000);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function transactions(admin: pg.Client): Promise<number> {
  const { rows } = await admin.query<{ count: string }>(
    "SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = 'fixpoint'",
  );
  return Number(rows[0]?.count);
}
