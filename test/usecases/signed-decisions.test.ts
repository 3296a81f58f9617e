import { beforeAll, describe, expect, it } from '@jest/globals';
import { actions, admin, effects, ENDS, newFolder, planned, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signedDecision, type OwnKey } from '../support/keys.js';
import type { Who } from '../support/people.js';

withProduct();

let adminKey: OwnKey;
let approverKey: OwnKey;
beforeAll(async () => {
  adminKey = await firstKey(product);
  approverKey = await registeredKeyOf(product, 'approver', adminKey);
});

const write = (directory: string) => planned('set-file-text', { directory, names: ['a'], text: 'x' });
const send = (who: Who, job: any, body: object) => product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, body);

describe('a decision signed with the approver’s own key', () => {
  it('runs the job, and everybody reads how it was proved', async () => {
    const directory = newFolder();
    const job = await write(directory);
    const answer = await send('approver', job, await signedDecision(product, job, approverKey));
    expect([answer.status, answer.body.code]).toEqual([200, undefined]);
    const ended = await product.until(job.id, ENDS);
    expect(ended).toMatchObject({
      state: 'succeeded',
      approvals: [{ status: 'accepted', proof: 'key', kid: approverKey.kid }],
    });
    expect(effects(directory)).toBe(1);
    const { rows } = await admin.query('SELECT bytes FROM grants WHERE job_id = $1', [job.id]);
    expect(JSON.parse(rows[0].bytes).approvals).toMatchObject([
      { proof: { kind: 'key', kid: approverKey.kid, registration: approverKey.id, executeBy: null, onFailure: null } },
    ]);
  });

  it('rejects', async () => {
    const job = await write(newFolder());
    await send('approver', job, await signedDecision(product, job, approverKey, { decision: 'reject' }));
    expect(await product.until(job.id, [...ENDS, 'rejected'])).toMatchObject({ state: 'rejected' });
  });

  it('says what happens when a change fails', async () => {
    const job = await write(newFolder());
    const body = await signedDecision(product, job, approverKey, { onFailure: 'rollback' });
    expect((await send('approver', job, body)).status).toBe(200);
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'succeeded' });
  });

  it('is refused by the worker once its key was revoked', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    const directory = newFolder();
    const job = await write(directory);
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    expect((await send('approver', job, await signedDecision(product, job, key))).status).toBe(200);
    expect((await product.call('approver', 'POST', `/v1/keys/${key.id}/revoke`)).body.status).toBe('revoked');
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'key-revoked' });
    expect([effects(directory), await actions(job.id)]).toEqual([0, expect.arrayContaining(['job.blocked'])]);
  });

  it('counts with one that was made by token, in development, and each is shown with its kind', async () => {
    const job = await planned('irreversible', { directory: newFolder(), names: ['a'], text: 'x' });
    expect(job.plan.approvalsRequired).toBe(2);
    await send('approver', job, await signedDecision(product, job, approverKey));
    await send('approver2', job, { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' });
    const ended = await product.until(job.id, ENDS);
    expect([ended.state, ended.approvals.map(({ proof }: { proof: string }) => proof)]).toEqual([
      'succeeded',
      ['key', 'token'],
    ]);
  });
});
