import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';
import { command } from '../support/command-line.js';

let at: DirectoryProduct;
let guid: Readonly<Record<string, string>>;
const PCS = `OU=PCs,${BASE}`;
const list = async (runbook: string, parameters: object) => {
  const job = await at.plan(runbook, parameters);
  return { ...job.findings, state: job.state, code: job.code };
};
const members = async (group: string) =>
  (await list('list-ad-members', { group })).users?.map(({ account }: any) => account);
const names = async (under: string, more: object = {}) =>
  (await list('list-ad-computers', { under, ...more })).computers?.map(({ name }: any) => name);
const cli = (...words: string[]) =>
  command(
    { FIXPOINT_URL: at.product.url, FIXPOINT_TOKEN: at.product.tokens.operator, FIXPOINT_HOME: at.product.home },
    ...words,
  );
/** The host key of a server of the laboratory, which answers where the directory says. */
const sshServer = () => {
  const { transport } = at.lab.inventory.find((one: any) => one.transport.type === 'ssh') as any;
  return transport as { host: string; port: number; hostKey: string; user: string };
};

beforeAll(async () => {
  at = await startDirectoryProduct('list', ['domain', 'linux']);
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  const user = (id: string, disabled = false) => ({ id, sip: '', more: [`displayName: The ${id}`], disabled });
  guid = await at.addUsers([user('ann'), user('bob'), user('eve', true), user('zed')]);
  const dn = (id: string) => `CN=${id},OU=Sip,OU=Staff,${BASE}`;
  const group = (name: string, ...of: string[]) =>
    `dn: CN=${name},OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: ${name}\n${of
      .map((each) => `member: ${each}\n`)
      .join('')}\n`;
  const computer = (name: string, more: string[], flags = 4096) =>
    `dn: CN=${name},${PCS}\nchangetype: add\nobjectClass: computer\nsAMAccountName: ${name}$\nuserAccountControl: ${flags}\n${more
      .map((line) => `${line}\n`)
      .join('')}\n`;
  await at.change(
    [
      group('inner', dn('bob'), dn('eve')),
      group('outer', dn('ann'), `CN=inner,OU=Sip,OU=Staff,${BASE}`),
      group('empty (1)'),
      `dn: ${PCS}\nchangetype: add\nobjectClass: organizationalUnit\n\n`,
      computer('pc-1', ['dNSHostName: localhost', 'operatingSystem: Windows 11 Enterprise']),
      computer('pc-2', ['dNSHostName: nowhere.invalid']),
      computer('old-pc', ['dNSHostName: localhost'], 4098),
      computer('srv-1', ['dNSHostName: localhost', 'operatingSystem: Windows Server 2022']),
      computer('bare', []),
      computer('bad name', ['dNSHostName: localhost']),
    ].join(''),
  );
});
afterAll(() => at?.stop());

describe('the users of a group', () => {
  it.each([
    ['direct members', 'inner', ['bob', 'eve']],
    ['members through another group', 'outer', ['ann', 'bob', 'eve']],
    ['nobody', 'empty (1)', []],
  ])('%s', async (_, group, expected) => expect(await members(group)).toEqual(expected));

  it('who have it as their primary group', async () =>
    expect(await members('Domain Users')).toEqual(expect.arrayContaining(['ann', 'bob', 'eve', 'zed'])));

  it('of a group that is no filter and is there', async () => {
    for (const group of ['no-such', '*', 'inner)(objectClass=*', 'empty*'])
      expect(await list('list-ad-members', { group })).toMatchObject({ state: 'blocked', code: 'target-not-found' });
  });

  it('are the table of a rollout, without disabled accounts', async () => {
    const { code, text } = await cli('target', 'find-members', 'contoso', 'outer', '--format', 'csv');
    expect(code).toBe(0);
    expect(text).toContain('Left out because their accounts are disabled: 1 user.');
    const rows = text.slice(text.indexOf('target,users')).trim().split('\n');
    expect(rows).toEqual(['target,users', `contoso,${guid.ann}`, `contoso,${guid.bob}`]);
    const all = await cli(
      'target',
      'find-members',
      'contoso',
      'outer',
      '--include-disabled',
      '--format',
      'csv',
      '--column',
      'identity',
    );
    expect(all.text.split('\n')).toEqual(expect.arrayContaining(['target,identity', `contoso,${guid.eve}`]));
    expect((await cli('target', 'find-members', 'contoso', 'inner')).text).toMatch(
      /^2 users of inner:\n\nNAME .*\nThe bob/,
    );
  });
});

describe('the computers of an organizational unit', () => {
  it('that are enabled, or all of them', async () => {
    expect(await names(PCS)).toEqual(['bad name', 'bare', 'pc-1', 'pc-2', 'srv-1']);
    expect(await names(PCS, { includeDisabled: true })).toContain('old-pc');
    expect(await names(PCS, { namesBeginWith: 'PC-' })).toEqual(['pc-1', 'pc-2']);
    expect(await names(PCS, { namesBeginWith: 'p*' })).toEqual([]);
  });

  it('with what an import needs to know', async () => {
    const { computers } = await list('list-ad-computers', { under: `OU=Domain Controllers,${BASE}` });
    expect(computers).toEqual([
      expect.objectContaining({ objectGuid: expect.any(String), accountEnabled: true, domainController: true }),
    ]);
  });

  it.each([`OU=Nowhere,${BASE}`, 'not a name', 'OU=PCs,DC=other,DC=test'])('of %s, which is not there', async (under) =>
    expect(await list('list-ad-computers', { under })).toMatchObject({ state: 'blocked', code: 'target-not-found' }),
  );

  it('are a file that an import reads; who does not answer is left out and named', async () => {
    const { port, user, hostKey } = sshServer();
    const { code, text } = await cli(
      ...['target', 'find-computers', 'contoso', '--under', PCS, '--format', 'csv'],
      ...['--ssh', user, '--port', String(port), '--credential', 'endpoint-admin', '--site', 'north'],
    );
    expect(code).toBe(0);
    expect(text).toContain('Left out: 3 computers.');
    expect(text).toMatch(/ {2}bad name: its name cannot be the name of a target\./);
    expect(text).toMatch(/ {2}bare: the directory has no DNS name of it\./);
    expect(text).toMatch(/ {2}pc-2: No SSH server answers at nowhere\.invalid/);
    const csv = text.slice(text.indexOf('name,kind,')).trim();
    expect(csv.split('\n')).toEqual([
      'name,kind,host,transport,port,user,hostKey,credential,tier,site',
      `pc-1,pc,localhost,ssh,${port},${user},${hostKey},endpoint-admin,2,north`,
      `srv-1,server,localhost,ssh,${port},${user},${hostKey},endpoint-admin,2,north`,
    ]);
    const file = join(at.product.home, 'computers.csv');
    // One machine has one entry: both names lead to the same server here.
    writeFileSync(file, `${csv.split('\n').slice(0, 2).join('\n')}\n`);
    const known = at.lab.inventory.find((one: any) => one.transport.hostKey === hostKey) as any;
    await at.product.call('admin', 'DELETE', `/v1/targets/${known.name}`);
    const admin = {
      FIXPOINT_URL: at.product.url,
      FIXPOINT_TOKEN: at.product.tokens.admin,
      FIXPOINT_HOME: at.product.home,
    };
    expect((await command(admin, 'target', 'import', file)).text).toContain('1 target was added');
    expect((await command(admin, 'target', 'show', 'pc-1')).text).toContain('by no worker yet');
  });

  it('are a file of machines that are reached over WinRM, and none of them is asked for anything', async () => {
    const { code, text } = await cli(
      ...['target', 'find-computers', 'contoso', '--under', PCS, '--format', 'csv'],
      ...['--transport', 'winrm', '--credential', 'windows-admin', '--site', 'north'],
    );
    expect([code, text]).toEqual([0, expect.stringContaining('Left out: 2 computers.')]);
    expect(text).not.toContain('host keys');
    const rows = text.slice(text.indexOf('name,kind,')).trim().split('\n');
    expect(rows).toContain('pc-2,pc,nowhere.invalid,winrm,5985,,,windows-admin,2,north');
  });

  it('need an account and a credential for a file', async () =>
    expect(await cli('target', 'find-computers', 'contoso', '--under', PCS, '--format', 'csv')).toMatchObject({
      code: 2,
      text: expect.stringContaining('needs --ssh <account> or --transport winrm, and --credential <name>'),
    }));
});
