import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { withDatabase } from '../src/adapters/postgres/index.js';
import type { SideReady, SideUse } from './plain-job-side.js';
import { processorMs, serverMs } from './processor-time.js';

const CLIENTS = 16;
/** As many as one request takes. */
const A_BATCH = 500;

/** A Redis that messages go over, instead of the database. */
export interface BenchRedis {
  readonly url: string;
  readonly pid: number;
}

/** What one job of a wave cost. Times are processor time in milliseconds. */
export interface Cost {
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
  readonly statements: number;
  readonly transactions: number;
  readonly fsyncs: number;
  readonly wal: number;
  readonly rate: number;
}

/** A product in a process of its own that plays waves of jobs. */
export interface Side {
  readonly name: string;
  /** `count` jobs from the first request to the last end; submitted one by one, or 500 with each request. */
  wave(count: number, by?: 'one' | 'batch'): Promise<Cost>;
  stop(): Promise<void>;
}

/**
 * Starts the product of a checkout.
 * @param checkout folder of a built checkout
 * @param name how its figures are named; `here` for this checkout
 */
export async function openSide(checkout: string, name: string, redis?: BenchRedis): Promise<Side> {
  const side = fileURLToPath(new URL('plain-job-side.ts', import.meta.url));
  // Each side has a database of its own in the one Redis.
  const url = redis && `${redis.url}/${name === 'here' ? 0 : 1}`;
  const child = fork(side, [], {
    cwd: checkout,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...(url === undefined ? {} : { BENCH_REDIS_URL: url }) },
  });
  const ready = await next<SideReady>(child);
  const admin = new pg.Client({ connectionString: withDatabase(ready.adminUrl, 'fixpoint') });
  await admin.connect();
  // No checkpoint in between: the WAL of a job is its own, not that of the pages a checkpoint makes whole again.
  await admin.query("ALTER SYSTEM SET checkpoint_timeout = '1h'");
  await admin.query("ALTER SYSTEM SET max_wal_size = '16GB'");
  await admin.query('SELECT pg_reload_conf()');
  const readings = async () => {
    child.send('read');
    const use = await next<SideUse>(child);
    const { rows } = await admin.query<{ xid: string; wal: string; fsyncs: string }>(
      `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid, pg_current_wal_lsn() - '0/0' AS wal,
              (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal') AS fsyncs`,
    );
    const [row] = rows;
    const postgres = serverMs(ready.postgresPid);
    const redisMs = redis === undefined ? 0 : processorMs(redis.pid);
    return { ...use, postgres, redisMs, xid: Number(row?.xid), wal: Number(row?.wal), fsyncs: Number(row?.fsyncs) };
  };
  return {
    name,
    async wave(count, by = 'one') {
      const before = await readings();
      const started = performance.now();
      await (by === 'one' ? oneByOne(ready, count) : inBatches(ready, count));
      await untilIdle(admin);
      const seconds = (performance.now() - started) / 1000;
      const after = await readings();
      return {
        node: (after.nodeMs - before.nodeMs) / count,
        postgres: (after.postgres - before.postgres) / count,
        redis: (after.redisMs - before.redisMs) / count,
        statements: (after.statements - before.statements) / count,
        transactions: (after.xid - before.xid) / count,
        fsyncs: (after.fsyncs - before.fsyncs) / count,
        wal: (after.wal - before.wal) / 1024 / count,
        rate: count / seconds,
      };
    },
    async stop() {
      await admin.end();
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
    },
  };
}

/** The next message of a side. */
async function next<T>(child: ChildProcess): Promise<T> {
  const asked = new AbortController();
  const { signal } = asked;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a side ended before it answered');
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T];
    return message;
  } finally {
    ended.catch(() => undefined);
    asked.abort();
  }
}

async function oneByOne(side: SideReady, count: number): Promise<void> {
  let left = count;
  const client = async () => {
    while (left-- > 0) await post(side, 'jobs', request('none'));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function inBatches(side: SideReady, count: number): Promise<void> {
  for (let left = count; left > 0; left -= A_BATCH)
    await post(side, 'jobs:batch', {
      requests: Array.from({ length: Math.min(left, A_BATCH) }, (_, i) => request(`n${i}`)),
    });
}

/** A job that finds nothing to do. The members of a batch must differ, hence the name. */
const request = (name: string) => ({
  runbook: 'set-file-text',
  target: 'box',
  parameters: { directory: '/tmp', names: [name], text: 'x' },
  reason: 'bench',
});

async function post({ url, token }: SideReady, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${url}/v1/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(8).toString('hex'),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
}

/** Until every job is compliant and every audit event is chained; another end fails the benchmark. */
async function untilIdle(admin: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await admin.query<{ open: string; other: string }>(
      `SELECT count(*) FILTER (WHERE state = 'planning') AS open,
              count(*) FILTER (WHERE state NOT IN ('planning', 'compliant')) AS other
       FROM jobs WHERE submitted_at > now() - interval '30 minutes'`,
    );
    if (Number(rows[0]?.other) > 0) throw new Error('a job did not end compliant');
    const open = Number(rows[0]?.open);
    if (open === 0) return;
    // Seldom while many are open: the look itself costs the database time.
    await new Promise((done) => setTimeout(done, Math.max(50, Math.min(open, 2000))));
  }
}
