import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { DATABASE_ROLES, roleName, type RecordRole } from '../../src/adapters/postgres/install/roles.js';
import type { AuditAction, AuditEvent } from '../../src/domain/audit.js';
import { EVENT_WRITERS } from '../../src/domain/audit-writers.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';

/** What the database takes as an audit event, from whom, and how a token comes to be. */

let product: TestProduct;
let clients: DatabaseClients;
let owner: pg.Client;
let roles: DatabaseClients['roles'];
let job: { id: string; target: string };

beforeAll(async () => {
  product = await startTestProduct();
  await addLocalTarget(product);
  clients = await connectEachRole(product);
  ({ owner, roles } = clients);
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target: 'box',
    parameters: { directory: '/tmp', names: ['a'], text: 'x' },
    reason: 'test',
  });
  job = { id: body.id, target: body.target.id };
});
afterAll(async () => {
  await clients?.end();
  await product?.stop();
});

const ACTIONS = Object.keys(EVENT_WRITERS) as AuditAction[];

function eventOf(action: AuditAction, more: object = {}): AuditEvent {
  return {
    v: 1,
    eventId: randomUUID(),
    action,
    outcome: 'success',
    at: '2026-01-01T00:00:00.000Z',
    actor: { type: 'service', id: 'x', name: 'x', roles: [] },
    job: null,
    target: null,
    data: {},
    ...more,
  };
}

/** Undefined where the database takes it. Nothing of it stays. */
async function refused(role: RecordRole, bytes: string): Promise<string | undefined> {
  const client = roles.get(role) as pg.Client;
  await client.query('BEGIN');
  try {
    await client.query('SELECT audit_append($1)', [bytes]);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.query('ROLLBACK');
  }
}

it.each(ACTIONS.filter((action) => action !== 'job.submitted'))(
  '%s is written by its writers alone',
  async (action) => {
    const may: string[] = [];
    for (const role of DATABASE_ROLES) {
      const why = await refused(role, canonicalJson(eventOf(action)));
      if (why === undefined) may.push(role);
      else expect(why).toBe(`${roleName(role)} does not write the event ${action}`);
    }
    expect(may.sort()).toEqual(EVENT_WRITERS[action].filter((writer) => writer !== 'owner').sort());
  },
);

describe('an event', () => {
  const about = () =>
    eventOf('job.planned', { job: job.id, target: job.target, data: { a: [{ b: 1 }, 'ü"\\\n\u0001'] } });

  it('is taken in canonical form', async () => {
    expect(await refused('worker', canonicalJson(about()))).toBeUndefined();
  });

  it.each<[string, (text: string) => string]>([
    ['a space', (text) => text.replace(':', ': ')],
    ['a line at its end', (text) => `${text}\n`],
    [
      'another order',
      (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).reverse())),
    ],
    ['another order inside', (text) => text.replace('"id":"x","name":"x"', '"name":"x","id":"x"')],
    ['a name twice', (text) => text.replace('"action":', '"action":"job.planned","action":')],
    ['an escape that is not needed', (text) => text.replace('ü', '\\u00fc')],
    ['a number in another form', (text) => text.replace('"b":1', '"b":1.0')],
    ['another version', (text) => text.replace('"v":1', '"v":2')],
    ['no version', (text) => text.replace(',"v":1', '')],
  ])('is refused with %s', async (_, change) => {
    const bytes = canonicalJson(about());
    expect(change(bytes)).not.toBe(bytes);
    expect(await refused('worker', change(bytes))).toBe('the audit event is not in canonical form');
  });

  it.each<[string, object]>([
    ['a job that is not there', { job: randomUUID() }],
    ['a job on another target', { target: randomUUID() }],
    ['a job on no target', { target: null }],
  ])('is refused about %s', async (_, more) => {
    expect(await refused('worker', canonicalJson({ ...about(), ...more }))).toBe('the audit event is about no job');
  });

  it('is refused where it is no JSON, or no event', async () => {
    for (const bytes of ['', 'x', '[]', 'null', '{}', '{"v":1}']) expect(await refused('worker', bytes)).toBeDefined();
  });
});

describe('a submission', () => {
  const submission = (more: object) =>
    canonicalJson(eventOf('job.submitted', { job: job.id, target: job.target, ...more }));

  it('stands once for each job', async () => {
    expect(
      await refused('api', submission({ actor: { type: 'person', id: 'helpdesk', name: 'x', roles: [] } })),
    ).toContain('one_submission_a_job');
  });

  it('needs its job, and its requester', async () => {
    const other = { actor: { type: 'person', id: 'admin', name: 'x', roles: [] } };
    expect(await refused('api', submission({ ...other, job: randomUUID() }))).toBe(
      'the audit event is about no job of this requester',
    );
  });
});

describe('a token', () => {
  const values = (id: string, person = 'approver') => [
    id,
    person,
    'personal',
    'f'.repeat(64),
    new Date(),
    new Date(Date.now() + 1e6),
  ];
  const issued = (data: object) => canonicalJson(eventOf('token.issued', { data }));

  it.each(DATABASE_ROLES)('is inserted by no process on its own: %s', async (role) => {
    const client = roles.get(role) as pg.Client;
    await expect(
      client.query(
        'INSERT INTO tokens (id, person, kind, secret_sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
        values('a1'),
      ),
    ).rejects.toThrow('permission denied');
  });

  it('is issued with the event that says so, and with no other', async () => {
    const api = roles.get('api') as pg.Client;
    const issue = (id: string, entry: string) =>
      api.query('SELECT issue_token($1, $2, $3, $4, $5, $6, $7)', [...values(id), entry]);
    await expect(issue('a2', issued({ token: 'a2', person: 'admin', kind: 'personal' }))).rejects.toThrow(
      'not that of this token',
    );
    await expect(issue('a2', issued({ token: 'a3', person: 'approver', kind: 'personal' }))).rejects.toThrow(
      'not that',
    );
    await expect(issue('a2', canonicalJson(eventOf('token.revoked')))).rejects.toThrow('not that of this token');
    await issue('a2', issued({ token: 'a2', person: 'approver', kind: 'personal' }));
    const { rows } = await owner.query(
      `SELECT 1 FROM audit_events WHERE action = 'token.issued' AND bytes LIKE '%"a2"%'`,
    );
    expect(rows).toHaveLength(1);
    for (const role of ['authority', 'relay', 'worker'] as const)
      await expect(
        (roles.get(role) as pg.Client).query('SELECT issue_token($1, $2, $3, $4, $5, $6, $7)', [
          ...values('a4'),
          issued({ token: 'a4', person: 'approver', kind: 'personal' }),
        ]),
      ).rejects.toThrow('permission denied');
  });
});
