import { afterAll, beforeAll, expect } from '@jest/globals';
import { mkdtempSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { addLocalTarget, startTestProduct, type ProductOptions, type TestProduct } from './product.js';
import { type Who } from './people.js';

/** The product of this test file, and an administrator's eye on its record. */
export let product: TestProduct;
export let admin: pg.Client;

/** Gives a test file its product, with one local target; in production two people admit one. */
export function withProduct(options: ProductOptions = {}): void {
  beforeAll(async () => {
    product = await startTestProduct(options);
    if (options.env?.FIXPOINT_MODE !== 'production') await addLocalTarget(product);
    admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.end();
    await product?.stop();
  });
}

export const ENDS = [
  'succeeded',
  'failed',
  'blocked',
  'unknown',
  'needs-attention',
  'rolled-back',
  'rollback-failed',
  'expired',
  'cancelled',
  'waiting',
];
export const newFolder = () => mkdtempSync('/tmp/fxj-');
export const text = (folder: string, name: string) =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
export const effects = (folder: string) => (text(folder, '.ledger') ?? '').split('\n').filter(Boolean).length;

export async function planned(runbook: string, parameters: object, who: Who = 'helpdesk') {
  const { status, body } = await product.call(who, 'POST', '/v1/jobs', {
    runbook,
    target: 'box',
    parameters,
    reason: 'test',
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return product.until(body.id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
}
export const decide = (job: any, who: Who = 'approver', more: object = {}) =>
  product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'ok',
    ...more,
  });
export const actions = async (id: string) => {
  const { rows } = await admin.query<{ action: string; bytes: string }>(
    'SELECT action, bytes FROM audit_events WHERE job_id = $1 ORDER BY n',
    [id],
  );
  return rows.map(({ action }) => action);
};
