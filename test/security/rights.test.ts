import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { DATABASE_ROLES, type RecordRole } from '../../src/adapters/postgres/install/roles.js';
import { isTerminal, STATES } from '../../src/domain/job.js';
import { WHO_MOVES } from '../../src/domain/who-moves.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { startTestProduct, type TestProduct } from '../support/product.js';

/** What the database lets each role of the product do to a job, whatever its process was made to send. */

let product: TestProduct;
let clients: DatabaseClients;
let owner: pg.Client;
let roles: DatabaseClients['roles'];
const job = randomUUID();
/** The same as an item of a scan: only such a job is ever drifted. */
const scan = randomUUID();

beforeAll(async () => {
  product = await startTestProduct({ workers: false });
  clients = await connectEachRole(product);
  ({ owner, roles } = clients);
  const digest = 'a'.repeat(64);
  await owner.query(
    `INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ('${digest}', 'x', '1.0.0', '{}')`,
  );
  await owner.query(
    `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, target_digest,
       pool, parameters, requester_id, requester, reason, plan_digest, grant_jti)
     VALUES ('${job}', 'remediation', 'planning', 'x', '1.0.0', '${digest}', '${job}', 't', '{}', 'd', 'default', '{}', 'helpdesk',
       '{}', 'r', 'p', '${job}')`,
  );
  await owner.query(
    `INSERT INTO scans (id, runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, count, items_digest)
     VALUES ('${scan}', 'x', '1.0.0', '${digest}', 'default', 'helpdesk', '{}', 'r', 1, '${digest}')`,
  );
  await owner.query(
    `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, target_digest,
       pool, parameters, requester_id, requester, reason, plan_digest, scan, scan_index)
     VALUES ('${scan}', 'scan', 'planning', 'x', '1.0.0', '${digest}', '${job}', 't', '{}', 'd', 'default', '{}', 'helpdesk', '{}',
       'r', 'p', '${scan}', 0)`,
  );
});
afterAll(async () => {
  await clients?.end();
  await product?.stop();
});

/** Undefined where the role may, else what the database says. Nothing of it stays. */
async function refused(role: RecordRole, statement: string): Promise<string | undefined> {
  const client = roles.get(role) as pg.Client;
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.query('ROLLBACK');
  }
}

describe('the moves of a job', () => {
  it.each(STATES)('from %s: each role makes its own alone', async (from) => {
    const about = (to: string) => (from === 'drifted' || (from === 'planning' && to === 'drifted') ? scan : job);
    await owner.query('UPDATE jobs SET state = $2 WHERE id = $1', [about(from), from]);
    const may: string[] = [];
    for (const role of DATABASE_ROLES)
      for (const to of STATES) {
        const why = await refused(
          role,
          `UPDATE jobs SET state = '${to}', revision = revision + 1 WHERE id = '${about(to)}'`,
        );
        if (why === undefined) may.push(`${role}: ${to}`);
        else expect(why).toMatch(/permission denied|may not move a job|the job has ended/);
      }
    const own = (Object.entries(WHO_MOVES[from]) as [string, readonly RecordRole[]][]).flatMap(([to, movers]) =>
      movers.map((mover) => `${mover}: ${to}`),
    );
    // A living job stays where it is while something about it is noted; of an ended one the count of the writes alone goes on.
    const stays = (['api', 'authority', 'worker'] as const).map((role) => `${role}: ${from}`);
    expect(may.sort()).toEqual([...own, ...stays].sort());
  });

  it('the ended states of the database are those of the product', async () => {
    for (const state of STATES) {
      const about = state === 'drifted' ? scan : job;
      await owner.query('UPDATE jobs SET state = $2 WHERE id = $1', [about, state]);
      const why = await refused('worker', `UPDATE jobs SET detail = 'x' WHERE id = '${about}'`);
      expect([state, why]).toEqual([state, isTerminal(state) ? 'the job has ended' : undefined]);
    }
  });

  it('whoever restores or erases as the owner is not bound by them', async () => {
    await owner.query("UPDATE jobs SET state = 'succeeded' WHERE id = $1", [job]);
    const { rowCount } = await owner.query("UPDATE jobs SET state = 'unknown', reason = '' WHERE id = $1", [job]);
    expect(rowCount).toBe(1);
  });
});

describe('the columns of a job', () => {
  /** What a request fixes; every process may read it, and none may change it. */
  const bound = [
    ...['id', 'kind', 'rollback_of', 'runbook_id', 'runbook_version', 'content_digest', 'target_id', 'target_name'],
    ...['target', 'target_digest', 'pool', 'parameters', 'salt', 'requester_id', 'requester', 'reason', 'ticket'],
    ...['supersedes', 'follows', 'traceparent', 'submitted_at', 'erased_at'],
  ];
  /** Besides those of the moves. */
  const own: Readonly<Record<RecordRole, readonly string[]>> = {
    api: ['cancel', 'partial', 'crashes'],
    authority: ['grant_jti', 'execute_by', 'on_failure'],
    relay: [],
    worker: [
      ...['supplied', 'findings', 'subjects', 'plan_digest', 'grant_jti', 'execute_by', 'on_failure', 'engine_digest'],
      ...['outcome', 'epoch', 'worker', 'partial', 'drifts', 'crashes', 'proofs'],
    ],
  };
  const moves = 'state state_since code detail wake_at next_try_at until lease_until clock_era revision'.split(' ');

  it.each(DATABASE_ROLES)('%s changes its own, and nothing that was asked for', async (role) => {
    const { rows } = await owner.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'jobs'::regclass AND attnum > 0 AND NOT attisdropped",
    );
    const may: string[] = [];
    for (const { name } of rows)
      if ((await refused(role, `UPDATE jobs SET ${name} = ${name} WHERE id = '${job}'`)) === undefined) may.push(name);
    const expected = role === 'relay' ? ['wake_at', 'next_try_at', 'lease_until'] : [...moves, ...own[role]];
    expect(may.sort()).toEqual([...expected].sort());
    expect(may.filter((name) => bound.includes(name))).toEqual([]);
    expect(bound.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });

  it('authority alone gives a job a grant, a window and what happens on failure', async () => {
    await owner.query("UPDATE jobs SET state = 'running', on_failure = 'leave', execute_by = now() WHERE id = $1", [
      job,
    ]);
    for (const given of [
      'grant_jti = gen_random_uuid()',
      "execute_by = now() + interval '1 day'",
      "on_failure = 'rollback'",
    ]) {
      const statement = `UPDATE jobs SET ${given} WHERE id = '${job}'`;
      expect(await refused('worker', statement)).toContain('may not give a job a grant');
      expect(await refused('authority', statement)).toBeUndefined();
    }
    // After a drift the worker takes it away.
    const cleared = `UPDATE jobs SET state = 'awaiting-approval', grant_jti = NULL, execute_by = NULL, on_failure = NULL WHERE id = '${job}'`;
    expect(await refused('worker', cleared)).toBeUndefined();
  });
});

it('what became of a change is said once, and by the API only that it is not there', async () => {
  await owner.query(
    `INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch, result)
     VALUES ('${job}', 'open', 'apply', 1, 1, NULL), ('${job}', 'said', 'apply', 1, 1, 'in-place')`,
  );
  try {
    const say = (change: string, result: string) =>
      `UPDATE change_journal SET result = '${result}' WHERE job_id = '${job}' AND change_id = '${change}'`;
    const said = async () => {
      const all: string[] = [];
      for (const role of ['api', 'worker'] as const)
        for (const change of ['open', 'said'])
          for (const result of ['changed', 'noop', 'in-place', 'failed', 'not-in-place'])
            if ((await refused(role, say(change, result))) === undefined) all.push(`${role}: ${change} ${result}`);
      return all;
    };
    const byWorker = ['changed', 'noop', 'in-place', 'failed', 'not-in-place'].map(
      (result) => `worker: open ${result}`,
    );
    // Of a job that runs it would have the change made twice.
    for (const state of ['running', 'unknown', 'waiting', 'failed']) {
      await owner.query('UPDATE jobs SET state = $2 WHERE id = $1', [job, state]);
      expect([state, await said()]).toEqual([state, byWorker]);
    }
    await owner.query(`UPDATE jobs SET state = 'needs-attention' WHERE id = $1`, [job]);
    expect(await said()).toEqual(['api: open not-in-place', ...byWorker]);
  } finally {
    await owner.query(`UPDATE jobs SET state = 'planning' WHERE id = $1`, [job]);
    await owner.query('DELETE FROM change_journal WHERE job_id = $1', [job]);
  }
});

it('the lease of a running job is ended by nobody but its worker and the clock', async () => {
  await owner.query(`UPDATE jobs SET state = 'running', lease_until = now() + interval '1 hour' WHERE id = $1`, [job]);
  try {
    for (const at of ['NULL', `now() - interval '1 second'`, `now() + interval '2 hours'`]) {
      const update = `UPDATE jobs SET lease_until = ${at} WHERE id = '${job}'`;
      for (const role of ['api', 'authority'] as const)
        expect(await refused(role, update)).toMatch(/may not change the lease of a running job/);
      expect(await refused('worker', update)).toBeUndefined();
    }
    expect(await refused('api', `UPDATE jobs SET lease_until = lease_until WHERE id = '${job}'`)).toBeUndefined();
  } finally {
    await owner.query(`UPDATE jobs SET state = 'planning', lease_until = NULL WHERE id = $1`, [job]);
  }
});

describe('what a phase is given beside the parameters', () => {
  const insert = (kind: string, supplied: string, original: string) =>
    `INSERT INTO jobs (id, kind, rollback_of, state, runbook_id, runbook_version, content_digest, target_id, target_name, target,
       target_digest, pool, parameters, supplied, requester_id, requester, reason)
     SELECT gen_random_uuid(), '${kind}', ${original}, 'planning', runbook_id, runbook_version, content_digest, target_id, target_name,
       target, target_digest, pool, parameters, ${supplied}, requester_id, requester, reason FROM jobs WHERE id = '${job}'`;

  it('comes with no request: no digest of it covers that', async () => {
    expect(await refused('api', insert('remediation', 'NULL', 'NULL'))).toBeUndefined();
    for (const supplied of [`'{}'`, `'{"consents":[]}'`])
      expect(await refused('api', insert('remediation', supplied, 'NULL'))).toMatch(/brings no supplied values/);
  });

  it('is that of the original where a job is rolled back, unchanged', async () => {
    await owner.query(`UPDATE jobs SET supplied = '{"jobId":"x"}' WHERE id = $1`, [job]);
    try {
      expect(await refused('api', insert('rollback-of', 'supplied', 'id'))).toBeUndefined();
      for (const supplied of ['NULL', `'{"jobId":"y"}'`])
        expect(await refused('api', insert('rollback-of', supplied, 'id'))).toMatch(/brings no supplied values/);
      expect(await refused('api', insert('remediation', 'supplied', 'id'))).toMatch(/brings no supplied values|check/);
    } finally {
      await owner.query('UPDATE jobs SET supplied = NULL WHERE id = $1', [job]);
    }
  });
});

it.each(DATABASE_ROLES.flatMap((role) => STATES.map((state) => [role, state] as const)))(
  'the role %s may insert a job in %s only where it submits jobs',
  async (role, state) => {
    const why = await refused(
      role,
      `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, target_digest,
         pool, parameters, requester_id, requester, reason)
       SELECT gen_random_uuid(), kind, '${state}', runbook_id, runbook_version, content_digest, target_id, target_name, target,
         target_digest, pool, parameters, requester_id, requester, reason FROM jobs WHERE id = '${job}'`,
    );
    if (role === 'api' && state === 'planning') expect(why).toBeUndefined();
    else expect(why).toMatch(role === 'api' ? 'a job begins in planning' : 'permission denied');
  },
);
