import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { createPostgresQueue } from '../../../src/adapters/queue/index.js';
import { withDatabase } from '../../../src/adapters/postgres/index.js';
import { startEmbeddedPostgres } from '../../../src/adapters/postgres/install/embedded.js';
import { prepareDatabase } from '../../../src/processes/supervisor.js';
import { queueContract } from '../../contracts/queue.contract.js';
import { until } from '../../support/patience.js';

async function start() {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  const home = mkdtempSync('/tmp/fixpoint-tests/queue-');
  chmodSync(home, 0o755);
  const postgres = await startEmbeddedPostgres({ home, log: () => undefined });
  const urls = await prepareDatabase(home, postgres.adminUrl, true);
  const stop = async () => {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  };
  return { urls, adminUrl: postgres.adminUrl, stop };
}

queueContract('BullMQ on PostgreSQL', async () => {
  const { urls, stop } = await start();
  return { newQueue: async () => createPostgresQueue({ url: urls.queue, log: () => undefined }), tearDown: stop };
});

let server: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server?.stop());

it('enqueues once a server that was down at the start is up', async () => {
  let isUp = false;
  const door = createServer((near) => {
    if (!isUp) return void near.destroy();
    const far = connect(Number(new URL(server.urls.queue).port), '127.0.0.1');
    for (const [from, onto] of [[near, far] as const, [far, near] as const]) {
      from.on('error', () => onto.destroy()).on('close', () => onto.destroy());
      from.pipe(onto);
    }
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const url = new URL(server.urls.queue);
  url.port = String((door.address() as AddressInfo).port);
  const queue = createPostgresQueue({ url: url.toString(), log: () => undefined });
  const message = { id: 'm-01890000-0000-7000-8000-000000000001', jobId: 'j', priority: 1 };
  await expect(queue.send('default', [message])).rejects.toThrow();
  isUp = true;
  await queue.send('default', [message]);
  expect([...(await queue.live('default'))]).toEqual([message.id]);
  await queue.close();
  await new Promise((resolve) => door.close(resolve));
});

describe('a connection that is lost in the middle of a transaction', () => {
  let holder: pg.Client;
  beforeAll(async () => {
    holder = new pg.Client({ connectionString: withDatabase(server.adminUrl, 'fixpoint_queue') });
    await holder.connect();
  });
  afterAll(() => holder?.end());

  it('fails the request, and ends neither the process nor the queue', async () => {
    const first = createPostgresQueue({ url: server.urls.queue, log: () => undefined });
    await first.ping();
    await first.close();
    const message = { id: 'm-01890000-0000-7000-8000-000000000999', jobId: 'j', priority: 1 };
    const queue = createPostgresQueue({ url: server.urls.queue, log: () => undefined });
    for (let round = 0; round < 5; round++) {
      // A queue begins with a transaction over this table, on a client in hand: the one that BullMQ does not listen to. An error
      // that nobody listens for fails this test.
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE bullmq.migration IN ACCESS EXCLUSIVE MODE');
      const sending = queue.send('lost', [message]).then(
        () => 'sent',
        () => 'refused',
      );
      await loseTheWaiting();
      expect(await sending).toBe('refused');
      await holder.query('ROLLBACK');
    }
    await queue.send('lost', [message]);
    expect([...(await queue.live('lost'))]).toEqual([message.id]);
    await queue.close();
  });

  /** Ends the queue's connection that waits for a lock, once there is one. */
  async function loseTheWaiting(): Promise<void> {
    for (;;) {
      // Within its transaction the holder would see the same activity for ever.
      await holder.query('SELECT pg_stat_clear_snapshot()');
      const { rowCount } = await holder.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'fixpoint_queue' AND wait_event_type = 'Lock'",
      );
      if (rowCount !== 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

it('survives a server that closes a connection while it is being opened', async () => {
  // FATAL 57P01, as a server says it that is stopped: type, length, fields, each ended by a zero, and a zero at the end.
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0', 'latin1');
  const fatal = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), fields]);
  fatal.writeInt32BE(4 + fields.length, 1);
  // Opening ends with ReadyForQuery: 'Z', a length of 5, and 'I' for idle.
  const opened = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
  let endsThem = true;
  let ended = 0;
  const door = createServer((near) => {
    const far = connect(Number(new URL(server.urls.queue).port), '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      if (!endsThem || !chunk.subarray(-opened.length).equals(opened)) return void near.write(chunk);
      ended += 1;
      near.end(Buffer.concat([chunk, fatal]));
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const url = new URL(server.urls.queue);
  url.port = String((door.address() as AddressInfo).port);
  const queue = createPostgresQueue({ url: url.toString(), log: () => undefined });
  const message = { id: 'm-01890000-0000-7000-8000-0000000000aa', jobId: 'j', priority: 1 };
  await expect(queue.send('opened', [message])).rejects.toThrow();
  endsThem = false;
  await queue.send('opened', [message]);
  endsThem = true;
  const seen: string[] = [];
  const take = (taken: { readonly id: string }) => Promise.resolve(void seen.push(taken.id));
  // Whether it begins at once or must be asked again: neither may end the process.
  const first = await queue.consume('opened', { concurrency: 1 }, take).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  endsThem = false;
  const consumer = first ?? (await queue.consume('opened', { concurrency: 1 }, take));
  await until('it is delivered', () => seen.length > 0);
  expect(seen).toEqual([message.id]);
  expect(ended).toBeGreaterThan(1);
  await consumer.close();
  await queue.close();
  await new Promise((resolve) => door.close(resolve));
});
