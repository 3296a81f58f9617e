import { expect } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { until as patientlyUntil } from './patience.js';
import { addLocalTarget, startTestProduct, type ProductOptions, type TestProduct } from './product.js';
import { type Who } from './people.js';

/** A folder that a `held` job works on: what it holds, and the files that hold the job still. */
export class Folder {
  readonly path = mkdtempSync('/tmp/fxd-');

  hold(where: 'detect' | 'before' | 'after'): void {
    writeFileSync(join(this.path, `.hold-${where}`), '');
  }

  releaseLocks(): void {
    for (const where of ['detect', 'before', 'after']) rmSync(join(this.path, `.hold-${where}`), { force: true });
  }

  read(name: string): string | undefined {
    const path = join(this.path, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  /** Writes that reached the target. */
  effects(): number {
    return (this.read('.ledger') ?? '').split('\n').filter(Boolean).length;
  }

  begun(): Promise<void> {
    return until(() => this.read('.begun') !== undefined);
  }
}

export function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  return patientlyUntil(holds.toString(), holds);
}

/** The product with an administrator's eye on the record. */
export interface Durable extends TestProduct {
  readonly admin: pg.Client;
  submit(folder: Folder, more?: object, who?: Who): Promise<string>;
  planned(folder: Folder, more?: object, who?: Who): Promise<any>;
  approve(job: any, who?: Who): Promise<any>;
  resolve(id: string, resolution: 'in-place' | 'not-in-place'): Promise<any>;
  actions(id: string): Promise<readonly string[]>;
}

export async function startDurable(options: ProductOptions = {}): Promise<Durable> {
  const product = await startTestProduct(options);
  await addLocalTarget(product);
  const admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
  const submit: Durable['submit'] = async (folder, more = {}, who = 'helpdesk') => {
    const { status, body } = await product.call(who, 'POST', '/v1/jobs', {
      runbook: 'held',
      target: 'box',
      parameters: { directory: folder.path, names: ['a'], text: 'x', ...more },
      reason: 'test',
    });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body.id as string;
  };
  return {
    ...product,
    admin,
    submit,
    planned: async (folder, more, who) =>
      product.until(await submit(folder, more, who), ['awaiting-approval', 'compliant', 'blocked', 'deferred']),
    approve: async (job, who = 'approver') => {
      const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
      const { status, body } = await product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, decision);
      expect([status, body]).toEqual([200, expect.anything()]);
      return body;
    },
    resolve: async (id, resolution) =>
      (await product.call('operator', 'POST', `/v1/jobs/${id}/resolve`, { resolution, reason: 'looked' })).body,
    actions: async (id) =>
      (
        await admin.query<{ action: string }>('SELECT action FROM audit_events WHERE job_id = $1 ORDER BY n', [id])
      ).rows.map(({ action }) => action),
    async stop() {
      await admin.end();
      await product.stop();
    },
  };
}
