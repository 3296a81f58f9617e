import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { withDatabase } from '../src/adapters/postgres/index.js';
import { INSTALL_ROOT } from '../src/platform/install-root.js';
import { median, type Figure } from './figures.js';
import type { SideReady, SideUse } from './plain-job-side.js';
import { processorMs, serverMs } from './processor-time.js';
import { withScratchRedis } from './scratch-redis.js';

const CLIENTS = 16;
const WARM_UP = 100;
const A_WAVE = 300;
const WAVES = 3;

/** What one job of a wave cost. Times are processor time in milliseconds. */
interface Cost {
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
  readonly statements: number;
  readonly transactions: number;
  readonly fsyncs: number;
  readonly wal: number;
  readonly rate: number;
}

const UNITS: Readonly<Record<keyof Cost, readonly [string, string]>> = {
  node: ['processor time of Node a job', 'ms'],
  postgres: ['processor time of PostgreSQL a job', 'ms'],
  redis: ['processor time of Redis a job', 'ms'],
  statements: ['statements a job', ''],
  transactions: ['writing transactions a job', ''],
  fsyncs: ['fsyncs of the WAL a job', ''],
  wal: ['WAL a job', 'kB'],
  rate: ['jobs a second, submit to end', '/s'],
};

interface Side {
  readonly name: string;
  wave(count: number): Promise<Cost>;
  stop(): Promise<void>;
}

/**
 * One plain job from end to end: submitted, planned, compliant. With `--checkout DIR` the same waves run in turns against the product
 * of that checkout, and the ratios are printed; with `--redis` messages go over a Redis of its own. Each product is one process with
 * a PostgreSQL of its own; the clients are this process, which is not counted.
 */
export async function plainJob(): Promise<readonly Figure[]> {
  const at = process.argv.indexOf('--checkout');
  const other = at < 0 ? undefined : resolve(process.argv[at + 1] ?? '.');
  const measure = (redis?: { readonly url: string; readonly pid: number }) => compare(other, redis);
  return process.argv.includes('--redis') ? withScratchRedis(measure) : measure();
}

async function compare(other: string | undefined, redis?: { readonly url: string; readonly pid: number }) {
  const sides: Side[] = [];
  try {
    if (other !== undefined) sides.push(await openSide(other, other, redis));
    sides.push(await openSide(INSTALL_ROOT, 'here', redis));
    for (const side of sides) await side.wave(WARM_UP);
    const costs = new Map<Side, Cost[]>(sides.map((side) => [side, []]));
    for (let i = 0; i < WAVES; i++) {
      for (const side of i % 2 === 0 ? sides : [...sides].reverse()) costs.get(side)?.push(await side.wave(A_WAVE));
    }
    return figuresOf(costs);
  } finally {
    for (const side of sides) await side.stop();
  }
}

function figuresOf(costs: ReadonlyMap<Side, readonly Cost[]>): readonly Figure[] {
  const figures: Figure[] = [];
  const all = [...costs];
  for (const kind of Object.keys(UNITS) as (keyof Cost)[]) {
    const [name, unit] = UNITS[kind];
    const values = all.map(([, waves]) => waves.map((cost) => cost[kind]));
    if (kind === 'redis' && values.flat().every((value) => value === 0)) continue;
    all.forEach(([side], i) => figures.push({ name: `${name}, ${side.name}`, unit, values: values[i] ?? [] }));
    if (all.length === 2) figures.push(ratioOf(name, values[1] ?? [], values[0] ?? []));
  }
  if (all.length === 2) {
    const sums = all.map(([, waves]) => waves.map(({ node, postgres, redis }) => node + postgres + redis));
    figures.push(ratioOf('processor time a job, all', sums[1] ?? [], sums[0] ?? []));
  }
  return figures;
}

const ratioOf = (name: string, here: readonly number[], other: readonly number[]): Figure => ({
  name: `${name}: ratio of the medians`,
  unit: '',
  values: [median(here) / median(other)],
});

async function openSide(
  checkout: string,
  name: string,
  redis?: { readonly url: string; readonly pid: number },
): Promise<Side> {
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
    async wave(count) {
      const before = await readings();
      const started = performance.now();
      let left = count;
      const client = async () => {
        while (left-- > 0) await submit(ready);
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
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

async function submit({ url, token }: SideReady): Promise<void> {
  const response = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(8).toString('hex'),
    },
    body: JSON.stringify({
      runbook: 'set-file-text',
      target: 'box',
      parameters: { directory: '/tmp', names: ['none'], text: 'x' },
      reason: 'bench',
    }),
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
       FROM jobs WHERE submitted_at > now() - interval '10 minutes'`,
    );
    if (Number(rows[0]?.other) > 0) throw new Error('a job did not end compliant');
    if (rows[0]?.open === '0') return;
    await new Promise((done) => setTimeout(done, 50));
  }
}
