import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { sha256 } from '../../src/domain/digest.js';
import { syncEngineContract } from '../contracts/sync-engine.contract.js';
import { BASE, dnOf, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';
import { aHost } from '../support/hosts.js';

let at: DirectoryProduct;
const engine = aHost();
const RUNBOOK = 'trigger-directory-sync';
const sync = () => {
  if (!at.lab.sync) throw new Error('no sync host');
  return at.lab.sync;
};
const ask = (parameters: object = {}, more: object = {}) =>
  at.plan(RUNBOOK, { policyType: 'Delta', ...parameters }, more);
const setTitle = (id: string, title: string) =>
  at.change(`dn: ${dnOf(id)}\nchangetype: modify\nreplace: title\ntitle: ${title}\n`);
const cancel = ({ id }: any) => at.product.call('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
const now = () => new Date().toISOString();

beforeAll(async () => {
  at = await startDirectoryProduct('sync', ['domain', 'sync']);
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
});
afterAll(async () => {
  await engine.close();
  await at?.stop();
});

// A test that fails leaves nothing behind for the next one.
afterEach(async () => {
  await sync().fault({ hold: null, busy: false, modal: false });
  await sync().set({ enabled: true, suspended: false, staging: false, threshold: 500 });
  await sync().idle();
});

syncEngineContract('the double in lab/sync', () => ({
  async session() {
    const { host, port, user, hostKey } = sync().sshd;
    const identityFile = join(at.lab.credentialsFile, '..', 'key-write');
    const opened = await engine.host.open({
      kind: 'ssh',
      host,
      port,
      user,
      hostKey,
      identityFile,
      masterKey: sha256('contract'),
    });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  },
  addUser: async (id, proxy = []) => (await at.addUsers([{ id, proxy }]))[id] ?? '',
  setTitle,
  deleteUser: (id) => at.change(`dn: ${dnOf(id)}\nchangetype: delete\n`),
  inTenant: async (guid) => {
    const object = await sync().object(guid);
    return object?.exported ? object.values : undefined;
  },
  hold: (profile) => sync().fault({ hold: profile }),
  staging: (staging) => sync().set({ staging }),
  threshold: (threshold) => sync().set({ threshold }),
  restart: () => sync().restart(),
}));

describe('trigger-directory-sync', () => {
  it('starts a cycle, waits until the object is in the tenant, and finds nothing to do the second time', async () => {
    const { carried = '' } = await at.addUsers([{ id: 'carried' }]);
    const sinceUtc = now();
    const job = await ask({ sinceUtc, changedObjects: [carried] });
    expect(job.plan).toMatchObject({
      risk: 'R2',
      approvalsRequired: 1,
      changes: [{ property: 'cycleStartedSince', before: null, after: sinceUtc, action: 'start-delta' }],
    });
    expect(job.locks).toEqual([`sync:${job.target.id}`]);
    await sync().fault({ hold: 'Export' });
    const waiting = await at.carryOut(job, ['waiting', 'failed', 'blocked']);
    expect([waiting.state, waiting.code]).toEqual(['waiting', 'sync-propagation']);
    expect((await sync().object(carried))?.exported).toBeUndefined();
    await sync().fault({ hold: null });
    const done = await at.product.until(job.id, ['succeeded', 'failed']);
    expect(done).toMatchObject({
      state: 'succeeded',
      outcome: 'fixed',
      findings: { objects: [{ objectGuid: carried }] },
    });
    expect((await sync().object(carried))?.exported.localeCompare(sinceUtc)).toBe(1);
    expect(await ask({ sinceUtc, changedObjects: [carried] })).toMatchObject({ state: 'compliant' });
    const rollback = await at.product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
    expect(rollback.body.code).toBe('no-rollback');
  });

  it('does not count a cycle that began before the change: it waits for that one and starts another', async () => {
    await at.addUsers([{ id: 'overtaken' }]);
    await sync().fault({ hold: 'Delta Synchronization' });
    await sync().start();
    while ((await sync().runs())[0]?.profile !== 'Delta Synchronization')
      await new Promise((resolve) => setTimeout(resolve, 30));
    await setTitle('overtaken', 'Now');
    const sinceUtc = now();
    const job = await ask({ sinceUtc });
    expect(job).toMatchObject({ state: 'deferred', code: 'sync-busy' });
    await sync().fault({ hold: null });
    await sync().idle();
    // The first cycle is over, with success, and still does not count.
    const planned = await at.product.until(job.id, ['awaiting-approval', 'compliant']);
    expect(planned.state).toBe('awaiting-approval');
    // The scheduler is faster than the approval: nothing is started twice, and the cycle is not called ours.
    await sync().start();
    await sync().idle();
    expect(await at.carryOut(planned, ['succeeded', 'failed'])).toMatchObject({
      state: 'succeeded',
      outcome: 'already-fine',
      changes: [{ result: 'in-place' }],
    });
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>, object, string, string]>([
    [
      'a staging server',
      () => sync().set({ staging: true }),
      () => sync().set({ staging: false }),
      {},
      'blocked',
      'staging-server',
    ],
    [
      'a scheduler that is off',
      () => sync().set({ enabled: false }),
      () => sync().set({ enabled: true }),
      {},
      'blocked',
      'sync-disabled',
    ],
    [
      'a suspended scheduler',
      () => sync().set({ suspended: true }),
      () => sync().set({ suspended: false }),
      {},
      'deferred',
      'scheduler-suspended',
    ],
    [
      'a moment that lies ahead',
      async () => undefined,
      async () => undefined,
      { sinceUtc: '2999-01-01T00:00:00.000Z' },
      'blocked',
      'invalid-value',
    ],
  ])('refuses or defers %s', async (_, cause, mend, parameters, state, code) => {
    await cause();
    const job = await ask(parameters);
    await mend();
    await cancel(job);
    expect([job.state, job.code]).toEqual([state, code]);
  });

  it('refuses an export over the deletion threshold', async () => {
    await at.addUsers([{ id: 'deleted' }]);
    await sync().start();
    await sync().idle();
    await sync().set({ threshold: 0 });
    await at.change(`dn: ${dnOf('deleted')}\nchangetype: delete\n`);
    await sync().start();
    await sync().idle();
    expect(await ask()).toMatchObject({ state: 'blocked', code: 'export-threshold' });
    await sync().set({ threshold: 500 });
    await sync().start();
    await sync().idle();
  });

  it('reports at the start that the account cannot sign in, or that a cycle has just begun, and changes nothing', async () => {
    const [blocked, busy] = [await ask(), await ask()];
    await sync().fault({ modal: true });
    expect(await at.carryOut(blocked, ['blocked', 'failed', 'deferred'])).toMatchObject({
      state: 'blocked',
      code: 'sync-account-blocked',
    });
    await sync().fault({ modal: false, busy: true });
    expect(await at.carryOut(busy, ['blocked', 'failed', 'deferred'])).toMatchObject({
      state: 'deferred',
      code: 'sync-busy',
    });
    await sync().fault({ busy: false });
    await cancel(busy);
  });

  it('judges a cycle by the connectors that exist, whatever the run history still holds', async () => {
    await sync().oldRuns('removed.example');
    await sync().oldRuns('removed.example - AAD');
    const { remaining = '' } = await at.addUsers([{ id: 'remaining' }]);
    const sinceUtc = now();
    const done = await at.carryOut(await ask({ sinceUtc, changedObjects: [remaining] }), ['succeeded', 'failed']);
    expect([done.state, done.code, done.outcome]).toEqual(['succeeded', undefined, 'fixed']);
    expect(done.findings.runs.map(({ connector }: any) => connector)).not.toContain('removed.example');
  });

  it('an initial cycle is the bigger action', async () => {
    const job = await ask({ policyType: 'Initial' });
    expect(job.plan).toMatchObject({ risk: 'R3', approvalsRequired: 2, changes: [{ action: 'start-initial' }] });
    await cancel(job);
  });
});

describe('a job that follows another', () => {
  it('uses the time of the previous job’s change, from the directory to the tenant', async () => {
    const { chained = '' } = await at.addUsers([{ id: 'chained' }]);
    await sync().start();
    await sync().idle();
    const enable = () => at.plan('enable-sip-user', { users: [chained] });
    const first = await enable();
    const early = {
      runbook: RUNBOOK,
      target: 'sync-1',
      parameters: { policyType: 'Delta' },
      reason: 'next',
      follows: first.id,
    };
    expect(await at.product.call('helpdesk', 'POST', '/v1/jobs', early)).toMatchObject({
      status: 409,
      body: { code: 'precondition-missing' },
    });
    const enabled = await at.carryOut(first);
    expect(enabled.state).toBe('succeeded');
    const job = await ask({}, { follows: first.id });
    expect(job).toMatchObject({
      follows: first.id,
      supplied: { followedJob: { job: first.id, runbook: 'enable-sip-user', objects: [chained] } },
      plan: { changes: [{ after: job.supplied.followedJob.lastChangedAtTargetUtc }] },
    });
    await at.carryOut(job, ['waiting', 'succeeded', 'failed']);
    expect(await at.product.until(job.id, ['succeeded', 'failed'])).toMatchObject({
      state: 'succeeded',
      outcome: 'fixed',
    });
    expect((await sync().object(chained))?.values['msRTCSIP-UserEnabled']).toEqual(['TRUE']);
    const { body } = await at.product.call('auditor', 'GET', `/v1/audit?job=${job.id}&limit=200`);
    expect(JSON.stringify(body)).toContain(first.id);

    const refusal = async (who: 'helpdesk' | 'helpdesk2', body: object) =>
      (await at.product.call(who, 'POST', '/v1/jobs', { ...early, ...body })).body.code;
    expect(await refusal('helpdesk2', {})).toBe('precondition-missing');
    expect(await refusal('helpdesk', { follows: job.id })).toBe('precondition-missing');
    expect(await refusal('helpdesk', { follows: '0f8fad5b-d9cb-469f-a165-70867728950e' })).toBe('precondition-missing');
    expect(
      await refusal('helpdesk', { runbook: 'enable-sip-user', target: 'contoso', parameters: { users: [chained] } }),
    ).toBe('precondition-missing');
    await at.patchTarget('sync-1', { settings: { topology: 'decommissioned', directory: 'another' } });
    expect(await refusal('helpdesk', {})).toBe('precondition-missing');
  });
});
