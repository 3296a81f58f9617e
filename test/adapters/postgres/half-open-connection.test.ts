import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { listen } from '../../../src/adapters/postgres/listen.js';
import { resilientConnection, type Timeouts } from '../../../src/platform/pg-client.js';
import { startCutProxy, type CutProxy } from '../../faults/rig/cut-proxy.js';
import { newFolder } from '../../faults/rig/folders.js';
import { until } from '../../support/patience.js';
import { initialise, startPostgres, type Postgres } from '../../faults/rig/postgres.js';

const folder = newFolder('gone');
let server: Postgres;
let middle: CutProxy;
let url: string;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  await initialise(join(folder, 'postgres'));
  server = await startPostgres(join(folder, 'postgres'), join(folder, 'log'));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  // The middle is a double: a proxy that goes silent, as a firewall that forgot its connections. Server and client are real.
  middle = await startCutProxy(server.port);
  url = server.adminUrl.replace(`:${server.port}/`, `:${middle.port}/`);
});
afterEach(async () => {
  await middle.close();
  for (const step of undo.splice(0).reverse()) await step();
});

function pool(through: string, patience: Partial<Timeouts> = {}, max = 4): pg.Pool {
  const made = new pg.Pool({ ...resilientConnection(through, patience), max });
  made.on('error', () => undefined);
  undo.push(() => made.end());
  return made;
}

describe('a half-open database connection', () => {
  it('fails the current statement, and the next one uses another connection', async () => {
    const db = new Kysely<object>({
      dialect: new PostgresDialect({ pool: pool(url, { answerWithinMs: 500 }) }),
    });
    const ask = () => sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
    const [first] = (await ask()).rows;
    middle.forget();
    await expect(ask()).rejects.toThrow('timeout');
    const [second] = (await ask()).rows;
    expect(second?.pid).toEqual(expect.any(Number));
    expect(second?.pid).not.toBe(first?.pid);
  });

  it('fails one open transaction, and later ones succeed', async () => {
    const answerWithinMs = 3000;
    const db = new Kysely<object>({
      dialect: new PostgresDialect({ pool: pool(url, { answerWithinMs }) }),
    });
    const begun = Date.now();
    const broken = db.transaction().execute(async (tx) => {
      await sql`SELECT 1`.execute(tx);
      middle.forget();
      await sql`SELECT 2`.execute(tx);
    });
    await expect(broken).rejects.toThrow();
    // One wait: the rollback does not wait for the same silence again.
    expect(Date.now() - begun).toBeLessThan(2 * answerWithinMs);
    expect((await sql<{ n: number }>`SELECT 3 AS n`.execute(db)).rows).toEqual([{ n: 3 }]);
  });

  it('does not keep row locks for long', async () => {
    const [gone, other] = [pool(url, { idleInTransactionMs: 700 }), pool(server.adminUrl)];
    await other.query('CREATE TABLE held (id integer PRIMARY KEY, by text); INSERT INTO held VALUES (1)');
    const client = await gone.connect();
    undo.push(() => client.release(true));
    await client.query('BEGIN');
    await client.query("UPDATE held SET by = 'gone' WHERE id = 1");
    middle.forget();
    await other.query("UPDATE held SET by = 'other' WHERE id = 1");
    // It came at all: what holds the row would hold it for good.
    expect((await other.query('SELECT by FROM held')).rows).toEqual([{ by: 'other' }]);
  });

  it('is detected by the server too, when it is idle', async () => {
    const { rows } = await pool(url).query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp_keepalives%' OR name LIKE 'idle_in_trans%' ORDER BY name`,
    );
    expect(rows.map(({ name, setting }) => `${name} ${setting}`)).toEqual([
      'idle_in_transaction_session_timeout 30000',
      'tcp_keepalives_count 3',
      'tcp_keepalives_idle 30',
      'tcp_keepalives_interval 10',
    ]);
  });

  it('is replaced by a listener, which then receives notifications again', async () => {
    const heard: (string | undefined)[] = [];
    const stopped = new AbortController();
    const patience = { answerWithinMs: 300, pulseMs: 200 };
    const listening = listen(url, 'news', (payload) => heard.push(payload), stopped.signal, patience);
    undo.push(() => {
      stopped.abort();
      return listening;
    });
    await until('it listens', () => heard.length === 1);
    middle.forget();
    await until('it listens again', () => heard.length === 2);
    await pool(server.adminUrl).query("NOTIFY news, 'hello'");
    await until('it hears', () => heard.includes('hello'));
    expect(heard).toEqual([undefined, undefined, 'hello']);
  });
});
