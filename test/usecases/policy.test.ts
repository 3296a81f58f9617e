import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant } from '../../src/domain/grant.js';
import { sha256 } from '../../src/domain/digest.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import type { Rule } from '../../src/domain/policy/policy.js';
import { BUILT_IN_RIGHTS, grantPolicyDigest } from '../../src/domain/policy/rights.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { until } from '../support/patience.js';
import type { Who } from '../support/people.js';

let product: TestProduct;
const path = () => join(product.home, 'policy.json');
/** The built-in policy and these rules. Moved into place: nobody reads half of it. */
const put = (...more: readonly Rule[]) => write(JSON.stringify({ rules: [...DEFAULT_POLICY.rules, ...more] }));
const write = (text: string) => {
  writeFileSync(`${path()}.new`, text);
  renameSync(`${path()}.new`, path());
};
beforeAll(async () => {
  product = await startTestProduct();
  await addLocalTarget(product);
});
afterAll(() => product?.stop());
beforeEach(() => rmSync(path(), { force: true }));

async function planned() {
  const parameters = { directory: mkdtempSync('/tmp/fxp-'), names: ['a'], text: 'x' };
  const wish = { runbook: 'set-file-text', target: 'box', parameters, reason: 'test' };
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', wish);
  return product.until(body.id, ['awaiting-approval']);
}
const approve = (who: Who, job: { readonly id: string; readonly plan: { readonly digest: string } }) =>
  product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, {
    ...{ decision: 'approve', planDigest: job.plan.digest, reason: 'fine' },
  });
const TWO: Rule = { id: 'two', effect: 'require', approvals: 2, targets: { sites: ['test'] } };

describe('approvals that the policy demands', () => {
  it('are shown with the plan and counted by authority', async () => {
    put(TWO, { id: 'nine', effect: 'require', approvals: 9, targets: { sites: ['elsewhere'] } });
    const job = await planned();
    expect(job.plan.approvalsRequired).toBe(2);
    expect((await approve('approver', job)).body.state).toBe('awaiting-approval');
    expect((await approve('approver2', job)).status).toBe(200);
    expect((await product.until(job.id, ['succeeded'])).state).toBe('succeeded');
  });

  it('are counted by the worker too, where the policy began to demand them after the grant', async () => {
    const job = await planned();
    await product.stopWorker();
    expect((await approve('approver', job)).body.state).toBe('queued');
    put(TWO);
    await product.startWorker();
    expect(await product.until(job.id, ['blocked'])).toMatchObject({ state: 'blocked', code: 'approvals-missing' });
  });
});

describe('a policy that became narrower after the grant', () => {
  it.each<[string, Rule]>([
    ['requester-lost-rights', { id: 'no', effect: 'deny', actions: ['submit'], targets: { names: ['box'] } }],
    ['requester-lost-rights', { id: 'no', effect: 'deny', actions: ['plan'], roles: ['helpdesk'] }],
    ['approver-lost-rights', { id: 'no', effect: 'deny', actions: ['decide'], runbooks: { ids: ['set-file-text'] } }],
  ])('blocks the job with %s', async (code, rule) => {
    const job = await planned();
    await product.stopWorker();
    expect((await approve('approver', job)).body.state).toBe('queued');
    put(rule);
    await product.startWorker();
    expect(await product.until(job.id, ['blocked'])).toMatchObject({ state: 'blocked', code });
  });

  it('does not let an approver decide who was one when the plan was made', async () => {
    const job = await planned();
    put({ id: 'no', effect: 'deny', actions: ['decide'], targets: { tiers: [2] } });
    const { status, body } = await approve('approver', job);
    expect([status, body.code]).toEqual([403, 'not-an-approver']);
  });

  it('is asked by authority as well as by the API', async () => {
    const job = await planned();
    // The API of this process read the policy before; the row is what it would have written then.
    const { context } = product.api;
    const rights = { read: () => Promise.resolve(BUILT_IN_RIGHTS) };
    put({ id: 'no', effect: 'deny', actions: ['decide'] });
    const { recordDecision } = await import('../../src/usecases/decide/record-decision.js');
    const { body: me } = { body: { id: 'approver', name: 'The approver', roles: ['approver'] as const } };
    const tokenId = /^fxp_([0-9a-f]{16})_/.exec(product.tokens.approver)?.[1] ?? '';
    const actor = { person: me, tokenId, tokenKind: 'personal' } as const;
    const wish = { decision: 'approve', planDigest: job.plan.digest, reason: 'fine' } as const;
    expect(await recordDecision({ ...context, rights }, actor, job.id, wish)).toMatchObject({
      error: { kind: 'not-an-approver' },
    });
    const { body } = await product.call('admin', 'GET', `/v1/jobs/${job.id}`).finally(() => rmSync(path()));
    expect(body.approvals).toMatchObject([{ status: 'refused', code: 'not-an-approver' }]);
  });
});

describe('a policy file that cannot be used', () => {
  it('ends no job: the worker continues when the file was corrected', async () => {
    const job = await planned();
    await product.stopWorker();
    expect((await approve('approver', job)).body.state).toBe('queued');
    write('{');
    await product.startWorker();
    const { code } = (await product.call('admin', 'GET', '/v1/me')).body as { code: string };
    expect(code).toBe('policy-unreadable');
    rmSync(path());
    expect((await product.until(job.id, ['succeeded'])).state).toBe('succeeded');
  });
});

it('a grant holds a digest of the people and of the policy', async () => {
  put();
  const job = await planned();
  await approve('approver', job);
  await until('the job ends', async () =>
    ['succeeded'].includes((await product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body.state as string),
  );
  const jti = (await product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body.grant.jti as string;
  const stored = await product.api.context.jobs.grant(jti);
  const { policySha256 } = JSON.parse(stored?.bytes ?? '{}') as Grant;
  const digest = (name: string) => ({ digest: sha256(readFileSync(join(product.home, name))) });
  expect(policySha256).toBe(grantPolicyDigest(digest('people.json'), digest('policy.json')));
  expect(policySha256).not.toBe(digest('people.json').digest);
});
