import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import type { RecordRole } from '../../src/adapters/postgres/install/roles.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { storeNothing } from '../support/stored-runbook.js';

/** What the database lets each role do to a rollout, whatever its process was made to send. */

let product: TestProduct;
let clients: DatabaseClients;
let id: string;
/** Another rollout of the same runbook, which has ended. */
let over: string;
const root = 'a'.repeat(64);

beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  await addLocalTarget(product);
  const client = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await client.connect();
  await storeNothing(client, product.home, { type: 'object', additionalProperties: true });
  await client.end();
  [id, over] = [await submitted(), await submitted()];
  clients = await connectEachRole(product);
  await clients.roles
    .get('authority')
    ?.query(`UPDATE rollouts SET status = 'ended', ending = 'aborted' WHERE id = '${over}'`);
});
async function submitted(): Promise<string> {
  const made = await product.call('operator', 'POST', '/v1/rollouts', {
    ...{ runbook: 'nothing', reason: 'test', items: [{ target: 'box', parameters: { a: 1 } }], expect: 1 },
  });
  expect([made.status, made.body]).toEqual([201, expect.anything()]);
  return made.body.id as string;
}
afterAll(async () => {
  await clients?.end();
  await product?.stop();
});

/** Undefined where the role may, else what the database says. Nothing of it stays. */
async function refused(role: RecordRole, ...statements: readonly string[]): Promise<string | undefined> {
  const client = clients.roles.get(role) as pg.Client;
  await client.query('BEGIN');
  try {
    for (const statement of statements) await client.query(statement.replaceAll('$id', id));
    // What is looked at when it commits, at once.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.query('ROLLBACK');
  }
}

const list = `INSERT INTO rollout_lists (rollout, root, bytes) VALUES ('$id', '${root}', '[]')`;
const decision = (columns = '', values = '', person = 'approver', kind = 'approve') =>
  `INSERT INTO rollout_decisions (id, rollout, kind, root, person_id, person, reason, proof, decided_at${columns})
   VALUES ('${randomUUID()}', '$id', '${kind}', ${kind === 'resume' ? 'NULL' : `'${root}'`}, '${person}', '{}', 'r', '{}', now()${values})`;
const stop = (columns: string, values: string, kind = 'pause') =>
  `INSERT INTO rollout_stops (id, rollout, kind, ${columns}) VALUES ('${randomUUID()}', '$id', '${kind}', ${values})`;
const job = (index: number) =>
  `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, target_digest,
     pool, parameters, requester_id, requester, reason, rollout, rollout_index)
   SELECT '${randomUUID()}', kind, 'planning', runbook_id, runbook_version, content_digest, target_id, target_name, target,
     target_digest, pool, parameters, requester_id, requester, reason, rollout, ${index} FROM jobs WHERE rollout = '$id'`;

const rollback = randomUUID();
/** A rollback of this rollout, in every column as the API writes it. */
const rollbackOf = (undone: string, leftOut = `'[]'`, retry = 'NULL') =>
  `INSERT INTO rollouts (id, runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, declaration, count,
     items_digest, retry_of, rollback_of, left_out)
   SELECT '${rollback}', runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, declaration, count,
     items_digest, ${retry}, ${undone}, ${leftOut} FROM rollouts WHERE id = '$id'`;
/** Its item: the rollback of the job of this rollout, with these columns as they are there unless they are given. */
const undoing = (of: string, more: Readonly<Record<string, string>> = {}) => {
  const set: Readonly<Record<string, string>> = { kind: `'rollback-of'`, rollback_of: 'id', ...more };
  const columns = ['kind', 'rollback_of', 'target_digest', 'parameters', 'salt'];
  return [
    `INSERT INTO jobs (id, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, pool, requester_id,
       requester, reason, rollout, rollout_index, ${columns.join(', ')})
     SELECT '${randomUUID()}', 'planning', runbook_id, runbook_version, content_digest, target_id, target_name, target, pool,
       requester_id, requester, reason, '${rollback}', 0, ${columns.map((name) => set[name] ?? name).join(', ')}
     FROM jobs WHERE rollout = '${of}'`,
    'SET CONSTRAINTS an_item_is_of_its_kind IMMEDIATE',
  ];
};

describe('the API', () => {
  it.each<[string, readonly string[]]>([
    ['records what a person decided', [list, decision()]],
    ['pauses', [stop('person_id, person, reason', `'operator', '{}', 'r'`)]],
  ])('%s', async (_, statements) => expect(await refused('api', ...statements)).toBeUndefined());

  it.each<[string, readonly string[], RegExp]>([
    ['say that a decision was accepted', [list, decision(', status', `, 'accepted'`)], /permission denied/],
    ['judge one', [`UPDATE rollout_decisions SET status = 'accepted'`], /permission denied/],
    ['record the requester’s own approval', [list, decision('', '', 'operator')], /own-request/],
    ['date a decision', [list, decision().replace('now()', `now() - interval '1 hour'`)], /dated by the clock/],
    ['say where a rollout is', [`UPDATE rollouts SET status = 'running'`], /permission denied/],
    ['change what was asked for', [`UPDATE rollouts SET declaration = '{}'`], /permission denied/],
    ['write a gate of authority', [stop('code, wave', `'wave-not-proved', 0`)], /permission denied/],
    ['stop without a person', [stop('items', `'[]'`)], /a_stop_is_by_somebody/],
    ['take a stop back', ['DELETE FROM rollout_stops'], /permission denied/],
    [
      'grant',
      [
        `INSERT INTO rollout_grants (jti, rollout, bytes, signature, kid) VALUES ('${randomUUID()}', '$id', '', '', '')`,
      ],
      /permission denied/,
    ],
    [
      'prove a wave',
      [`INSERT INTO rollout_waves (rollout, wave, what) VALUES ('$id', 0, 'proved')`],
      /permission denied/,
    ],
    ['change a list', [list, `UPDATE rollout_lists SET bytes = '[1]'`], /permission denied/],
    ['add an item', [job(1)], /no item of its rollout|needs the audit event/],
    ['take the place of an item', [job(0)], /one_job_a_place/],
  ])('cannot %s', async (_, statements, why) => expect(await refused('api', ...statements)).toMatch(why));
});

describe('a rollback of a rollout', () => {
  it('is of one that has ended, and its items are rollbacks of the items there', async () => {
    const client = clients.roles.get('api') as pg.Client;
    await client.query('BEGIN');
    for (const statement of [rollbackOf(`'${over}'`), ...undoing(over)])
      await client.query(statement.replaceAll('$id', id));
    await client.query('ROLLBACK');
  });

  it.each<[string, () => readonly string[], RegExp]>([
    ['of one that has not ended', () => [rollbackOf(`'$id'`)], /cannot be rolled back/],
    ['of one that is not there', () => [rollbackOf(`'${randomUUID()}'`)], /cannot be rolled back/],
    ['that does not say what it leaves', () => [rollbackOf(`'${over}'`, 'NULL')], /a_rollback_says_what_it_leaves/],
    ['that repeats another one', () => [rollbackOf(`'${over}'`, `'[]'`, `'$id'`)], /a_rollback_repeats_nothing/],
    [
      'that makes the change again',
      () => [rollbackOf(`'${over}'`), ...undoing(over, { kind: `'remediation'` })],
      /kind/,
    ],
    ['of a job of another rollout', () => [rollbackOf(`'${over}'`), ...undoing(id)], /another kind/],
    [
      'with other parameters',
      () => [rollbackOf(`'${over}'`), ...undoing(over, { parameters: `'{}'` })],
      /another kind/,
    ],
    ['of another target', () => [rollbackOf(`'${over}'`), ...undoing(over, { target_digest: `'0'` })], /another kind/],
    ['with another salt', () => [rollbackOf(`'${over}'`), ...undoing(over, { salt: 'NULL' })], /another kind/],
  ])('is not stored %s', async (_, statements, why) => expect(await refused('api', ...statements())).toMatch(why));

  it('is no other rollout: none of its items is a rollback', async () => {
    const plain = rollbackOf('NULL', 'NULL');
    expect(await refused('api', plain, ...undoing(over))).toMatch(/another kind/);
  });
});

describe('the worker and the relay', () => {
  it.each<[RecordRole, string]>([
    ['worker', list],
    ['worker', decision()],
    ['worker', stop('person_id, person, reason', `'operator', '{}', 'r'`)],
    ['worker', `UPDATE rollouts SET status = 'ended', ending = 'aborted'`],
    ['relay', `SELECT 1 FROM rollouts`],
    ['relay', stop('person_id, person, reason', `'operator', '{}', 'r'`)],
  ])('%s: cannot write any of it (%#)', async (role, statement) =>
    expect(await refused(role, statement)).toMatch(/permission denied/),
  );
});

describe('authority', () => {
  it('judges, grants and pauses', async () => {
    const grant = `INSERT INTO rollout_grants (jti, rollout, bytes, signature, kid) VALUES ('${randomUUID()}', '$id', '', '', '')`;
    const mark = `INSERT INTO rollout_waves (rollout, wave, what) VALUES ('$id', 0, 'proved')`;
    const status = `UPDATE rollouts SET status = 'running' WHERE id = '$id'`;
    expect(await refused('authority', grant, mark, status, stop('code, wave', `'wave-not-proved', 0`))).toBeUndefined();
  });

  it.each<[string, readonly string[], RegExp]>([
    ['decide in the name of a person', [list], /permission denied/],
    ['change what was asked for', [`UPDATE rollouts SET count = 2`], /permission denied/],
    [
      'begin an ended rollout again',
      [
        `UPDATE rollouts SET status = 'ended', ending = 'aborted'`,
        `UPDATE rollouts SET status = 'running', ending = NULL`,
      ],
      /has ended/,
    ],
    ['take a wave back', [`DELETE FROM rollout_waves`], /permission denied/],
  ])('cannot %s', async (_, statements, why) => expect(await refused('authority', ...statements)).toMatch(why));
});

describe('the owner', () => {
  it('keeps what was judged, too', async () => {
    const { owner } = clients;
    await owner.query('BEGIN');
    await owner.query(list.replaceAll('$id', id));
    await owner.query(decision(', status', `, 'accepted'`).replaceAll('$id', id));
    await expect(owner.query(`UPDATE rollout_decisions SET status = 'pending'`)).rejects.toThrow('judged before');
    await owner.query('ROLLBACK');
    await expect(owner.query('DELETE FROM rollout_stops')).rejects.toThrow('append-only');
    await expect(owner.query('DELETE FROM rollouts')).rejects.toThrow();
  });
});
