import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { run } from '../../lab/run.js';
import { findingsDigest } from '../../src/domain/digest.js';
import { command } from '../support/command-line.js';
import { BASE, dnOf, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';

let at: DirectoryProduct;
let guid: Readonly<Record<string, string>>;
const set = (identity: string, attribute: string, value: string, more: object = {}) =>
  at.plan('update-ad-attribute', { identity, attribute, operation: 'set', value, ...more });
const proxy = (identity: string, operation: 'add-value' | 'remove-value', value: string) =>
  at.plan('update-ad-attribute', { identity, attribute: 'proxyAddresses', operation, value });
const values = async (id: string, attribute: string) =>
  [...((await at.read(`(sAMAccountName=${id})`, attribute))[0]?.[attribute.toLowerCase()] ?? [])].sort();
const changeOf = (job: any) => job.plan?.changes.map(({ before, after }: any) => [before, after])[0];
const replace = (id: string, attribute: string, value: string) =>
  at.change(`dn: ${dnOf(id)}\nchangetype: modify\nreplace: ${attribute}\n${attribute}: ${value}\n`);

beforeAll(async () => {
  at = await startDirectoryProduct('attribute');
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  const plain = (id: string, more: readonly string[] = []) => ({ id, sip: '', more });
  guid = await at.addUsers([
    plain('renamed', ['userPrincipalName: renamed@contoso.test', 'displayName: Old Name']),
    plain('titled', ['userPrincipalName: titled@contoso.test', 'displayName: Tilda Moss', 'title: First']),
    plain('namesake', ['displayName: Somebody']),
    plain('undone', ['title: First']),
    plain('changed', ['title: First']),
    { id: 'proxies', sip: '', proxy: ['SMTP:proxies@contoso.test', 'SIP:Primary@contoso.test', 'sip:u@old.local'] },
    { id: 'added', sip: '', proxy: ['sip:added@contoso.test', 'SIP:first@contoso.test'] },
    ...['admin', 'guarded', 'primary', 'operator'].map((id) => plain(id)),
    { id: 'off', sip: '', disabled: true },
    { id: 'owner', sip: '', proxy: ['smtp:byproxy@contoso.test'], more: ['mail: owner@contoso.test'] },
    plain('asks'),
  ]);
  const group = (id: string, member: string) =>
    `dn: CN=${id},OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: ${id}\nmember: ${member}\n\n`;
  const join_ = (id: string, member: string) =>
    `dn: CN=${id}${BASE}\nchangetype: modify\nadd: member\nmember: ${member}\n\n`;
  const below = (id: string) => `CN=${id},OU=Sip,OU=Staff,${BASE}`;
  await at.change(
    group('helpers', dnOf('admin')) +
      group('primaries', dnOf('primary')) +
      join_('Domain Admins,CN=Users,', below('helpers')) +
      join_('Domain Admins,CN=Users,', below('primaries')) +
      join_('Protected Users,CN=Users,', dnOf('guarded')) +
      join_('Account Operators,CN=Builtin,', dnOf('operator')),
  );
  const [primaries] = await at.read('(sAMAccountName=primaries)', 'objectSid');
  await replace('primary', 'primaryGroupID', primaries?.objectsid?.[0]?.split('-').pop() ?? '');
  // A mail contact and a group hold addresses too.
  await at.change(
    `dn: ${below('partner')}\nchangetype: add\nobjectClass: contact\nmail: partner@contoso.test\n\n` +
      `dn: ${below('sales')}\nchangetype: add\nobjectClass: group\nsAMAccountName: sales\nproxyAddresses: SMTP:sales@contoso.test\n`,
  );
  // The tests of names need a writer who may rename.
  const writer = await at.read('(sAMAccountName=svc-write)', 'objectSid');
  const sddl = `(OA;;RPWP;28630ebb-41d5-11d1-a9c1-0000f80367c1;;${writer[0]?.objectsid?.[0]})`;
  const sam = join(at.domain.directory, 'private', 'sam.ldb');
  await run('samba-tool', ['dsacl', 'set', '-H', sam, `--objectdn=${dnOf('renamed')}`, `--sddl=${sddl}`]);
});
afterAll(() => at?.stop());

describe('an object that was found by the name that is changed', () => {
  it.each([
    ['user principal name', 'userPrincipalName', 'renamed@contoso.test', 'other@contoso.test'],
    ['display name', 'displayName', 'Old Name', 'New Name'],
  ])('is proved and rolled back by its id: %s', async (_, attribute, before, after) => {
    const job = await set(before, attribute, after);
    expect(changeOf(job)).toEqual([before, after]);
    const done = await at.carryOut(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed', findings: { objectGuid: guid.renamed } });
    expect(await values('renamed', attribute)).toEqual([after]);
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded', findings: { objectGuid: guid.renamed } });
    expect(await values('renamed', attribute)).toEqual([before]);
  });

  it('is named to the approver by the plan, and a rename after the approval is no drift', async () => {
    const job = await set(guid.titled ?? '', 'title', 'Named');
    const label = `Tilda Moss, titled@contoso.test, ${dnOf('titled')}`;
    expect(job.plan.changes).toMatchObject([{ resource: `user:${guid.titled}`, label }]);
    const { body: plan } = await at.product.call('approver', 'GET', `/v1/jobs/${job.id}/plan`);
    expect(plan).toMatchObject({ findings: findingsDigest(job.findings, plan.salt), changes: [{ label }] });
    const approver = { FIXPOINT_URL: at.product.url, FIXPOINT_TOKEN: at.product.tokens.approver };
    const approved = await command(approver, 'job', 'approve', job.id, '--plan', job.plan.digest, '--reason', 'ok');
    expect(approved.code).toBe(0);
    expect(approved.text).toContain(`title of user:${guid.titled} ("${label}")`);
    expect(approved.text).toMatch(new RegExp(`findings\\n(.*\\n)*? +name +Tilda Moss`));
    await replace('titled', 'displayName', 'Tilda Reed');
    const done = await at.product.until(job.id, ['succeeded', 'failed', 'blocked']);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed', drifts: 0 });
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded', plan: { changes: [{ label }] } });
  });

  it('stays the approved object when another one gets its name before the run', async () => {
    const job = await set('Somebody', 'title', 'Approved');
    await replace('namesake', 'displayName', 'Somebody Else');
    await replace('changed', 'displayName', 'Somebody');
    expect(await at.carryOut(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await values('namesake', 'title')).toEqual(['Approved']);
    expect(await values('changed', 'title')).toEqual(['First']);
  });
});

describe('proxyAddresses', () => {
  it('gives up an address of a domain that is not verified any more', async () => {
    const job = await proxy('proxies', 'remove-value', 'sip:u@old.local');
    expect(changeOf(job)).toEqual(['sip:u@old.local', null]);
    expect(await at.carryOut(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await values('proxies', 'proxyAddresses')).toEqual([
      'SIP:Primary@contoso.test',
      'SMTP:proxies@contoso.test',
    ]);
  });

  it('finds an address whatever its case, plans the stored text, and restores exactly that', async () => {
    const job = await proxy('proxies', 'remove-value', 'sip:PRIMARY@contoso.test');
    expect(changeOf(job)).toEqual(['SIP:Primary@contoso.test', null]);
    expect(job.findings.warnings).toEqual([expect.stringContaining('primary')]);
    const done = await at.carryOut(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await values('proxies', 'proxyAddresses')).toEqual(['SMTP:proxies@contoso.test']);
    expect(await proxy('proxies', 'remove-value', 'SIP:primary@contoso.test')).toMatchObject({ state: 'compliant' });
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    expect(await values('proxies', 'proxyAddresses')).toEqual([
      'SIP:Primary@contoso.test',
      'SMTP:proxies@contoso.test',
    ]);
  });

  it('has an address already whatever its case, and makes a secondary one primary by a swap', async () => {
    expect(await proxy('added', 'add-value', 'sip:Added@contoso.test')).toMatchObject({ state: 'compliant' });
    expect(await proxy('added', 'add-value', 'sip:FIRST@contoso.test')).toMatchObject({ state: 'compliant' });
    expect(await proxy('added', 'add-value', 'SIP:added@contoso.test')).toMatchObject({
      state: 'blocked',
      code: 'invalid-value',
    });
    await at.carryOut(await proxy('added', 'remove-value', 'sip:first@contoso.test'));
    const job = await proxy('added', 'add-value', 'SIP:added@contoso.test');
    expect(changeOf(job)).toEqual(['sip:added@contoso.test', 'SIP:added@contoso.test']);
    const done = await at.carryOut(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await values('added', 'proxyAddresses')).toEqual(['SIP:added@contoso.test']);
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    expect(await values('added', 'proxyAddresses')).toEqual(['sip:added@contoso.test']);
  });

  it('keeps mail addresses out of reach', async () => {
    expect(await proxy('proxies', 'remove-value', 'SMTP:proxies@contoso.test')).toMatchObject({
      state: 'blocked',
      code: 'invalid-value',
    });
  });
});

describe('refusals', () => {
  it('a name with a NUL character, which the directory would cut off', async () => {
    expect(await set('asks\u0000x', 'title', 'x')).toMatchObject({ state: 'blocked', code: 'invalid-value' });
  });

  it.each([
    ['an administrator through a group in a group', 'admin', 'mail', 'admin@contoso.test'],
    ['a member of Protected Users', 'guarded', 'displayName', 'Guarded'],
    ['an account whose primary group is privileged through another', 'primary', 'title', 'x'],
    ['a member of Account Operators', 'operator', 'title', 'x'],
    ['the built-in administrator', 'Administrator', 'title', 'x'],
  ])('%s is protected', async (_, id, attribute, value) => {
    expect(await set(id, attribute, value)).toMatchObject({ state: 'blocked', code: 'protected-object' });
  });

  it.each([
    ['the mail address of a user', 'mail', 'Owner@contoso.test'],
    ['a proxy address of a user', 'mail', 'byproxy@contoso.test'],
    ['the mail address of a contact', 'mail', 'partner@contoso.test'],
    ['an address of a group', 'msRTCSIP-PrimaryUserAddress', 'sip:sales@contoso.test'],
    ['a user principal name', 'mail', 'renamed@contoso.test'],
    ['the mail address of a user, as a user principal name', 'userPrincipalName', 'owner@contoso.test'],
  ])('%s has one owner', async (_, attribute, value) => {
    expect(await set('asks', attribute, value)).toMatchObject({ state: 'blocked', code: 'duplicate-sip' });
  });

  it('an address with an owner is refused among proxy addresses too', async () => {
    expect(await proxy('asks', 'add-value', 'sip:owner@contoso.test')).toMatchObject({ code: 'duplicate-sip' });
  });

  it.each([['\u200b'], ['\u202e'], ['\u3164'], ['\u2028'], ['\ufe0f'], ['\u{e0041}'], ['\u009b']])(
    'a name with a character that nobody sees: %j',
    async (hidden) => {
      expect(await set('asks', 'displayName', `Ann${hidden} Lee`)).toMatchObject({ code: 'invalid-value' });
    },
  );

  it('a name of any script is none of that', async () => {
    expect(await set('asks', 'displayName', '𠮷田 王小明 Zoë')).toMatchObject({ state: 'awaiting-approval' });
  });

  it('a value is measured by the schema before the approval', async () => {
    expect(await set('asks', 'department', 'x'.repeat(100))).toMatchObject({ state: 'blocked', code: 'invalid-value' });
    expect(await set('asks', 'department', 'x'.repeat(64))).toMatchObject({ state: 'awaiting-approval' });
    expect(await set('asks', 'displayName', 'x'.repeat(200))).toMatchObject({ state: 'awaiting-approval' });
  });

  it('a disabled account is shown to the approver', async () => {
    expect((await set('off', 'title', 'x')).findings).toMatchObject({
      accountEnabled: false,
      warnings: [expect.stringContaining('disabled')],
    });
  });
});

describe('a rollback', () => {
  it.each([
    ['another value', 'title: Third'],
    ['no value', ''],
  ])('of a property that holds %s by now is refused before the approval', async (_, line) => {
    const done = await at.carryOut(await set('undone', 'title', 'Second'));
    expect(done).toMatchObject({ state: 'succeeded' });
    await at.change(`dn: ${dnOf('undone')}\nchangetype: modify\nreplace: title\n${line}\n`);
    const { body } = await at.product.call('helpdesk', 'POST', `/v1/jobs/${done.id}/rollback`, { reason: 'undo' });
    expect(await at.product.until(body.id, ['awaiting-approval', 'blocked'])).toMatchObject({
      state: 'blocked',
      code: 'state-drift',
      detail: expect.stringContaining('title'),
    });
  });

  it('is not held up by an owner that its own value has got since', async () => {
    const done = await at.carryOut(await set('asks', 'mail', 'asks@contoso.test'));
    expect(done).toMatchObject({ state: 'succeeded' });
    await replace('owner', 'mail', 'asks@contoso.test');
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    expect(await values('asks', 'mail')).toEqual([]);
    await replace('owner', 'mail', 'owner@contoso.test');
  });
});
