import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeDirectory, labStatus, readDirectory, startLab, type Lab } from '../../lab/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { ENGINE } from '../support/hosts.js';
import { startTestProduct, type TestProduct } from '../support/product.js';

const HOME = process.env.FIXPOINT_TEST_HOME ?? join(INSTALL_ROOT, '.fixpoint', 'test');
let lab: Lab;
let product: TestProduct;
const SID = 'S-1-5-21-0-0-0-1000';

beforeAll(async () => {
  mkdirSync(HOME, { recursive: true });
  lab = await startLab({ home: HOME, engineDirectory: ENGINE, log: () => undefined });
  product = await startTestProduct({
    runbooks: [join(INSTALL_ROOT, 'runbooks'), join(INSTALL_ROOT, 'test/fixtures/runbooks')],
    credentials: JSON.parse(readFileSync(lab.credentialsFile, 'utf8')),
  });
  for (const target of lab.inventory)
    expect((await product.call('admin', 'POST', '/v1/targets', target)).status).toBe(201);
});
afterAll(async () => {
  await product?.stop();
  await lab?.stop();
});

async function plan(runbook: string, target: string, parameters: object) {
  const { status, body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook,
    target,
    parameters,
    reason: 'story',
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return product.until(body.id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
}
async function carryOut(job: any) {
  expect(job.state).toBe('awaiting-approval');
  await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'ok',
  });
  return product.until(job.id, ['succeeded', 'failed', 'blocked', 'unknown', 'needs-attention', 'waiting', 'deferred']);
}
/** The changes of a plan without their ids, which are of one job alone. */
const changesOf = (job: any): any[] => (job.plan?.changes ?? []).map(({ id: _, ...change }: any) => change);
const attribute = (identity: string, name: string, operation: string, value?: string, more: object = {}) =>
  plan('update-ad-attribute', 'contoso', {
    identity,
    attribute: name,
    operation,
    ...(value === undefined ? {} : { value }),
    ...more,
  });
const directory = () => {
  if (!lab.domain) throw new Error('no domain');
  return lab.domain;
};

describe('the laboratory', () => {
  it('is up, on loopback, and a PC cannot reach the machine’s own files', async () => {
    expect((await labStatus(HOME)).every(({ up }) => up)).toBe(true);
    for (const { prefix } of lab.pcs.values()) expect(existsSync(join(prefix, 'dosdevices', 'z:'))).toBe(false);
    expect(JSON.stringify(lab.inventory)).not.toMatch(/"(host|servers)":\[?"(?!127\.)/);
  });

  it('is seeded as its file says', async () => {
    for (const pc of lab.estate.pcs) expect(await lab.pcs.get(pc.name)?.vault()).toEqual([...pc.vault].sort());
    expect(await readDirectory(directory(), 'bobk', 'msRTCSIP-UserEnabled')).toEqual(['FALSE']);
    expect(await readDirectory(directory(), 'locked', 'lockoutTime')).not.toEqual([]);
  });
});

describe('clear-credential-vault on a Windows PC', () => {
  const parameters = { userSid: SID, sipAddress: 'bobk@contoso.test' };

  it('removes exactly this user’s entries, each shown first, and nothing of other programs', async () => {
    const job = await plan('clear-credential-vault', 'PC-1', parameters);
    expect(job.findings).toMatchObject({ userSession: 'direct', userSid: SID, finding: 'present' });
    expect(job.plan.changes.map(({ resource }: any) => resource.split('/')[2]).sort()).toEqual([
      'Microsoft_OC1:uri=bobk@contoso.test:specific:EWS:1',
      'Microsoft_OC1:uri=bobk@contoso.test:specific:OCS:1',
    ]);
    expect(await carryOut(job)).toMatchObject({
      state: 'succeeded',
      outcome: 'fixed',
      changes: [{ result: 'changed' }, { result: 'changed' }],
    });
    expect(await lab.pcs.get('PC-1')?.vault()).toEqual([
      'MicrosoftOffice16_Data:ADAL:5f0c6e9a',
      'Microsoft_OC1:uri=alice@contoso.test:specific:OCS:1',
      'Microsoft_OC1:uri=bobk@contoso.test:specific:CER:1',
    ]);
    expect((await plan('clear-credential-vault', 'PC-1', parameters)).state).toBe('compliant');
  });

  it('keeps the prefix property: what is left is planned byte for byte', async () => {
    const pc = lab.pcs.get('PC-2');
    const entry = (purpose: string) => `Microsoft_OC1:uri=alice@contoso.test:specific:${purpose}:1`;
    const left: [string[], unknown][] = [];
    for (const entries of [['OCS', 'EWS'], ['EWS'], []]) {
      await pc?.seed(entries.map(entry));
      const job = await plan('clear-credential-vault', 'PC-2', { userSid: SID, sipAddress: 'alice@contoso.test' });
      left.push([entries, changesOf(job)]);
    }
    const [whole] = left.map(([, changes]) => changes as { resource: string }[]);
    for (const [entries, changes] of left)
      expect(changes).toEqual(
        whole?.filter(({ resource }) => entries.some((purpose) => resource.endsWith(entry(purpose)))),
      );
    expect(whole).toHaveLength(2);
  });

  it('takes an apostrophe in an address for what it is', async () => {
    expect(
      await carryOut(
        await plan('clear-credential-vault', 'PC-3', {
          userSid: SID,
          sipAddress: "o'brien@contoso.test",
          purposes: ['OCS'],
        }),
      ),
    ).toMatchObject({ state: 'succeeded' });
    expect(await lab.pcs.get('PC-3')?.vault()).toEqual([]);
  });

  it.each([
    [
      'another user’s vault',
      { userSid: 'S-1-5-21-1-2-3-1001', sipAddress: 'bobk@contoso.test' },
      'wrong-logon-session',
    ],
  ])('refuses %s', async (_, given, code) => {
    expect(await plan('clear-credential-vault', 'PC-2', given)).toMatchObject({ state: 'blocked', code });
  });

  it('cannot be rolled back, and says so', async () => {
    const { body } = await product.call('helpdesk', 'GET', '/v1/runbooks/clear-credential-vault');
    expect(body.rollback).toContain('cannot be restored');
  });
});

describe('update-ad-attribute on the domain', () => {
  it('changes one attribute by compare-and-swap, proves it, and rolls it back', async () => {
    const job = await attribute("o'brien", 'title', 'set', 'Editor');
    expect(job.plan.changes).toEqual([
      expect.objectContaining({ property: 'title', before: 'Writer', after: 'Editor' }),
    ]);
    expect(await carryOut(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await readDirectory(directory(), "o'brien", 'title')).toEqual(['Editor']);
    expect((await attribute("o'brien", 'title', 'set', 'Editor')).state).toBe('compliant');
    const { body } = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
    expect(await carryOut(await product.until(body.id, ['awaiting-approval', 'blocked']))).toMatchObject({
      state: 'succeeded',
    });
    expect(await readDirectory(directory(), "o'brien", 'title')).toEqual(['Writer']);
  });

  it('sets, changes in case only, and clears', async () => {
    expect(await carryOut(await attribute('carol', 'department', 'set', 'sales'))).toMatchObject({
      state: 'succeeded',
    });
    expect(await carryOut(await attribute('carol', 'department', 'set', 'Sales'))).toMatchObject({
      state: 'succeeded',
    });
    expect(await readDirectory(directory(), 'carol', 'department')).toEqual(['Sales']);
    expect(await carryOut(await attribute('carol', 'department', 'clear'))).toMatchObject({ state: 'succeeded' });
    expect(await readDirectory(directory(), 'carol', 'department')).toEqual([]);
  });

  it('adds and removes one of several addresses', async () => {
    expect(
      await carryOut(await attribute('frank', 'proxyAddresses', 'add-value', 'sip:frank@contoso.test')),
    ).toMatchObject({ state: 'succeeded' });
    expect((await readDirectory(directory(), 'frank', 'proxyAddresses')).length).toBe(3);
    expect(
      await carryOut(await attribute('frank', 'proxyAddresses', 'remove-value', 'sip:frank@contoso.test')),
    ).toMatchObject({ state: 'succeeded' });
    expect((await readDirectory(directory(), 'frank', 'proxyAddresses')).length).toBe(2);
  });

  it.each<[string, Parameters<typeof attribute>, string]>([
    ['a name that two people have', ['Kim Lee', 'title', 'set', 'x'], 'target-ambiguous'],
    ['nobody', ['no such person', 'title', 'set', 'x'], 'target-not-found'],
    ['a filter for a name', ['*)(objectClass=*', 'title', 'set', 'x'], 'target-not-found'],
    ['a wildcard', ['o*', 'title', 'set', 'x'], 'target-not-found'],
    ['a look-alike of a name', ['al\u00adice', 'title', 'set', 'x'], 'target-not-found'],
    ['a protected account', ['boss', 'title', 'set', 'x'], 'protected-object'],
    [
      'an address that somebody else has',
      ['dan', 'msRTCSIP-PrimaryUserAddress', 'set', 'sip:shared@contoso.test'],
      'duplicate-sip',
    ],
    [
      'an address of a domain that is not ours',
      ['dan', 'msRTCSIP-PrimaryUserAddress', 'set', 'sip:dan@evil.test'],
      'invalid-value',
    ],
    ['a boolean in lower case', ['dan', 'msRTCSIP-UserEnabled', 'set', 'true'], 'invalid-value'],
    [
      'set for an attribute with many values',
      ['frank', 'proxyAddresses', 'set', 'sip:x@contoso.test'],
      'not-single-valued',
    ],
    ['a value for clear', ['dan', 'title', 'clear', 'x'], 'invalid-value'],
    ['another value than expected', ['alice', 'title', 'set', 'x', { expectedBefore: 'Nobody' }], 'state-drift'],
  ])('refuses %s', async (_, args, code) => {
    expect(await attribute(...args)).toMatchObject({ state: 'blocked', code });
  });

  it('says access-denied where the writer may not, and changes nothing', async () => {
    const job = await attribute('alice', 'userPrincipalName', 'set', 'alice2@contoso.test');
    expect(await carryOut(job)).toMatchObject({ state: 'blocked', code: 'access-denied' });
    expect(await readDirectory(directory(), 'alice', 'userPrincipalName')).toEqual(['alice@contoso.test']);
  });

  it('does not carry out an outdated plan', async () => {
    const job = await attribute('bobk', 'title', 'set', 'Chief');
    await changeDirectory(
      directory(),
      'dn: CN=Bob Kelly,OU=Staff,DC=contoso,DC=test\nchangetype: modify\nreplace: title\ntitle: Somebody else\n-\n',
    );
    await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, {
      decision: 'approve',
      planDigest: job.plan.digest,
      reason: 'ok',
    });
    for (let i = 0; i < 100 && (await product.until(job.id, ['awaiting-approval'])).code !== 'state-drift'; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await product.until(job.id, ['awaiting-approval'])).toMatchObject({
      code: 'state-drift',
      plan: { changes: [{ before: 'Somebody else', after: 'Chief' }] },
    });
    expect(await readDirectory(directory(), 'bobk', 'title')).toEqual(['Somebody else']);
  });

  it('blocks a credential outside its scope, and one whose entry does not name the CA of the target', async () => {
    const { items } = (await product.call('admin', 'GET', '/v1/targets?limit=200')).body;
    const contoso = items.find(({ name }: { name: string }) => name === 'contoso');
    const patch = (body: object) => product.call('admin', 'PATCH', `/v1/targets/${contoso.id}`, body);
    await patch({ credentials: { detect: 'pc-reader', apply: 'ad-writer' } });
    expect(await attribute('alice', 'title', 'set', 'x')).toMatchObject({
      state: 'blocked',
      code: 'credential-out-of-scope',
    });
    await patch({
      credentials: contoso.credentials,
      transport: { ...contoso.transport, caFingerprint: '0'.repeat(64) },
    });
    expect(await attribute('alice', 'title', 'set', 'x')).toMatchObject({
      state: 'blocked',
      code: 'credential-out-of-scope',
    });
    await patch({ transport: contoso.transport });
  });

  it('defers while the directory is down, with the next try shown', async () => {
    const { items } = (await product.call('admin', 'GET', '/v1/targets?limit=200')).body;
    const contoso = items.find(({ name }: { name: string }) => name === 'contoso');
    await product.call('admin', 'PATCH', `/v1/targets/${contoso.id}`, { transport: { ...contoso.transport, port: 9 } });
    const job = await attribute('alice', 'title', 'set', 'x');
    expect(job).toMatchObject({ state: 'deferred', code: 'unreachable', nextTryAt: expect.any(String) });
    await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'enough' });
    await product.call('admin', 'PATCH', `/v1/targets/${contoso.id}`, { transport: contoso.transport });
  });
});

describe('a Linux endpoint over SSH', () => {
  it('keeps the prefix property for every number of changes already made', async () => {
    const folder = mkdtempSync('/tmp/fxs-');
    const names = ['a', 'b', 'c'];
    const parameters = { directory: folder, names, text: 'done' };
    const whole = changesOf(await plan('set-file-text', 'linux-1', parameters));
    for (let k = 0; k <= names.length; k++) {
      const job = await plan('set-file-text', 'linux-2', parameters);
      expect(changesOf(job)).toEqual(whole.slice(k));
      const name = names[k];
      if (name !== undefined) writeFileSync(join(folder, name), 'done');
    }
  });

  it('stops at a changed host key and never calls it unreachable', async () => {
    const { items } = (await product.call('admin', 'GET', '/v1/targets?limit=200')).body;
    const linux = items.find(({ name }: { name: string }) => name === 'linux-2');
    await product.call('admin', 'PATCH', `/v1/targets/${linux.id}`, {
      transport: { ...linux.transport, hostKey: `ssh-ed25519 ${'B'.repeat(68)}` },
    });
    expect(await plan('set-file-text', 'linux-2', { directory: '/tmp', names: ['a'] })).toMatchObject({
      state: 'blocked',
      code: 'host-key-changed',
    });
  });

  it('has left no secret in the database', async () => {
    const pg = (await import('pg')).default;
    const client = new pg.Client({ connectionString: product.adminUrl.replace(/\/postgres$/, '/fixpoint') });
    await client.connect();
    const { rows } = await client.query<{ dump: string }>(
      'SELECT coalesce(string_agg(t::text, chr(10)), $$$$) AS dump FROM (SELECT bytes AS t FROM audit_events UNION ALL SELECT body FROM job_events UNION ALL SELECT bytes FROM plans UNION ALL SELECT target || parameters || coalesce(detail, $$$$) FROM jobs) all_of_it',
    );
    await client.end();
    const domain = directory();
    for (const path of [domain.passwordFiles.reader, domain.passwordFiles.writer])
      expect(rows[0]?.dump).not.toContain(readFileSync(path, 'utf8'));
  });
});
