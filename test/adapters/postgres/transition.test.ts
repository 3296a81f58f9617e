import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { withDatabase } from '../../../src/adapters/postgres/index.js';
import type { JobView, Move } from '../../../src/domain/move.js';
import { ok } from '../../../src/domain/result.js';
import { serviceEvent } from '../../../src/usecases/facts.js';
import { storeNothing } from '../../support/stored-runbook.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../../support/product.js';

let product: TestProduct;
let stopWatching = () => undefined as void;
afterAll(() => stopWatching());
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  await addLocalTarget(product);
  const { catalogue } = product.api.record;
  const client = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await client.connect();
  await storeNothing(client, product.home);
  await client.end();
  expect(await catalogue.current('nothing')).toBeDefined();
});
afterAll(async () => {
  await product?.stop();
});

/** The rows of the last statement. */
async function asAdmin<Row extends object>(...statements: readonly string[]): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await client.connect();
  let rows: readonly Row[] = [];
  for (const statement of statements) ({ rows } = await client.query<Row>(statement));
  await client.end();
  return rows;
}

const request = { runbook: 'nothing', target: 'box', parameters: {}, reason: 'test' };
const submitted = async () => {
  const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', request);
  expect(status).toBe(201);
  return body.id as string;
};
const jobs = () => product.api.record.jobs;
const noted = (view: JobView, detail: string): Move => ({
  to: view.job.state,
  set: { detail },
  events: [serviceEvent(uuidv7, 'api', 'job.cancel-requested', view.job)],
});
const eventsOf = async (job: string) =>
  (await product.api.record.audit.query({ job, action: 'job.cancel-requested', limit: 200 })).length;
const storyOf = async (job: string) => (await product.api.record.events.after(job, 0, 1000)).length;

describe('a state change', () => {
  it('is decided again on the newest row when the job changed between the read and the write', async () => {
    const id = await submitted();
    const seen: (string | undefined)[] = [];
    let other: Promise<unknown> | undefined;
    const moved = await jobs().transition(id, (view) => {
      seen.push(view.job.detail);
      return ok(noted(view, 'mine'));
    });
    expect(moved.ok).toBe(true);
    // The second one looks, then a third moves the job before it writes: it must look again.
    const { renewLease } = jobs();
    const racing = jobs().transition(id, (view) => {
      seen.push(view.job.detail);
      other ??= renewLease(id, view.job.epoch, 60_000);
      return ok(noted(view, `after ${view.job.detail}`));
    });
    await other;
    expect(await racing).toMatchObject({ ok: true, value: { detail: 'after mine' } });
    expect(await eventsOf(id)).toBe(2);
    expect(seen.slice(0, 2)).toEqual([undefined, 'mine']);
  });

  it('loses none of many concurrent ones: each sees what the earlier ones wrote', async () => {
    const id = await submitted();
    const before = await storyOf(id);
    const add = () => jobs().transition(id, (view) => ok(noted(view, String(Number(view.job.detail ?? 0) + 1))));
    const answers = await Promise.all(Array.from({ length: 40 }, add));
    expect(answers.every(({ ok: good }) => good)).toBe(true);
    expect((await jobs().get(id))?.detail).toBe('40');
    expect(await eventsOf(id)).toBe(40);
    expect(await storyOf(id)).toBe(before + 40);
  });

  it('by a request makes a job that is enqueued again within 15 s when its message is lost', async () => {
    const id = await submitted();
    const [row] = await asAdmin<{ s: string }>(
      `SELECT extract(epoch FROM wake_at - now()) AS s FROM jobs WHERE id = '${id}'`,
    );
    expect(Number(row?.s)).toBeGreaterThan(5);
    expect(Number(row?.s)).toBeLessThanOrEqual(15);
  });

  it('that keeps the state keeps the time of the next check too', async () => {
    const id = await submitted();
    const looksIn = async () => {
      const [row] = await asAdmin<{ s: string | null }>(
        `SELECT extract(epoch FROM wake_at - now()) AS s FROM jobs WHERE id = '${id}'`,
      );
      return row?.s == null ? undefined : Number(row.s);
    };
    await asAdmin(
      'SET session_replication_role = replica',
      `INSERT INTO plans SELECT '${id}', repeat('c', 64), '{"v":1,"job":"${id}","locks":[],"changes":[]}', 'R1', 1,
         repeat('d', 64), now(), now() + interval '1 day'`,
      `UPDATE jobs SET state = 'needs-attention', code = 'resolved-in-place', lease_until = NULL,
         plan_digest = repeat('c', 64), grant_jti = gen_random_uuid(), wake_at = now() + interval '5 minutes'
       WHERE id = '${id}'`,
    );
    const cancelled = await product.call('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'needs-attention']);
    expect(await looksIn()).toBeGreaterThan(200);
    const given = await jobs().transition(id, () => ok({ to: 'needs-attention', set: { code: 'parked' }, events: [] }));
    expect(given.ok).toBe(true);
    expect(await looksIn()).toBeUndefined();
  });

  it('that breaks the table of transitions or an invariant of the state writes nothing', async () => {
    const id = await submitted();
    await expect(jobs().transition(id, (view) => ok({ ...noted(view, 'no'), to: 'succeeded' }))).rejects.toThrow(
      /does not lead to/,
    );
    await expect(
      jobs().transition(id, (view) => ok({ ...noted(view, 'no'), to: 'awaiting-approval' })),
    ).rejects.toThrow(/without a plan/);
    expect(await jobs().get(id)).toMatchObject({ state: 'planning' });
    expect(await eventsOf(id)).toBe(0);
  });
});

describe('a column that a migration adds while the product runs', () => {
  it('fails no statement, prepared before or not', async () => {
    const id = await submitted();
    for (let i = 0; i < 3; i++) await jobs().get(id);
    await asAdmin('ALTER TABLE jobs ADD COLUMN later text');
    for (let i = 0; i < 3; i++) expect(await jobs().get(id)).toMatchObject({ id });
    const moved = await jobs().transition(id, (view) => ok(noted(view, 'after the migration')));
    expect(moved).toMatchObject({ ok: true, value: { detail: 'after the migration' } });
    await submitted();
    await asAdmin('ALTER TABLE jobs DROP COLUMN later');
    expect(await jobs().get(id)).toMatchObject({ id });
  });
});

describe('a job that gives up its locks', () => {
  it('tells the relay of the message for the job that waited for them', async () => {
    const [holder, waiter] = [await submitted(), await submitted()];
    await asAdmin(
      'SET session_replication_role = replica',
      `INSERT INTO plans SELECT id, repeat('c', 64), '{"v":1,"locks":[],"changes":[]}', 'R1', 1, repeat('d', 64), now(),
         now() + interval '1 day' FROM jobs WHERE id IN ('${holder}', '${waiter}')`,
      `UPDATE jobs SET state = 'queued', plan_digest = repeat('c', 64), grant_jti = gen_random_uuid(),
         execute_by = now() + interval '1 day', code = CASE WHEN id = '${waiter}' THEN 'object-locked' END WHERE id IN ('${holder}', '${waiter}')`,
      `INSERT INTO object_locks (key, job_id) VALUES ('user:x', '${holder}')`,
      `INSERT INTO lock_waiters (job_id, keys) VALUES ('${waiter}', ARRAY['user:x'])`,
    );
    const stopped = new AbortController();
    const heard: number[] = [];
    // Else a failed expectation would leave the connection open.
    stopWatching = () => stopped.abort();
    const watching = product.api.record.relay.watch(() => heard.push(heard.length), stopped.signal);
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const before = heard.length;
    const cancelled = await product.call('helpdesk', 'POST', `/v1/jobs/${holder}/cancel`, { reason: 'enough' });
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    const sent = await asAdmin(`SELECT 1 FROM outbox WHERE job_id = '${waiter}' AND priority < 40`);
    expect(sent).toHaveLength(1);
    while (heard.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    stopWatching();
    await watching;
  });
});

describe('a submission', () => {
  it('with one key, twenty times at once, makes one job, and each request gets it', async () => {
    const headers = { 'idempotency-key': 'one-key' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => product.call('helpdesk', 'POST', '/v1/jobs', request, headers)),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const jobsListed = await product.call('admin', 'GET', `/v1/jobs?limit=200`);
    const twins = jobsListed.body.items.filter(({ id }: { id: string }) => id === answers[0]?.body.id);
    expect(twins).toHaveLength(1);
  });

  it('stores no key during a freeze, and succeeds with the same key afterwards', async () => {
    const headers = { 'idempotency-key': 'frozen-key' };
    expect((await product.call('operator', 'POST', '/v1/freeze', { reason: 'test' })).status).toBeLessThan(300);
    const refused = await product.call('helpdesk', 'POST', '/v1/jobs', request, headers);
    expect(refused.body.code).toBe('frozen');
    await product.call('operator', 'DELETE', '/v1/freeze', { reason: 'test' });
    expect((await product.call('helpdesk', 'POST', '/v1/jobs', request, headers)).status).toBe(201);
  });
});
