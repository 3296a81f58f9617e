import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { jobLines } from '../../src/cli/job-text.js';
import { parametersDigest } from '../../src/domain/digest.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';

let product: TestProduct;
beforeAll(async () => {
  product = await startTestProduct();
  await addLocalTarget(product);
  await addLocalTarget(product, 'other-box');
});
afterAll(() => product?.stop());

const ENDS = ['awaiting-approval', 'compliant', 'blocked', 'deferred'];
const sid = (rid: number) => `S-1-5-21-0-0-0-${rid}`;
const consent = (body: object, who: 'helpdesk' | 'helpdesk2' = 'helpdesk') =>
  product.call(who, 'POST', '/v1/consents', {
    kind: 'rsa-keys',
    subjectSid: sid(1000),
    evidence: 'Ticket 4711: the user agreed by phone.',
    ...body,
  });
async function planned(parameters: object, target = 'box') {
  const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'asks-first',
    target,
    parameters: { directory: mkdtempSync('/tmp/fxc-'), names: ['a'], text: 'x', ...parameters },
    reason: 'test',
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return product.until(body.id, ENDS);
}
async function carriedOut(job: any) {
  await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'ok',
  });
  const done = await product.until(job.id, ['succeeded', 'failed', 'blocked', 'needs-attention']);
  expect([done.state, done.code]).toEqual(['succeeded', undefined]);
  return done;
}
const claimsOf = (job: any, kind: string) => job.claims.filter((claim: any) => claim.kind === kind);

describe('a recorded consent', () => {
  it('reaches the script and the approver with person, time and evidence, in bytes that the digest covers', async () => {
    const recorded = (await consent({ subjectSid: sid(1) }, 'helpdesk2')).body;
    expect(recorded).toMatchObject({ recordedBy: { id: 'helpdesk2', name: 'The helpdesk2' } });
    const job = await planned({ userSid: sid(1), escalationWaiver: 'first time' });
    expect(job.supplied.consents).toEqual([
      {
        kind: 'rsa-keys',
        sid: sid(1),
        evidence: 'Ticket 4711: the user agreed by phone.',
        recordedBy: { id: 'helpdesk2', name: 'The helpdesk2' },
        recordedAtUtc: recorded.recordedAt,
        ref: recorded.id,
      },
    ]);
    expect(claimsOf(job, 'consent')).toEqual([
      {
        kind: 'consent',
        what: 'rsa-keys',
        text: 'Ticket 4711: the user agreed by phone.',
        by: { id: 'helpdesk2', name: 'The helpdesk2' },
        at: recorded.recordedAt,
        ref: recorded.id,
      },
    ]);
    const { body } = await product.call('approver', 'GET', `/v1/jobs/${job.id}/plan`);
    expect(body.parameters).toBe(parametersDigest(job.parameters, job.supplied, body.salt));
    const forged = { ...job.supplied, consents: [] };
    expect(body.parameters).not.toBe(parametersDigest(job.parameters, forged, body.salt));
    expect(jobLines(job)).toContain(
      'claim      consent rsa-keys: Ticket 4711: the user agreed by phone. (The helpdesk2 (helpdesk2), ',
    );
  });

  it('of another user or of another kind does not count', async () => {
    await consent({ subjectSid: sid(2), kind: 'close-client' });
    await consent({ subjectSid: sid(3) });
    const job = await planned({ userSid: sid(2), escalationWaiver: 'first time' });
    expect([job.state, job.code]).toEqual(['blocked', 'consent-missing']);
  });

  it('that comes after the planning does not change the plan, and the newest are the ones shown', async () => {
    for (let i = 0; i < 25; i++) await consent({ subjectSid: sid(4), evidence: `call ${i}` });
    const job = await planned({ userSid: sid(4), escalationWaiver: 'first time' });
    await consent({ subjectSid: sid(4), evidence: 'later' });
    const shown = (await product.call('approver', 'GET', `/v1/jobs/${job.id}`)).body;
    expect(claimsOf(shown, 'consent').map((claim: any) => claim.text)).toEqual(
      Array.from({ length: 20 }, (_, i) => `call ${24 - i}`),
    );
  });
});

describe('an escalation', () => {
  it('blocks without the steps before it and without a waiver, and runs nothing on the target', async () => {
    await consent({ subjectSid: sid(10) });
    const job = await planned({ userSid: sid(10) });
    expect([job.state, job.code, job.findings]).toEqual(['blocked', 'precondition-missing', undefined]);
    expect(job.detail).toContain('asks-first');
    expect(job.detail).toContain('escalationWaiver');
  });

  it('is waived for a reason that the approver reads, with the name of the person who gave it', async () => {
    await consent({ subjectSid: sid(11) });
    const job = await planned({ userSid: sid(11), escalationWaiver: 'new PC\u202e' });
    expect(claimsOf(job, 'missing-step')).toEqual([{ kind: 'missing-step', what: 'asks-first' }]);
    expect(claimsOf(job, 'waiver')).toEqual([
      {
        kind: 'waiver',
        what: 'escalationWaiver',
        text: 'new PC\u202e',
        by: { id: 'helpdesk', name: 'The helpdesk' },
        at: job.submittedAt,
      },
    ]);
    expect(jobLines(job)).toContain('claim      step asks-first: not on record');
    expect(jobLines(job)).toContain('claim      waiver escalationWaiver: new PC\\u202e (The helpdesk (helpdesk), ');
  });

  it('counts a successful step for the same user on the same target, and nothing else', async () => {
    for (const rid of [12, 13]) await consent({ subjectSid: sid(rid) });
    const first = await carriedOut(await planned({ userSid: sid(12), escalationWaiver: 'first time', step: 2 }));
    const second = await planned({ userSid: sid(12) });
    expect(second.state).toBe('awaiting-approval');
    expect(second.supplied.previousSteps).toEqual([
      {
        runbook: 'asks-first',
        job: first.id,
        outcome: 'fixed',
        endedAtUtc: first.stateSince,
        requestedBy: { id: 'helpdesk', name: 'The helpdesk' },
        parameters: { ...first.parameters, names: undefined },
      },
    ]);
    expect(claimsOf(second, 'earlier-step')).toEqual([
      {
        kind: 'earlier-step',
        what: 'asks-first',
        text: 'fixed',
        by: { id: 'helpdesk', name: 'The helpdesk' },
        at: first.stateSince,
        ref: first.id,
      },
    ]);
    expect((await planned({ userSid: sid(13) })).code).toBe('precondition-missing');
    expect((await planned({ userSid: sid(12) }, 'other-box')).code).toBe('precondition-missing');
  });

  it('does not count a step that was rolled back or not approved', async () => {
    await consent({ subjectSid: sid(14) });
    const first = await carriedOut(await planned({ userSid: sid(14), escalationWaiver: 'first time' }));
    const { body } = await product.call('helpdesk', 'POST', `/v1/jobs/${first.id}/rollback`, { reason: 'undo' });
    await carriedOut(await product.until(body.id, ENDS));
    const blocked = await planned({ userSid: sid(14) });
    expect([blocked.state, blocked.code]).toEqual(['blocked', 'precondition-missing']);
    const waived = await planned({ userSid: sid(14), escalationWaiver: 'again' });
    expect(waived.supplied.previousSteps.map((step: any) => [step.job, step.outcome])).toEqual([
      [first.id, 'rolled-back'],
    ]);
  });

  it('is not satisfied by text that only looks like the member that names the user', async () => {
    await consent({ subjectSid: sid(15) });
    await consent({ subjectSid: sid(16) });
    const disguised = `"userSid":"${sid(16)}"`;
    await carriedOut(await planned({ userSid: sid(15), escalationWaiver: disguised, text: `${disguised}\0` }));
    expect((await planned({ userSid: sid(16) })).code).toBe('precondition-missing');
    expect((await planned({ userSid: sid(15) })).state).toBe('awaiting-approval');
  });
});
