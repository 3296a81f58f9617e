import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type pg from 'pg';
import type { RecordRole } from '../../src/adapters/postgres/install/roles.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { connectEachRole, type DatabaseClients } from './database-roles.js';
import { actions, admin, effects, newFolder, planned, product, withProduct } from './jobs.js';
import { factsOf, firstKey, proofOf, registeredKeyOf, saltOf, type OwnKey } from './keys.js';
import { until } from './patience.js';
import { PEOPLE, type Who } from './people.js';

let clients: DatabaseClients;
/** Registered keys of the product of this test file. */
export let adminKey: OwnKey;
export let approverKey: OwnKey;

/** Gives a test file its product, a client for each role of its database, and the keys of an administrator and an approver. */
export function withKeys(): void {
  // Before the product stops: its database ends with it.
  afterAll(() => clients?.end());
  withProduct();
  beforeAll(async () => {
    clients = await connectEachRole(product);
    adminKey = await firstKey(product);
    approverKey = await registeredKeyOf(product, 'approver', adminKey);
  });
}

export const as = (role: RecordRole) => clients.roles.get(role) as pg.Client;

export interface Forged {
  readonly proof: object | string;
  readonly who?: Who;
  /** What the row says of the person. */
  readonly name?: string;
  readonly planDigest?: string;
  readonly decision?: 'approve' | 'reject';
  readonly reason?: string;
  readonly executeBy?: Date;
  readonly onFailure?: 'leave' | 'rollback';
}

/** Inserts a decision with the rights of the API, and waits for what authority says of it. */
export async function forge(
  job: any,
  { proof, who = 'approver', decision = 'approve', reason = 'ok', ...more }: Forged,
) {
  const id = randomUUID();
  await as('api').query(
    `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, execute_by, on_failure, proof, decided_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())`,
    [
      ...[id, job.id, more.planDigest ?? job.plan.digest, decision, who],
      canonicalJson({ id: who, name: more.name ?? `The ${who}`, roles: PEOPLE[who] }),
      ...[reason, more.executeBy ?? null, more.onFailure ?? null],
      typeof proof === 'string' ? proof : canonicalJson(proof),
    ],
  );
  let row: { status: string; code: string | null } | undefined;
  await until('the decision is judged', async () => {
    const { rows } = await admin.query('SELECT status, code FROM decisions WHERE id = $1', [id]);
    row = rows[0];
    return row?.status !== 'pending';
  });
  return row;
}

export async function waiting() {
  const directory = newFolder();
  return { directory, job: await planned('set-file-text', { directory, names: ['a'], text: 'x' }) };
}

/** Nothing ran, the job still waits, and the log says that a decision was refused. */
export async function refused(at: Awaited<ReturnType<typeof waiting>>, code: string, forged: Forged) {
  expect(await forge(at.job, forged)).toEqual({ status: 'refused', code });
  const { body } = await product.call('admin', 'GET', `/v1/jobs/${at.job.id}`);
  expect([body.state, effects(at.directory)]).toEqual(['awaiting-approval', 0]);
  expect(await actions(at.job.id)).toContain('job.decision-refused');
  const { rows } = await admin.query(
    `SELECT 1 FROM audit_events WHERE job_id = $1 AND action = 'job.decision-refused' AND bytes LIKE '%"code":"' || $2 || '"%'`,
    [at.job.id, code],
  );
  expect(rows).not.toHaveLength(0);
}

export const proofFor = async (job: any, key: OwnKey = approverKey, more: Parameters<typeof factsOf>[2] = {}) =>
  proofOf(key, factsOf(job, await saltOf(product, job), more));
