import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, startDurable, until, type Durable } from '../support/durable.js';

let product: Durable;
beforeAll(async () => {
  product = await startDurable({ env: { FIXPOINT_LEASE_MS: '4000', FIXPOINT_RECONCILE_AFTER_MS: '500' } });
});
afterAll(() => product?.stop());

const spooled = () => {
  const directory = join(product.home, 'spool');
  return existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
};

/** Cuts the worker, and nobody else, off from the record. */
async function cut(): Promise<void> {
  await product.admin.query('ALTER ROLE fixpoint_worker NOLOGIN');
  await product.admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'fixpoint_worker'");
}
const mend = () => product.admin.query('ALTER ROLE fixpoint_worker LOGIN');

describe('a result that arrives while the database is unavailable', () => {
  it('is on disk at once, merged when the database is back, and the job continues under its grant', async () => {
    const folder = new Folder();
    const job = await product.planned(folder, { names: ['a', 'b'] });
    folder.hold('after');
    await product.approve(job);
    await until(() => folder.effects() === 1);
    await cut();
    folder.releaseLocks();
    await until(() => spooled().length === 1);
    expect(spooled().map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
    expect(folder.effects()).toBe(1);
    await mend();
    const done = await product.until(job.id, ['succeeded', 'failed', 'needs-attention']);
    expect(done).toMatchObject({
      state: 'succeeded',
      outcome: 'fixed',
      changes: [{ result: 'changed' }, { result: 'changed' }],
    });
    expect(folder.effects()).toBe(2);
    expect(spooled()).toEqual([]);
  });
});

describe('a worker that shuts down', () => {
  it('finishes the current change, begins no other, and another worker continues', async () => {
    const folder = new Folder();
    const job = await product.planned(folder, { names: ['a', 'b'] });
    folder.hold('before');
    await product.approve(job);
    await folder.begun();
    const ended = product.stopWorker();
    folder.releaseLocks();
    await ended;
    expect(await product.until(job.id, ['deferred'])).toMatchObject({
      state: 'deferred',
      code: 'worker-stopped',
      changes: [{ result: 'changed' }, { result: 'open' }],
    });
    expect(folder.effects()).toBe(1);
    await product.startWorker();
    expect(await product.until(job.id, ['succeeded', 'failed'])).toMatchObject({
      state: 'succeeded',
      changes: [{ result: 'changed' }, { result: 'changed' }],
    });
    expect(folder.effects()).toBe(2);
  });

  it('stops a change that exceeds the grace period, and the target is checked', async () => {
    const folder = new Folder();
    const job = await product.planned(folder);
    folder.hold('before');
    await product.approve(job);
    await folder.begun();
    await product.stopWorker();
    expect(await product.until(job.id, ['unknown'])).toMatchObject({ state: 'unknown', code: 'worker-stopped' });
    folder.releaseLocks();
    await product.startWorker();
    expect(await product.until(job.id, ['succeeded', 'failed'])).toMatchObject({
      state: 'succeeded',
      outcome: 'fixed',
    });
    expect(folder.effects()).toBe(1);
  });

  it('returns a job without changes at once', async () => {
    const folder = new Folder();
    folder.hold('detect');
    const id = await product.submit(folder);
    await until(async () => (await product.actions(id)).includes('job.planning-started'));
    await product.stopWorker();
    expect((await product.until(id, ['planning'])).state).toBe('planning');
    folder.releaseLocks();
    await product.startWorker();
    expect((await product.until(id, ['awaiting-approval'])).state).toBe('awaiting-approval');
    const { rows } = await product.admin.query('SELECT crashes FROM jobs WHERE id = $1', [id]);
    expect(rows).toEqual([{ crashes: 0 }]);
  });
});

describe('a cancel', () => {
  it('ends the check before the first change at once', async () => {
    const folder = new Folder();
    const job = await product.planned(folder);
    folder.hold('detect');
    await product.approve(job);
    await product.until(job.id, ['running']);
    await product.call('operator', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'stop' });
    expect(await product.until(job.id, ['cancelled'])).toMatchObject({ state: 'cancelled', partial: false });
    expect(folder.effects()).toBe(0);
    folder.releaseLocks();
  });

  it('lets the current change finish and begins no other', async () => {
    const folder = new Folder();
    const job = await product.planned(folder, { names: ['a', 'b'] });
    folder.hold('before');
    await product.approve(job);
    await folder.begun();
    await product.call('operator', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'stop' });
    folder.releaseLocks();
    expect(await product.until(job.id, ['cancelled', 'succeeded'])).toMatchObject({
      state: 'cancelled',
      partial: true,
      progress: { done: 1, of: 2 },
    });
    expect(folder.effects()).toBe(1);
  });

  it('of a job with an unknown change is reconciled first', async () => {
    const folder = new Folder();
    const job = await product.planned(folder, { names: ['a', 'b'] });
    folder.hold('before');
    await product.approve(job);
    await folder.begun();
    await product.call('operator', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'stop' });
    await product.stopWorker();
    folder.releaseLocks();
    await product.startWorker();
    expect(await product.until(job.id, ['cancelled', 'succeeded'])).toMatchObject({
      state: 'cancelled',
      changes: [{ result: 'not-in-place' }, { result: 'open' }],
    });
    expect(folder.effects()).toBe(0);
  });
});

describe('a clock that jumps back', () => {
  it('revives nothing that expired, is audited, and affects no later job', async () => {
    const granted = await product.planned(new Folder());
    const asked = await product.planned(new Folder());
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await product.approve(granted);
    // As the record would stand if its clock had shown tomorrow, while nobody looked at these jobs.
    await product.admin.query("UPDATE clock_eras SET highest = clock_timestamp() + interval '25 h'");
    await until(async () => (await product.admin.query('SELECT 1 FROM clock_eras')).rowCount === 2);
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(granted.id, ['expired', 'succeeded'])).toMatchObject({
      state: 'expired',
      code: 'grant-expired',
    });
    expect(await product.until(asked.id, ['expired'])).toMatchObject({ state: 'expired', code: 'approval-expired' });
    const { rows } = await product.admin.query("SELECT bytes FROM audit_events WHERE action = 'clock.jumped-back'");
    expect(rows).toHaveLength(1);
    const job = await product.planned(new Folder());
    await product.approve(job);
    expect((await product.until(job.id, ['succeeded', 'expired'])).state).toBe('succeeded');
  });
});
