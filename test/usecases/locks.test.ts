import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Folder, startDurable, until, type Durable } from '../support/durable.js';

let product: Durable;
beforeAll(async () => {
  product = await startDurable({ env: { FIXPOINT_RECONCILE_AFTER_MS: '300' } });
});
afterAll(() => product?.stop());

/** A folder that says which object it is; the name is the folder's. */
function folderOf(object: string): Folder {
  const folder = new Folder();
  folder.write('.object', object);
  return folder;
}

/** Ids of jobs in the order in which something happened to them. */
async function order(action: string, jobs: readonly { id: string }[]): Promise<readonly number[]> {
  const ids = jobs.map(({ id }) => id);
  const { rows } = await product.admin.query<{ job_id: string }>(
    'SELECT job_id FROM audit_events WHERE action = $1 AND job_id = ANY($2) ORDER BY n',
    [action, ids],
  );
  return rows.map((row) => ids.indexOf(row.job_id));
}
const waits = (id: string) => until(async () => (await product.until(id, ['queued'])).code === 'object-locked');

describe('jobs on one object', () => {
  it('never overlap under any name of it, run first come first served, and hold no slot while they wait', async () => {
    const folders = ['B-2', 'b-2', 'B-2', 'b-2'].map(folderOf);
    const [first] = folders;
    first?.hold('before');
    const jobs: any[] = [];
    for (const folder of folders) jobs.push(await product.planned(folder));
    for (const [i, job] of jobs.entries()) {
      await product.approve(job);
      await (i === 0 ? first?.begun() : waits(job.id));
    }
    // Two slots: one works on the object, three jobs wait for it, and the other slot is free.
    const other = await product.planned(folderOf('C-3'));
    await product.approve(other);
    expect((await product.until(other.id, ['succeeded'])).state).toBe('succeeded');
    first?.releaseLocks();
    for (const job of jobs) expect((await product.until(job.id, ['succeeded'])).state).toBe('succeeded');
    expect(await order('job.claimed', jobs)).toEqual([0, 1, 2, 3]);
    const { rows } = await product.admin.query<{ action: string }>(
      "SELECT action FROM audit_events WHERE job_id = ANY($1) AND action IN ('job.claimed', 'job.succeeded') ORDER BY n",
      [jobs.map(({ id }) => id)],
    );
    expect(rows.map(({ action }) => action)).toEqual(jobs.flatMap(() => ['job.claimed', 'job.succeeded']));
    expect((await product.admin.query('SELECT 1 FROM object_locks')).rowCount).toBe(0);
    expect((await product.admin.query('SELECT 1 FROM lock_waiters')).rowCount).toBe(0);
  });

  it('that is reconciled and queued again with its lock does not wait behind the jobs that want it', async () => {
    const [mine, theirs] = [folderOf('D-4'), folderOf('D-4')];
    const job = await product.planned(mine);
    const next = await product.planned(theirs);
    mine.hold('before');
    await product.approve(job);
    await mine.begun();
    await product.approve(next);
    await waits(next.id);
    await product.stopWorker();
    mine.releaseLocks();
    await product.startWorker();
    for (const { id } of [job, next]) expect((await product.until(id, ['succeeded'])).state).toBe('succeeded');
    expect(await order('job.claimed', [job, next])).toEqual([0, 0, 1]);
  });

  it('that is cancelled while it waits lets the next one run', async () => {
    const folders = ['E-5', 'E-5', 'E-5'].map(folderOf);
    folders[0]?.hold('before');
    const jobs: any[] = [];
    for (const folder of folders) jobs.push(await product.planned(folder));
    for (const [i, job] of jobs.entries()) {
      await product.approve(job);
      await (i === 0 ? folders[0]?.begun() : waits(job.id));
    }
    await product.call('operator', 'POST', `/v1/jobs/${jobs[1].id}/cancel`, { reason: 'no' });
    folders[0]?.releaseLocks();
    for (const id of [jobs[0].id, jobs[2].id]) expect((await product.until(id, ['succeeded'])).state).toBe('succeeded');
  });
});

describe('a person with few jobs', () => {
  it('does not wait behind a person with many, and decisions overtake new requests', async () => {
    const decided = await product.planned(new Folder(), {}, 'operator');
    const slots = [new Folder(), new Folder()];
    for (const folder of slots) folder.hold('detect');
    const busy = await Promise.all(slots.map((folder) => product.submit(folder)));
    for (const id of busy) await until(async () => (await product.actions(id)).includes('job.planning-started'));
    const bulk: string[] = [];
    for (let i = 0; i < 8; i++) bulk.push(await product.submit(new Folder()));
    const one = await product.submit(new Folder(), {}, 'helpdesk2');
    await product.approve(decided);
    const { rows } = await product.admin.query<{ job_id: string }>(
      'SELECT job_id FROM outbox WHERE job_id = ANY($1) AND taken_at IS NULL ORDER BY priority',
      [[...bulk, one, decided.id]],
    );
    expect(rows.slice(0, 2).map((row) => row.job_id)).toEqual([decided.id, one]);
    await until(async () => (await product.admin.query('SELECT 1 FROM outbox WHERE sent_at IS NULL')).rowCount === 0);
    for (const folder of slots) folder.releaseLocks();
    const jobs = [...bulk, one].map((id) => ({ id }));
    for (const { id } of jobs) await product.until(id, ['awaiting-approval']);
    expect((await order('job.planning-started', jobs)).indexOf(bulk.length)).toBeLessThan(2);
  });
});
