import { beforeAll, describe, expect, it } from '@jest/globals';
import { admin, product, withProduct } from '../support/jobs.js';
import { addLocalTarget } from '../support/product.js';
import { storeNothing } from '../support/stored-runbook.js';
import { type Who } from '../support/people.js';

withProduct({ workers: false });

describe('a repeat of a request that would now be refused', () => {
  const wish = { runbook: 'nothing', parameters: {}, reason: 'test' };
  beforeAll(async () => {
    await storeNothing(admin, product.home);
  });
  const post = (who: Who, path: string, body: object, key: string) =>
    product.call(who, 'POST', path, body, { 'idempotency-key': key });

  /** As a job whose plan had the change c1 ends when it is cancelled. */
  const ended = async (id: string) => {
    const change = { id: 'c1', resource: 'r', property: 'p', before: 'a', after: 'b', action: 'write-file' };
    const bytes = JSON.stringify({ v: 1, job: id, locks: [], changes: [change] });
    await admin.query(
      `INSERT INTO plans SELECT $1::uuid, repeat('c', 64), $2, 'R1', 1, '', now(), now() + interval '1 hour'`,
      [id, bytes],
    );
    await admin.query(`UPDATE jobs SET state = 'cancelled', plan_digest = repeat('c', 64) WHERE id = $1`, [id]);
  };

  it('returns its job, although the target was removed', async () => {
    const box = await addLocalTarget(product, 'soon-gone');
    const request = { ...wish, target: 'soon-gone' };
    const first = await post('helpdesk', '/v1/jobs', request, 'gone');
    expect(first.status).toBe(201);
    expect((await product.call('admin', 'DELETE', `/v1/targets/${box}`)).status).toBe(204);
    const again = await post('helpdesk', '/v1/jobs', request, 'gone');
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    for (const [who, key, body] of [
      ['helpdesk', 'another', request],
      ['helpdesk2', 'gone', request],
      ['helpdesk', 'gone', { ...request, reason: 'another' }],
    ] as const) {
      const refused = await post(who, '/v1/jobs', body, key);
      expect([refused.status, refused.body.code]).toEqual([404, 'target-not-found']);
    }
    expect((await admin.query('SELECT FROM jobs WHERE target_id = $1', [box])).rowCount).toBe(1);
  });

  it('returns its rollback, although nothing is left to undo', async () => {
    const job = await post('helpdesk', '/v1/jobs', { ...wish, target: 'box' }, 'to-undo');
    expect(job.body).toMatchObject({ state: 'planning' });
    const id = job.body.id as string;
    await ended(id);
    const journal = (direction: string) =>
      admin.query(
        `INSERT INTO change_journal
           SELECT '${id}', 'c1', '${direction}', 1, 1, now(), 'changed', now(), NULL, NULL, NULL`,
      );
    await journal('apply');
    const path = `/v1/jobs/${id}/rollback`;
    const first = await post('helpdesk', path, { reason: 'undo' }, 'undo');
    expect(first.status).toBe(201);
    await journal('undo');
    const again = await post('helpdesk', path, { reason: 'undo' }, 'undo');
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect((await post('helpdesk', path, { reason: 'undo' }, 'undo-2')).body.code).toBe('nothing-to-undo');
  });

  it('refuses a second rollback of a job that another one put back', async () => {
    const first = await post('helpdesk', '/v1/jobs', { ...wish, target: 'box' }, 'put-back');
    const id = first.body.id as string;
    await ended(id);
    await admin.query(
      `INSERT INTO change_journal SELECT '${id}', 'c1', 'apply', 1, 1, now(), 'changed', now(), NULL, NULL, NULL`,
    );
    const undo = await post('helpdesk', `/v1/jobs/${id}/rollback`, { reason: 'undo' }, 'put-back-1');
    expect(undo.status).toBe(201);
    await admin.query(
      `UPDATE jobs SET state = 'succeeded', plan_digest = 'x', grant_jti = gen_random_uuid() WHERE id = '${undo.body.id}'`,
    );
    const again = await post('helpdesk', `/v1/jobs/${id}/rollback`, { reason: 'undo' }, 'put-back-2');
    expect([again.status, again.body.code]).toEqual([409, 'already-rolled-back']);
    expect(again.body.detail).toContain(undo.body.id);
  });
});
