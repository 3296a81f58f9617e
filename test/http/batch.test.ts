import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { isProblem } from '../support/requests.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { storeNothing } from '../support/stored-runbook.js';
import type { Who } from '../support/people.js';

let product: TestProduct;
const parameters = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { type: 'string', maxLength: 1_000_000, description: 'A name.' } },
};
/** A product that submits and does no work, so that jobs stay as they were submitted. */
async function idle(submitPerMinute: string): Promise<TestProduct> {
  const started = await startTestProduct({ workers: false, env: { FIXPOINT_SUBMIT_PER_MINUTE: submitPerMinute } });
  await addLocalTarget(started);
  const client = new pg.Client({ connectionString: withDatabase(started.adminUrl, 'fixpoint') });
  await client.connect();
  await storeNothing(client, started.home, parameters);
  await client.end();
  return started;
}
beforeAll(async () => {
  product = await idle('1000000');
});
afterAll(() => product?.stop());

const member = (i: number | string, more: object = {}) => ({
  runbook: 'nothing',
  target: 'box',
  parameters: { name: String(i) },
  reason: 'test',
  ...more,
});
const many = (count: number, prefix = 'm') => Array.from({ length: count }, (_, i) => member(`${prefix}${i}`));
const send = (
  requests: unknown,
  headers: Record<string, string> = {},
  who: Who = 'helpdesk',
  to: TestProduct = product,
) => to.call(who, 'POST', '/v1/jobs:batch', { requests }, headers);

async function ask<Row extends pg.QueryResultRow>(text: string, values: unknown[] = [], of: TestProduct = product) {
  const client = new pg.Client({ connectionString: withDatabase(of.adminUrl, 'fixpoint') });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
const jobs = async () => Number((await ask<{ n: string }>('SELECT count(*) AS n FROM jobs'))[0]?.n);

describe('a batch', () => {
  it('becomes jobs in its order, each with an audit event, a story and a message', async () => {
    const { status, body } = await send(many(20, 'o'));
    expect(status).toBe(201);
    const ids = body.items.map(({ id }: { id: string }) => id) as string[];
    expect(body.items[3]).toEqual({ id: ids[3], state: 'planning', location: `/v1/jobs/${ids[3]}` });
    const shown = await Promise.all(ids.map((id) => product.call('helpdesk', 'GET', `/v1/jobs/${id}`)));
    expect(shown.map((job) => job.body.parameters)).toEqual(many(20, 'o').map(({ parameters }) => parameters));
    const rows = await ask(
      `SELECT (SELECT count(*)::int FROM audit_events e WHERE e.job_id = j.id AND action = 'job.submitted') AS audited,
         (SELECT count(*)::int FROM job_events e WHERE e.job_id = j.id) AS story,
         (SELECT count(*)::int FROM outbox o WHERE o.job_id = j.id) AS messages
       FROM jobs j WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    expect(rows).toEqual(ids.map(() => ({ audited: 1, story: 1, messages: 1 })));
  });

  it('answers a repeat with the same jobs, another body under the key with 422', async () => {
    const key = { 'idempotency-key': 'batch-1' };
    const first = await send(many(3, 'r'), key);
    const count = await jobs();
    expect((await send(many(3, 'r'), key)).body).toEqual(first.body);
    expect(isProblem(await send(many(2, 'r'), key)).code).toBe('idempotency-mismatch');
    // What would be refused by now is still the repeat of what was accepted.
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'pause' });
    expect((await send(many(3, 'r'), key)).body).toEqual(first.body);
    expect(isProblem(await send(many(3, 'f'))).code).toBe('frozen');
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await jobs()).toBe(count);
  });

  it('has one effect when it is sent several times at once', async () => {
    const key = { 'idempotency-key': 'batch-2' };
    const count = await jobs();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(many(10, 't'), key)));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(await jobs()).toBe(count + 10);
  });
});

describe('a batch that is refused stores nothing', () => {
  it('and names every refused member with its index, code and path', async () => {
    const count = await jobs();
    const answer = await send([
      member('ok'),
      member('a', { runbook: 'no-such-runbook' }),
      member('b', { target: 'no-such-target' }),
      member('c', { parameters: { name: 7 } }),
      member('ok'),
      member('d', { follows: '00000000-0000-7000-8000-000000000000' }),
      member('e', { follows: '01890000-0000-7000-8000-000000000001' }),
    ]);
    expect([answer.status, isProblem(answer).code]).toEqual([400, 'batch-refused']);
    expect(answer.body.errors.map(({ index, code, path }: any) => [index, code, path])).toEqual(
      expect.arrayContaining([
        [1, 'runbook-not-found', '/requests/1/runbook'],
        [2, 'target-not-found', '/requests/2/target'],
        [3, 'type', '/requests/3/parameters/name'],
        [4, 'duplicate-member', '/requests/4'],
        [5, 'precondition-missing', '/requests/5/follows'],
        [6, 'precondition-missing', '/requests/6/follows'],
      ]),
    );
    expect(answer.body.errors.every(({ index }: any) => index !== 0)).toBe(true);
    expect(await jobs()).toBe(count);
  });

  it.each<[string, unknown, string]>([
    ['an empty list', [], '/requests'],
    ['an id that is none', [member('a', { follows: '-'.repeat(36) })], '/requests/0/follows'],
    ['501 requests', many(501), '/requests'],
    ['no array', 'x', '/requests/0'],
    ['null', null, '/requests'],
    ['a member that is no object', [member(0), 'x'], '/requests/1'],
    ['a member without a reason', [member(0), member(1, { reason: undefined })], '/requests/1/reason'],
    ['a member that supersedes', [member(0, { supersedes: '0'.repeat(36) })], '/requests/0/supersedes'],
    ['an unknown property', [member(0, { priority: 1 })], '/requests/0/priority'],
  ])('for %s, by its schema', async (_, requests, path) => {
    const count = await jobs();
    const answer = await send(requests);
    expect([answer.status, isProblem(answer).code]).toEqual([400, 'invalid-request']);
    expect(answer.body.errors.map((error: any) => error.path)).toContain(path);
    expect(await jobs()).toBe(count);
  });

  it('for a body that is an array, without a key, or by who may not submit', async () => {
    const array = await product.call('helpdesk', 'POST', '/v1/jobs:batch', [member(0)]);
    expect(isProblem(array).code).toBe('invalid-request');
    expect(isProblem(await send([member(0)], { 'idempotency-key': '' })).code).toBe('idempotency-key-required');
    expect(isProblem(await send([member(0)], {}, 'auditor')).code).toBe('not-allowed');
    const other = await product.call('helpdesk', 'POST', '/v1/jobsXbatch', { requests: [member(0)] });
    expect(isProblem(other).code).toBe('not-found');
  });

  it('for a body of more than 2 MB, while 500 requests of 4 kB are accepted by the limit', async () => {
    const padded = (reason: number) => many(500, 'z').map((one) => ({ ...one, reason: 'x'.repeat(reason) }));
    expect(isProblem(await send(padded(4500))).code).toBe('body-too-large');
    // Their reasons are too long, which only a body that was read can be refused for.
    expect(isProblem(await send(padded(3800))).code).toBe('invalid-request');
  });

  it('with at most 100 errors, and says that there are more', async () => {
    const answer = await send(many(500).map((one) => ({ ...one, reason: 1, ticket: 1 })));
    expect(isProblem(answer).errors).toHaveLength(100);
    expect(answer.body.detail).toContain('Only the first 100 errors are listed.');
    const refused = await send(many(500).map((one) => ({ ...one, target: 'none' })));
    expect(isProblem(refused).errors).toHaveLength(100);
    expect(refused.body.detail).toContain('Only the first 100 errors are listed.');
  });

  it('for nothing that one request alone would not be refused for: size and depth are those of each value', async () => {
    // 8 levels within `parameters`, and more than 1 MiB together.
    const deep = { name: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } };
    const one = await product.call('helpdesk', 'POST', '/v1/jobs', member('x', { parameters: deep }));
    const two = await send([member('x', { parameters: deep })]);
    expect(isProblem(one).errors[0]).toMatchObject({ path: '/parameters/name', code: 'type' });
    expect(isProblem(two).errors[0]).toMatchObject({ path: '/requests/0/parameters/name', code: 'type' });
    const large = many(400, 'l').map((each, i) => ({ ...each, parameters: { name: 'x'.repeat(3500) + i } }));
    expect((await send(large)).status).toBe(201);
  });
});

describe('the limits', () => {
  it('counts requests in flight for the rate limit: never more are accepted at the same time', async () => {
    const limited = await idle('5');
    try {
      const answers = await Promise.all(many(20, 'p').map((one) => limited.call('helpdesk', 'POST', '/v1/jobs', one)));
      const accepted = answers.filter(({ status }) => status === 201);
      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.length).toBeLessThanOrEqual(5);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(20 - accepted.length);
      for (const one of many(6 - accepted.length, 'q')) await limited.call('helpdesk', 'POST', '/v1/jobs', one);
      const [stored] = await ask<{ n: string }>('SELECT count(*) AS n FROM jobs', [], limited);
      expect(Number(stored?.n)).toBe(5);
    } finally {
      await limited.stop();
    }
  });

  it('count the members of a batch, and its jobs stand behind one another', async () => {
    const slow = await idle('500');
    try {
      const first = await slow.call('helpdesk', 'POST', '/v1/jobs', member('single'));
      expect(first.status).toBe(201);
      const refused = await send(many(500), {}, 'helpdesk', slow);
      expect([refused.status, isProblem(refused).code]).toEqual([400, 'batch-refused']);
      expect(refused.body.errors).toEqual([
        expect.objectContaining({ index: 499, code: 'too-many-requests', path: '/requests/499/target' }),
      ]);
      expect((await send(many(499), {}, 'helpdesk', slow)).status).toBe(201);
      const again = await slow.call('helpdesk', 'POST', '/v1/jobs', member('more'));
      expect(isProblem(again).code).toBe('too-many-requests');
      const rows = await ask<{ priority: number; n: number }>(
        'SELECT priority, count(*)::int AS n FROM outbox GROUP BY priority ORDER BY priority',
        [],
        slow,
      );
      // As if each had been submitted after the one before it.
      expect(rows).toEqual([
        { priority: 40, n: 1 },
        { priority: 41, n: 2 },
        { priority: 42, n: 4 },
        { priority: 43, n: 8 },
        { priority: 44, n: 16 },
        { priority: 45, n: 32 },
        { priority: 46, n: 64 },
        { priority: 47, n: 128 },
        { priority: 48, n: 245 },
      ]);
    } finally {
      await slow.stop();
    }
  });
});
