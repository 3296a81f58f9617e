import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LateResult } from '../../src/ports/result-spool.js';
import { mergeLateResult, mergeLateResults } from '../../src/usecases/journal/late-result.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { Folder, startDurable, until, type Durable } from '../support/durable.js';

let product: Durable;
let worker: WorkerContext;
beforeAll(async () => {
  // A worker that looked after its lease meanwhile would end the change: there would be no result.
  product = await startDurable({ env: { FIXPOINT_LEASE_MS: '600000', FIXPOINT_RECONCILE_AFTER_MS: '500' } });
  if (!product.worker) throw new Error('no worker');
  worker = product.worker.contextOf(7);
});
afterAll(() => product?.stop());

/** What a worker heard of the change of a job, under a claim that is not the job's any more. */
function lateResult(job: any): LateResult {
  return { job: job.id, epoch: 9, changeId: job.plan.changes[0].id, direction: 'apply', attempt: 4, result: 'changed' };
}
const waiting = () => product.planned(new Folder());
const ended = async () => {
  const job = await waiting();
  await product.approve(job);
  return product.until(job.id, ['succeeded']);
};
const told = async (id: string) =>
  (await product.actions(id)).filter((action) => action === 'change.result-late').length;
const kept = () => {
  const directory = join(product.home, 'spool');
  return existsSync(directory) ? readdirSync(directory).length : 0;
};
const died = new Error('the worker is gone');

describe.each([
  ['a job that waits for an approval', waiting],
  ['a job that has ended', ended],
])('a late result of %s', (_, make) => {
  it('survives a worker that dies before it is in the database, and is recorded once', async () => {
    const job = await make();
    // The running worker merges the spool every second: it would take the result first.
    await product.stopWorker();
    try {
      await worker.spool.keep(lateResult(job));
      await expect(worker.spool.drain(() => Promise.reject(died))).rejects.toBe(died);
      expect([kept(), await told(job.id)]).toEqual([1, 0]);
      expect(await mergeLateResults(worker)).toBe(1);
      expect([kept(), await told(job.id)]).toEqual([0, 1]);
    } finally {
      await product.startWorker();
    }
  });

  it('is recorded once if the worker dies after it is in the database and before its file is deleted', async () => {
    const job = await make();
    await product.stopWorker();
    try {
      await worker.spool.keep(lateResult(job));
      const dies = worker.spool.drain(async (heard) => {
        await mergeLateResult(worker, heard);
        throw died;
      });
      await expect(dies).rejects.toBe(died);
      expect([kept(), await told(job.id)]).toEqual([1, 1]);
      expect(await mergeLateResults(worker)).toBe(1);
      expect([kept(), await told(job.id)]).toEqual([0, 1]);
    } finally {
      await product.startWorker();
    }
  });

  it('is recorded once by ten concurrent workers, and does not change the job', async () => {
    const job = await make();
    const heard = lateResult(job);
    await Promise.all(Array.from({ length: 10 }, () => mergeLateResult(worker, heard)));
    expect(await told(job.id)).toBe(1);
    const { body } = await product.call('admin', 'GET', `/v1/jobs/${job.id}`);
    expect([body.state, body.changes]).toEqual([job.state, job.changes]);
  });

  it('is recorded again if its content differs', async () => {
    const job = await make();
    const heard = lateResult(job);
    await mergeLateResult(worker, heard);
    await mergeLateResult(worker, { ...heard, result: 'failed' });
    expect(await told(job.id)).toBe(2);
  });
});

it('a late result is recorded once, although the job continued and ended before it is merged again', async () => {
  const job = await waiting();
  const heard = lateResult(job);
  await mergeLateResult(worker, heard);
  await product.approve(job);
  await product.until(job.id, ['succeeded']);
  await mergeLateResult(worker, heard);
  expect(await told(job.id)).toBe(1);
});

describe('a result that arrives', () => {
  it('is only evidence after another worker has taken the job over', async () => {
    const folder = new Folder();
    const job = await product.planned(folder);
    folder.hold('after');
    await product.approve(job);
    await until(() => folder.effects() === 1);
    // What a worker does that finds the lease lost, in the middle of the change.
    await product.admin.query(
      "UPDATE jobs SET state = 'unknown', epoch = epoch + 1, lease_until = NULL, next_try_at = now() + interval '2 s', wake_at = now() + interval '2 s' WHERE id = $1",
      [job.id],
    );
    folder.releaseLocks();
    await until(async () => (await product.actions(job.id)).includes('change.result-late'));
    expect(await product.until(job.id, ['succeeded', 'failed'])).toMatchObject({
      state: 'succeeded',
      changes: [{ result: 'in-place' }],
    });
    expect(folder.effects()).toBe(1);
  });
});
