import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE, dnOf, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';

let at: DirectoryProduct;
let guid: Readonly<Record<string, string>>;
const RUNBOOK = 'enable-sip-user';
const ORIGINATOR = 'S-1-5-21-1004336348-1177238915-682003330-1234';
/** No UTF-8: as text it would be replacement characters. */
const ROUTING_GROUP = Buffer.from('00ff80fec3281a9b7c6d5e4f30210899', 'hex').toString('base64');
const enable = (users: readonly (string | undefined)[], more: object = {}) =>
  at.plan(RUNBOOK, { users: users.map((id) => guid[id ?? ''] ?? id), maxObjects: Math.max(1, users.length), ...more });
const flag = async (id: string) =>
  (await at.read(`(sAMAccountName=${id})`, 'msRTCSIP-UserEnabled'))[0]?.['msrtcsip-userenabled']?.[0];
const changesOf = (job: any) => (job.plan?.changes ?? []).map(({ id: _, ...change }: any) => change);

beforeAll(async () => {
  at = await startDirectoryProduct('enable');
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  const left = ['msRTCSIP-DeploymentLocator: SRV:', 'msRTCSIP-OptionFlags: 256', 'msRTCSIP-Line: tel:+123'];
  guid = await at.addUsers([
    ...['one', 'two', 'three', 'four', 'drifts', 'writes'].map((id) => ({ id })),
    { id: 'cleared', proxy: ['SMTP:cleared@contoso.test', 'sip:old@contoso.test'], more: left },
    { id: 'pointed', more: left },
    {
      id: 'routed',
      more: [
        `msRTCSIP-UserRoutingGroupId:: ${ROUTING_GROUP}`,
        'msRTCSIP-UserPolicies: 0=867434048',
        'msRTCSIP-UserPolicies: 1=12',
      ],
    },
    { id: 'foreign', disabled: true, more: [`msRTCSIP-OriginatorSid: ${ORIGINATOR}`] },
    { id: 'alien', disabled: true, more: [`msRTCSIP-OriginatorSid: ${ORIGINATOR}`] },
    { id: 'off', disabled: true },
    { id: 'marked', more: ['adminCount: 1'] },
    { id: 'admin' },
    { id: 'guarded' },
    { id: 'twin', sip: 'sip:Double@contoso.test' },
    { id: 'owner', enabled: 'TRUE', proxy: ['SIP:double@contoso.test'] },
    { id: 'bare', sip: '' },
    { id: 'outside', dn: `CN=outside,CN=Users,${BASE}` },
  ]);
  // A group in a group: membership counts however deep.
  await at.change(
    `dn: CN=helpers,OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: helpers\nmember: ${dnOf('admin')}\n\n` +
      `dn: CN=Domain Admins,CN=Users,${BASE}\nchangetype: modify\nadd: member\nmember: CN=helpers,OU=Sip,OU=Staff,${BASE}\n\n` +
      `dn: CN=Protected Users,CN=Users,${BASE}\nchangetype: modify\nadd: member\nmember: ${dnOf('guarded')}\n`,
  );
});
afterAll(() => at?.stop());

describe('one user', () => {
  it('is enabled, proved, compliant the second time, and rolled back', async () => {
    const job = await enable(['one']);
    expect([job.plan.risk, job.plan.approvalsRequired]).toEqual(['R1', 1]);
    expect(changesOf(job)).toEqual([
      {
        resource: `user:${guid.one}`,
        property: 'msRTCSIP-UserEnabled',
        before: 'FALSE',
        after: 'TRUE',
        action: 'enable-sip',
        label: `one, ${dnOf('one')}`,
      },
    ]);
    expect(job.findings).toMatchObject({
      server: at.domain.address,
      users: [
        { dn: dnOf('one'), backup: expect.arrayContaining([{ attribute: 'msRTCSIP-UserEnabled', values: ['FALSE'] }]) },
      ],
      warnings: [expect.stringContaining('licence')],
    });
    const done = await at.carryOut(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed', changes: [{ result: 'changed' }] });
    expect(await flag('one')).toBe('TRUE');
    expect(await enable(['one'])).toMatchObject({
      state: 'compliant',
      findings: { skipped: [{ objectGuid: guid.one, code: 'already-enabled' }] },
    });
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await flag('one')).toBe('FALSE');
  });

  it('is enabled in a resource forest only when the request says that it is one', async () => {
    expect(await enable(['foreign'])).toMatchObject({ state: 'blocked', code: 'account-disabled' });
    const job = await enable(['foreign'], { resourceForest: true });
    expect(job.findings.users).toEqual([expect.objectContaining({ accountEnabled: false, originatorSid: ORIGINATOR })]);
    expect(await at.carryOut(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await flag('foreign')).toBe('TRUE');
  });

  it('is cleared of everything the server left, and a rollback restores it', async () => {
    const held = async () =>
      at.read(
        '(sAMAccountName=cleared)',
        'msRTCSIP-UserEnabled',
        'msRTCSIP-Line',
        'msRTCSIP-OptionFlags',
        'msRTCSIP-DeploymentLocator',
        'msRTCSIP-PrimaryUserAddress',
        'proxyAddresses',
      );
    const [before] = await held();
    const job = await enable(['cleared'], { method: 'clear' });
    expect([job.plan.risk, job.plan.approvalsRequired]).toEqual(['R3', 2]);
    expect(changesOf(job)).toEqual([
      {
        resource: `user:${guid.cleared}`,
        property: 'rtcAttributes',
        before: {
          'msRTCSIP-DeploymentLocator': ['SRV:'],
          'msRTCSIP-Line': ['tel:+123'],
          'msRTCSIP-OptionFlags': ['256'],
          'msRTCSIP-PrimaryUserAddress': ['sip:cleared@contoso.test'],
          'msRTCSIP-UserEnabled': ['FALSE'],
          proxyAddresses: ['sip:old@contoso.test'],
        },
        after: { proxySip: 'sip:cleared@contoso.test' },
        action: 'clear-rtc-attributes',
        label: `cleared, ${dnOf('cleared')}`,
      },
    ]);
    const done = await at.carryOut(job);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    const [after] = await held();
    expect(Object.keys(after ?? {}).sort()).toEqual(['dn', 'proxyaddresses']);
    expect([...(after?.proxyaddresses ?? [])].sort()).toEqual([
      'SMTP:cleared@contoso.test',
      'sip:cleared@contoso.test',
      'sip:old@contoso.test',
    ]);
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    expect((await held())[0]).toEqual({
      ...before,
      proxyaddresses: expect.arrayContaining([...(before?.proxyaddresses ?? [])]),
    });
  });

  it('keeps bytes as bytes: a routing group of 16 bytes is cleared, and restored to the bit', async () => {
    const names = ['msRTCSIP-UserRoutingGroupId', 'msRTCSIP-UserPolicies', 'msRTCSIP-PrimaryUserAddress'];
    const [before] = await at.read('(sAMAccountName=routed)', ...names);
    const job = await enable(['routed'], { method: 'clear' });
    expect(changesOf(job)[0].before['msRTCSIP-UserRoutingGroupId']).toEqual([ROUTING_GROUP]);
    expect(job.findings.users[0].backup).toContainEqual({
      attribute: 'msRTCSIP-UserRoutingGroupId',
      values: [ROUTING_GROUP],
      encoding: 'base64',
    });
    const done = await at.carryOut(job);
    expect([done.state, done.code, done.outcome]).toEqual(['succeeded', undefined, 'fixed']);
    expect(Object.keys((await at.read('(sAMAccountName=routed)', ...names))[0] ?? {})).toEqual(['dn']);
    expect(await at.rollBack(done)).toMatchObject({ state: 'succeeded' });
    const [after] = await at.read('(sAMAccountName=routed)', ...names);
    expect(after?.['msrtcsip-userroutinggroupid']).toEqual(before?.['msrtcsip-userroutinggroupid']);
    expect([...(after?.['msrtcsip-userpolicies'] ?? [])].sort()).toEqual(['0=867434048', '1=12']);
  });

  it('whose attributes still name a server is a warning for the approver', async () => {
    expect((await enable(['pointed'])).findings.warnings).toEqual([
      expect.any(String),
      expect.stringContaining(`${guid.pointed} still names a server`),
    ]);
  });
});

describe('refusals', () => {
  it.each<[string, () => Promise<any>, string]>([
    ['an address that another object has among its proxies', () => enable(['twin']), 'duplicate-sip'],
    ['a disabled account', () => enable(['off']), 'account-disabled'],
    ['an account marked as protected', () => enable(['marked']), 'protected-object'],
    ['an administrator through a group in a group', () => enable(['admin']), 'protected-object'],
    ['a member of Protected Users', () => enable(['guarded']), 'protected-object'],
    ['a user that is not there', () => enable(['0f8fad5b-d9cb-469f-a165-70867728950e']), 'target-not-found'],
    ['more users than the cap', () => enable(['one', 'two'], { maxObjects: 1 }), 'cap-exceeded'],
    [
      'more found than the cap',
      () => at.plan(RUNBOOK, { searchBase: `OU=Staff,${BASE}`, maxObjects: 2 }),
      'cap-exceeded',
    ],
    ['users and a search base at once', () => enable(['one'], { searchBase: `OU=Staff,${BASE}` }), 'invalid-value'],
    ['neither users nor a search base', () => at.plan(RUNBOOK, {}), 'invalid-value'],
    [
      'a search base that is not there',
      () => at.plan(RUNBOOK, { searchBase: `OU=Nowhere,${BASE}` }),
      'target-not-found',
    ],
    ['a search base that is no name', () => at.plan(RUNBOOK, { searchBase: '*)(objectClass=*' }), 'target-not-found'],
    [
      'clearing a user of another forest',
      () => enable(['writes'], { method: 'clear', resourceForest: true }),
      'awaiting-approval',
    ],
  ])('%s', async (_, ask, code) => {
    const job = await ask();
    expect(job.code ?? job.state).toBe(code);
  });

  it('a user without the flag or the address is listed, not touched', async () => {
    expect(await enable(['bare'])).toMatchObject({
      state: 'compliant',
      findings: { skipped: [{ code: 'no-sip-address' }] },
    });
    const [carol] = await at.read('(sAMAccountName=carol)', 'objectGUID');
    expect(await enable([carol?.objectguid?.[0]])).toMatchObject({
      state: 'compliant',
      findings: { skipped: [{ code: 'no-sip-address' }] },
    });
  });

  it('a live server, and an inventory that is not what the directory shows', async () => {
    const settings = { topology: 'decommissioned', verifiedDomains: ['contoso.test'] };
    await at.patchTarget('contoso', { settings: { ...settings, topology: 'hybrid' } });
    expect(await enable(['one'])).toMatchObject({ state: 'blocked', code: 'topology-conflict' });
    const services = `CN=RTC Service,CN=Services,CN=Configuration,${BASE}`;
    const container = (dn: string) => `dn: ${dn}\nchangetype: add\nobjectClass: container\n\n`;
    await at.change([services, `CN=Pools,${services}`, `CN=pool1,CN=Pools,${services}`].map(container).join(''));
    expect(await enable(['one'])).toMatchObject({ state: 'blocked', code: 'live-pool' });
    await at.patchTarget('contoso', { settings });
    expect(await enable(['one'])).toMatchObject({ state: 'blocked', code: 'topology-conflict' });
    const serversGone = 'Racked out in May, ticket 4711';
    const claimed = await enable(['one'], { serversGone });
    expect(claimed).toMatchObject({
      state: 'awaiting-approval',
      findings: {
        pools: [`CN=pool1,CN=Pools,${services}`],
        warnings: expect.arrayContaining([expect.stringContaining('pool1')]),
      },
      claims: [{ kind: 'statement', what: 'serversGone', text: serversGone, by: { id: 'helpdesk' } }],
    });
    // Where the inventory says that a server runs, nobody can say that it is gone.
    await at.patchTarget('contoso', { settings: { ...settings, topology: 'hybrid' } });
    expect(await enable(['one'], { serversGone })).toMatchObject({ state: 'blocked', code: 'live-pool' });
    await at.patchTarget('contoso', { settings });
    await at.change(`dn: CN=pool1,CN=Pools,${services}\nchangetype: delete\n`);
    expect(await enable(['one'])).toMatchObject({ state: 'awaiting-approval' });
  });

  it('a schema without the attribute is reported first', async () => {
    const defunct = (yes: boolean) =>
      at.change(
        `dn: CN=msRTCSIP-UserEnabled,CN=Schema,CN=Configuration,${BASE}\nchangetype: modify\nreplace: isDefunct\n${yes ? 'isDefunct: TRUE\n' : ''}`,
      );
    await defunct(true);
    expect(await enable(['off'])).toMatchObject({ state: 'blocked', code: 'schema-missing' });
    await defunct(false);
    expect(await enable(['off'])).toMatchObject({ state: 'blocked', code: 'account-disabled' });
  });

  it('an outdated plan returns to the approver with the current values', async () => {
    const job = await enable(['cleared'], { method: 'clear' });
    await at.change(`dn: ${dnOf('cleared')}\nchangetype: modify\nreplace: msRTCSIP-Line\nmsRTCSIP-Line: tel:+9\n`);
    await at.approve(job);
    const drifted = await at.untilCode(job.id, 'state-drift');
    expect(drifted).toMatchObject({ state: 'awaiting-approval', drifts: 1 });
    expect(drifted.plan.changes[0].before['msRTCSIP-Line']).toEqual(['tel:+9']);
    expect(await flag('cleared')).toBe('FALSE');
  });

  it('a writer without the right changes nothing', async () => {
    const job = await enable(['outside']);
    expect(await at.carryOut(job)).toMatchObject({ state: 'blocked', code: 'access-denied' });
    expect(await flag('outside')).toBe('FALSE');
  });

  it('a server that is read only changes nothing', async () => {
    const job = await enable(['writes']);
    await at.patchTarget('contoso', {
      transport: { type: 'ldaps', servers: [at.domain.address], port: 3269, caFingerprint: at.domain.caFingerprint },
    });
    const onCatalog = await enable(['writes']);
    expect(await at.carryOut(onCatalog)).toMatchObject({ state: 'blocked', code: 'read-only-replica' });
    await at.patchTarget('contoso', {
      transport: { type: 'ldaps', servers: [at.domain.address], port: 636, caFingerprint: at.domain.caFingerprint },
    });
    const done = await at.carryOut(job);
    expect([done.state, done.code, done.detail]).toEqual(['succeeded', undefined, undefined]);
  });
});

describe('many users', () => {
  const four = ['one', 'two', 'three', 'four'];

  it('keep the prefix property for every number of changes already made', async () => {
    const whole = changesOf(await enable(four));
    expect(whole.map(({ action }: any) => action)).toEqual(Array.from({ length: 4 }, () => 'enable-sip-bulk'));
    for (let k = 1; k <= 4; k++) {
      const dn = (await at.read(`(objectGUID=${whole[k - 1].resource.slice(5)})`, 'cn'))[0]?.dn?.[0];
      await at.change(`dn: ${dn}\nchangetype: modify\nreplace: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: TRUE\n`);
      expect(changesOf(await enable(four))).toEqual(whole.slice(k));
    }
    for (const id of four)
      await at.change(
        `dn: ${dnOf(id)}\nchangetype: modify\nreplace: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: FALSE\n`,
      );
  });

  it('found by a search are one plan; changes by others are found in place or drift, and a rollback undoes only ours', async () => {
    await at.change(
      `dn: ${dnOf('twin')}\nchangetype: modify\nreplace: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: TRUE\n`,
    );
    const job = await at.plan(RUNBOOK, { searchBase: `OU=Sip,OU=Staff,${BASE}`, maxObjects: 20 });
    expect(job).toMatchObject({ state: 'awaiting-approval', plan: { risk: 'R3', approvalsRequired: 2 } });
    expect(job.findings.skipped.map(({ code }: any) => code)).toEqual(
      Array.from({ length: 3 }, () => 'protected-object'),
    );
    // Somebody else enables one of them: fewer changes than approved is no drift, and that one is not ours.
    await at.change(
      `dn: ${dnOf('drifts')}\nchangetype: modify\nreplace: msRTCSIP-UserEnabled\nmsRTCSIP-UserEnabled: TRUE\n`,
    );
    const done = await at.carryOut(job);
    expect([done.state, done.code, done.outcome]).toEqual(['succeeded', undefined, 'fixed']);
    const results = new Map(done.changes.map(({ resource, result }: any) => [resource, result]));
    expect(results.get(`user:${guid.drifts}`)).toBe('in-place');
    expect([...results.values()].filter((result) => result === 'changed')).toHaveLength(results.size - 1);
    const undone = await at.rollBack(done);
    expect(undone).toMatchObject({ state: 'succeeded' });
    // The undo holds the same objects as what it undoes, though a look at the directory now names none of them.
    const locks = async ({ id }: any) => (await at.product.call('helpdesk', 'GET', `/v1/jobs/${id}/plan`)).body.locks;
    expect(await locks(undone)).toEqual(await locks(job));
    expect([await flag('drifts'), await flag('one'), await flag('pointed')]).toEqual(['TRUE', 'FALSE', 'FALSE']);
  });
});
