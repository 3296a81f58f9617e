import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { apiRoutes } from '../../src/http/app.js';
import { localTarget } from '../support/local-target.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { type Who } from '../support/people.js';

let product: TestProduct;
let admin: pg.Client;
beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  await addLocalTarget(product);
  admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await product?.stop();
});

const count = async (text: string) => Number((await admin.query(`SELECT count(*) AS n FROM ${text}`)).rows[0].n);

interface Creating {
  readonly path: string;
  readonly table: string;
  readonly action: string;
  readonly who: Who;
  readonly other: Who;
  /** A request that is valid for each `n` beside the others. */
  readonly body: (n: number) => object;
}

const target = (n: number) => localTarget(`box-${n}`);
const CREATING: readonly Creating[] = [
  {
    path: '/v1/targets',
    table: 'targets',
    action: 'target.created',
    who: 'admin',
    other: 'operator',
    body: target,
  },
  {
    path: '/v1/consents',
    table: 'consents',
    action: 'consent.recorded',
    who: 'helpdesk',
    other: 'operator',
    body: (n) => ({ kind: 'rsa-keys', subjectSid: `S-1-5-21-1-2-3-${1000 + n}`, evidence: `Ticket ${n}` }),
  },
];

let used = 0;
const fresh = () => (used += 1);

describe.each(CREATING)('POST $path', ({ path, table, action, who, other, body }) => {
  const post = (wish: object, key: string, as: Who = who) =>
    product.call(as, 'POST', path, wish, { 'idempotency-key': key });
  const stored = async () => [
    await count(table),
    await count(`audit_events WHERE action = '${action}'`),
    await count('idempotency_keys'),
  ];
  const more = ([rows, events, keys]: readonly number[], n: number) => [rows! + n, events! + n, keys! + n];

  it('gives a repeat the first response and writes nothing', async () => {
    const wish = body(fresh());
    const first = await post(wish, `repeat-${used}`);
    const before = await stored();
    const again = await post(wish, `repeat-${used}`);
    expect([first.status, again.status, again.headers.get('location')]).toEqual([
      201,
      201,
      first.headers.get('location'),
    ]);
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect(await stored()).toEqual(before);
  });

  it('refuses another body under the same key', async () => {
    await post(body(fresh()), `other-${used}`);
    const before = await stored();
    const { status, body: problem } = await post(body(fresh()), `other-${used - 1}`);
    expect([status, problem.code]).toEqual([422, 'idempotency-mismatch']);
    expect(await stored()).toEqual(before);
  });

  it('makes one thing from twenty simultaneous requests with one key, and returns it to each', async () => {
    const before = await stored();
    const wish = body(fresh());
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(wish, `twenty-${used}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body: made }) => made.id)).size).toBe(1);
    expect(await stored()).toEqual(more(before, 1));
  });

  it('accepts one of twenty different bodies with one key, and refuses the others', async () => {
    const before = await stored();
    const key = `bodies-${fresh()}`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body(fresh()), key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 422)]);
    expect(await stored()).toEqual(more(before, 1));
  });

  it('waits for a concurrent request with the same key, and does the work itself if that one is rolled back', async () => {
    const wish = body(fresh());
    const key = `flight-${used}`;
    await admin.query('BEGIN');
    await admin.query(
      `INSERT INTO idempotency_keys (actor, route, key, request_sha256, answer) VALUES ($1, $2, $3, 'x', '{}')`,
      [who, `POST ${path}`, key],
    );
    let isOver = false;
    const waiting = post(wish, key).finally(() => (isOver = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isOver).toBe(false);
    await admin.query('ROLLBACK');
    expect((await waiting).status).toBe(201);
  });

  it('stores no key of a refused request, and nothing of one that fails', async () => {
    const before = await stored();
    const key = `refused-${fresh()}`;
    expect((await post({}, key)).status).toBe(400);
    await admin.query(`ALTER TABLE audit_events ADD CONSTRAINT no_more CHECK (action <> '${action}') NOT VALID`);
    expect((await post(body(used), key)).status).toBe(500);
    await admin.query('ALTER TABLE audit_events DROP CONSTRAINT no_more');
    expect(await stored()).toEqual(before);
    expect((await post(body(used), key)).status).toBe(201);
  });

  it('keeps keys separate for each person and route', async () => {
    const key = `shared-${fresh()}`;
    const first = await post(body(used), key);
    const second = await post(body(fresh()), key, other);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).not.toBe(first.body.id);
    for (const one of CREATING.filter((each) => each.path !== path)) {
      const headers = { 'idempotency-key': key };
      expect((await product.call(who, 'POST', one.path, one.body(fresh()), headers)).body.code).not.toBe(
        'idempotency-mismatch',
      );
    }
  });

  it.each([
    ['none at all', ''],
    ['201 characters', 'k'.repeat(201)],
    ['a blank', 'a b'],
    ['a tab', 'a\tb'],
    ['an escape of one byte', 'a\u009bb'],
    ['a letter that is not ASCII', 'schl\u00fcssel'],
  ])('refuses a key of %s', async (_, key) => {
    const before = await stored();
    const { status, body: problem } = await post(body(fresh()), key);
    expect([status, problem.code]).toEqual([400, 'idempotency-key-required']);
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['two keys', ['Idempotency-Key: a', 'Idempotency-Key: b']],
    ['a NUL in its key', ['Idempotency-Key: a\0b']],
    ['an escape in its key', ['Idempotency-Key: a\u001b[2Jb']],
    ['no key', []],
  ])('refuses a request with %s', async (_, lines) => {
    const before = await stored();
    expect(await raw(path, who, lines, JSON.stringify(body(fresh())))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await stored()).toEqual(before);
  });

  it('accepts a key of 200 characters', async () => {
    const key = '~'.repeat(199) + '!';
    const wish = body(fresh());
    expect((await post(wish, key)).body.id).toBe((await post(wish, key)).body.id);
  });
});

it('a repeat returns a target as it was created, also after it was changed or removed', async () => {
  const wish = target(fresh());
  const post = () => product.call('admin', 'POST', '/v1/targets', wish, { 'idempotency-key': 'changed' });
  const { body } = await post();
  await product.call('admin', 'PATCH', `/v1/targets/${body.id}`, { site: 'elsewhere' });
  expect((await post()).body).toEqual(body);
  await product.call('admin', 'DELETE', `/v1/targets/${body.id}`);
  expect((await post()).body).toEqual(body);
  expect((await product.call('admin', 'GET', `/v1/targets/${body.id}`)).status).toBe(404);
});

it('a name that is taken stores no key: the same request succeeds once the name is free', async () => {
  const wish = target(fresh());
  const { body } = await product.call('admin', 'POST', '/v1/targets', wish);
  const post = () => product.call('admin', 'POST', '/v1/targets', wish, { 'idempotency-key': 'taken' });
  expect((await post()).body.code).toBe('name-taken');
  await product.call('admin', 'DELETE', `/v1/targets/${body.id}`);
  expect((await post()).status).toBe(201);
});

it('a consent is recorded during a freeze', async () => {
  await product.call('operator', 'POST', '/v1/freeze', { reason: 'test' });
  const body = { kind: 'rsa-keys', subjectSid: 'S-1-5-21-1-2-3-9', evidence: 'Ticket' };
  expect((await product.call('helpdesk', 'POST', '/v1/consents', body)).status).toBe(201);
  await product.call('operator', 'DELETE', '/v1/freeze');
});

describe('every POST', () => {
  it('that creates something requires a key, no other does, and the document says so', async () => {
    const { paths } = (await product.call(undefined, 'GET', '/v1/openapi.json')).body;
    const named = Object.entries<any>(paths).filter(([, { post }]) =>
      post?.parameters?.some(({ name, required }: any) => name === 'Idempotency-Key' && required),
    );
    expect(named.map(([path]) => path).sort()).toEqual([
      '/v1/admissions',
      '/v1/calendars',
      '/v1/consents',
      '/v1/jobs',
      '/v1/jobs/{id}/rollback',
      '/v1/jobs:batch',
      '/v1/policy:admit',
      '/v1/rollouts',
      '/v1/rollouts/{id}/rollback',
      '/v1/scans',
      '/v1/schedules',
      '/v1/schedules/{id}/standing',
      '/v1/selections',
      '/v1/targets',
      '/v1/targets:admit',
      '/v1/targets:import',
      '/v1/targets:remove',
    ]);
    for (const route of apiRoutes(product.api.context).filter(({ method }) => method === 'post')) {
      const path = `/v1${route.path.replace(':id', '01890000-0000-7000-8000-000000000001')}`;
      const who = path === '/v1/freeze' ? 'operator' : 'admin';
      const { body } = await product.call(who, 'POST', path, {}, { 'idempotency-key': '' });
      const asks = body.code === 'idempotency-key-required';
      expect([path, asks]).toEqual([path, route.answers === 201]);
    }
  });
});

/** A request whose header lines no client library would send. */
function raw(path: string, who: Who, lines: readonly string[], body: string): Promise<string> {
  const { hostname, port } = new URL(product.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      const head = [
        `POST ${path} HTTP/1.1`,
        `Host: ${hostname}`,
        'Connection: close',
        `Authorization: Bearer ${product.tokens[who]}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...lines,
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    });
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
