import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { afterRestore, type Restored } from '../../../src/adapters/postgres/backup/after-restore.js';
import { withDatabase } from '../../../src/adapters/postgres/index.js';
import { STATES, isTerminal } from '../../../src/domain/job.js';
import { startTestProduct, type TestProduct } from '../../support/product.js';

/** Jobs with a grant in each state, and how many pages the largest state fills. */
const PER_STATE = Number(process.env.RESTORED_JOBS ?? 3);
const MANY = Number(process.env.RESTORED_QUEUED ?? 1100);
let product: TestProduct;
let client: pg.Client;
let restored: Restored;
const head = { seq: 1, hash: '0'.repeat(64) };

beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  client = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await client.connect();
  await client.query(
    `INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES (repeat('a', 64), 'nothing', '1', '{}')`,
  );
  // A scan alone ends so, and it is never anything but planning before.
  for (const state of STATES.filter((each) => each !== 'drifted')) {
    await client.query(
      `WITH made AS (
         INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target,
           target_digest, pool, parameters, requester_id, requester, reason, plan_digest, grant_jti, code, next_try_at, until,
           lease_until, execute_by, epoch, outcome, wake_at)
         SELECT gen_random_uuid(), 'remediation', $1, 'nothing', '1', repeat('a', 64), gen_random_uuid(), 'box', '{}', '', 'default',
           '{}', 'helen', '{"id":"helen","name":"Helen","roles":[]}', 'test', repeat('c', 64), gen_random_uuid(), 'unreachable',
           now(), now(), now(), now() + interval '1 day', 4, 'fixed', CASE WHEN $3 THEN NULL ELSE now() + interval '1 day' END
         FROM generate_series(1, $2::int) RETURNING *),
       planned AS (
         INSERT INTO plans SELECT id, plan_digest, '{"v":1,"job":"x","locks":[],"changes":[]}', 'R1', 1, '', now(), now() FROM made)
       INSERT INTO grants (jti, job_id, bytes, signature, kid) SELECT grant_jti, id, '', '', '' FROM made`,
      [state, state === 'queued' ? MANY : PER_STATE, isTerminal(state)],
    );
  }
  // One queued job holds the object, the others wait for it; a running job holds another.
  await client.query(
    `INSERT INTO object_locks SELECT 'host:one', id FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1`,
  );
  await client.query(
    `INSERT INTO object_locks SELECT 'host:two', id FROM jobs WHERE state = 'running' ORDER BY id LIMIT 1`,
  );
  await client.query(
    `INSERT INTO lock_waiters (job_id, keys) SELECT id, ARRAY['host:one'] FROM jobs WHERE state = 'queued' ORDER BY id OFFSET 1`,
  );
  await client.query('TRUNCATE outbox');
  await client.query('BEGIN');
  const began = Date.now();
  restored = await afterRestore(client, { madeAt: 'then', head } as Parameters<typeof afterRestore>[1], {
    problems: 3,
    signed: { head, restores: 0, signature: 's', kid: 'k' },
  });
  await client.query('COMMIT');
  if (MANY > 2000)
    process.stdout.write(`${MANY} queued jobs: ${Date.now() - began} ms, ${process.memoryUsage().rss}\n`);
}, 600_000);
afterAll(async () => {
  await client?.end();
  await product?.stop();
});

const rowsOf = async <Row extends pg.QueryResultRow>(statement: string): Promise<readonly Row[]> =>
  (await client.query<Row>(statement)).rows;

it('moves what ran to unknown and what was granted to blocked, and counts them', async () => {
  const moved = { unknown: 2 * PER_STATE, blocked: MANY + PER_STATE };
  const live = STATES.filter((state) => !isTerminal(state) && state !== 'queued').length;
  expect(restored).toMatchObject({
    ...moved,
    madeAt: 'then',
    head,
    problems: 3,
    revokedGrants: live * PER_STATE + MANY,
  });
  const rows = await rowsOf(
    `SELECT state, count(*)::int AS count, min(epoch)::int AS epoch, min(revision)::int AS revision,
       count(lease_until)::int AS leased, count(next_try_at)::int AS tried, count(until)::int AS timed, count(wake_at)::int AS awake
     FROM jobs WHERE code = 'database-restored' GROUP BY state ORDER BY state`,
  );
  const none = { epoch: 5, revision: 2, leased: 0, tried: 0, timed: 0 };
  expect(rows).toEqual([
    { state: 'blocked', count: moved.blocked, ...none, awake: 0 },
    { state: 'unknown', count: moved.unknown, ...none, awake: moved.unknown },
  ]);
  const others = await rowsOf(`SELECT 1 FROM jobs WHERE code IS DISTINCT FROM 'database-restored' AND epoch <> 4`);
  expect(others).toEqual([]);
});

it('records each move in the audit log and in what people see of the job', async () => {
  expect(
    await rowsOf(
      `SELECT action, count(DISTINCT job_id)::int AS jobs FROM audit_events WHERE bytes LIKE '%"id":"restore"%' GROUP BY action
       ORDER BY action`,
    ),
  ).toEqual([
    { action: 'grant.revoked', jobs: restored.revokedGrants },
    { action: 'job.blocked', jobs: restored.blocked },
    { action: 'job.unknown', jobs: restored.unknown },
    { action: 'record.restored', jobs: 0 },
  ]);
  expect(await rowsOf(`SELECT body, count(*)::int AS count FROM job_events GROUP BY body ORDER BY body`)).toEqual([
    { body: '{"code":"database-restored","facts":["job.blocked"],"state":"blocked"}', count: restored.blocked },
    { body: '{"code":"database-restored","facts":["job.unknown"],"state":"unknown"}', count: restored.unknown },
  ]);
});

it('keeps the locks of what may have run, gives up those of blocked jobs, and sends no job to a worker', async () => {
  expect(await rowsOf('SELECT key FROM object_locks')).toEqual([{ key: 'host:two' }]);
  expect(await rowsOf('SELECT 1 FROM lock_waiters')).toEqual([]);
  expect(await rowsOf('SELECT 1 FROM outbox')).toEqual([]);
});
