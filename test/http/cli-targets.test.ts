import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureKeyPair, startSshd, type Sshd } from '../../lab/sshd.js';
import { fingerprintOf } from '../../src/platform/host-key.js';
import { lookAtTargets } from '../../src/installation/doctor/targets.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { readConfig } from '../../src/processes/config.js';
import { command } from '../support/command-line.js';
import { product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

let folder: string;
let sshd: Sshd;
beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxt-');
  sshd = await startSshd({
    directory: join(folder, 'sshd'),
    host: '127.0.0.1',
    subsystem: '/bin/false',
    authorizedKeys: [],
  });
});
afterAll(async () => {
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]) =>
  command(
    { FIXPOINT_HOME: product.home, FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.admin },
    'target',
    ...words,
  );
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const shown = async (name: string) => (await product.call('admin', 'GET', `/v1/targets/${name}`)).body;
const at = () => `fixpoint@${sshd.host}:${sshd.port}`;
const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;

describe('fixpoint target add', () => {
  it('fetches the host key, and takes it only when its fingerprint was compared', async () => {
    const words = ['add', 'pc-1', '--kind', 'pc', '--ssh', at(), '--credential', 'pc-key'];
    const asked = await run(...words);
    expect(asked.code).toBe(2);
    expect(asked.text).toContain(`ssh-ed25519 ${fingerprintOf(sshd.hostKey)}`);
    expect(asked.text).toContain(`Add --fingerprint ${fingerprintOf(sshd.hostKey)} once you have compared it.`);
    const wrong = await run(...words, '--fingerprint', 'SHA256:AAAA');
    expect(wrong).toEqual({ code: 1, text: expect.stringContaining('[host-key-changed]') });
    expect((await shown('pc-1')).code).toBe('target-not-found');

    const added = await run(...words, '--fingerprint', fingerprintOf(sshd.hostKey));
    expect(added).toEqual({ code: 0, text: expect.stringMatching(/^pc-1 is in the inventory: /) });
    expect(await shown('pc-1')).toMatchObject({
      kind: 'pc',
      transport: { type: 'ssh', host: '127.0.0.1', port: sshd.port, user: 'fixpoint', hostKey: sshd.hostKey },
      credentials: { detect: 'pc-key', apply: 'pc-key' },
      tier: 2,
      site: 'main',
      tags: [],
      settings: {},
    });
  });

  it('agrees with ssh-keygen on the fingerprint', () => {
    const path = file('host_key.pub', `${sshd.hostKey}\n`);
    const line = execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' });
    expect(line).toContain(fingerprintOf(sshd.hostKey));
  });

  it('takes a host key with a comment, from the line or a file, and an IPv6 address', async () => {
    const ssh = ['--kind', 'server', '--credential', 'k', '--ssh'];
    expect(
      (await run('add', 'six', ...ssh, 'DOMAIN\\svc@[2001:db8::1]:2222', '--host-key', `${key('B')} root@six`)).code,
    ).toBe(0);
    const path = file('key.pub', `${key('C')} root@box\n`);
    expect((await run('add', 'box-2', ...ssh, 'a@b@box', '--host-key', `@${path}`)).code).toBe(0);
    expect((await shown('six')).transport).toMatchObject({
      host: '2001:db8::1',
      port: 2222,
      user: 'DOMAIN\\svc',
      hostKey: key('B'),
    });
    expect((await shown('box-2')).transport).toMatchObject({ host: 'box', port: 22, user: 'a@b', hostKey: key('C') });
    expect((await run('show', 'six')).text).toContain('ssh DOMAIN\\svc@[2001:db8::1]:2222');
  });

  it('adds a domain with its controllers, the authority and settings', async () => {
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=ca', '-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.pem')],
    ]);
    const { code, text } = await run(
      ...['add', 'corp', '--ldaps', 'dc1.corp.example,dc2.corp.example', '--ca', join(folder, 'ca.pem')],
      ...['--detect-credential', 'reader', '--apply-credential', 'writer', '--tier', '0', '--site', 'hq'],
      ...['--set', 'topology=hybrid', '--set', 'verifiedDomains=corp.example,old.example', '--tag', 'ad'],
    );
    expect([code, text]).toEqual([0, expect.stringContaining('corp is in the inventory')]);
    expect(await shown('corp')).toMatchObject({
      kind: 'domain',
      transport: { type: 'ldaps', servers: ['dc1.corp.example', 'dc2.corp.example'], port: 636 },
      credentials: { detect: 'reader', apply: 'writer' },
      tier: 0,
      site: 'hq',
      tags: ['ad'],
      settings: { topology: 'hybrid', verifiedDomains: ['corp.example', 'old.example'] },
    });
    expect((await run('show', 'corp')).text).toContain('ldaps dc1.corp.example,dc2.corp.example:636');
    expect((await run('edit', 'corp', '--ldap', 'dc1.corp.example')).code).toBe(0);
    expect((await shown('corp')).transport).toEqual({ type: 'ldap', servers: ['dc1.corp.example'], port: 389 });
    expect((await run('show', 'corp')).text).toContain('ldap dc1.corp.example:389');
  });

  it('adds a machine that is reached over WinRM, and changes how', async () => {
    const at = ['--kind', 'pc', '--credential', 'k', '--winrm'];
    expect((await run('add', 'win-1', ...at, 'win-1.corp.example')).code).toBe(0);
    const plain = { type: 'winrm', host: 'win-1.corp.example', port: 5985, auth: 'kerberos' };
    expect((await shown('win-1')).transport).toEqual(plain);
    expect((await run('show', 'win-1')).text).toMatch(/address {5}winrm win-1\.corp\.example\n.*sign-in {5}kerberos/s);
    const ca = join(folder, 'ca.pem');
    const fingerprint = expect.stringMatching(/^[0-9a-f]{64}$/);
    const change = [
      '--ca',
      ca,
      '--auth',
      'ntlm',
      '--configuration',
      'Fixpoint.Jea',
      '--spn',
      'HTTP/win-1.corp.example',
    ];
    expect((await run('edit', 'win-1', ...change)).code).toBe(0);
    expect((await shown('win-1')).transport).toEqual({
      ...{ ...plain, port: 5986, auth: 'ntlm', tls: { pinned: 'authority', fingerprint } },
      ...{ configurationName: 'Fixpoint.Jea', spn: 'HTTP/win-1.corp.example' },
    });
    expect((await run('show', 'win-1')).text).toContain('winrm tls win-1.corp.example\n');
    expect((await run('edit', 'win-1', '--certificate', ca)).code).toBe(0);
    expect((await shown('win-1')).transport.tls).toEqual({ pinned: 'certificate', fingerprint });
    expect((await run('edit', 'win-1', '--http', '--auth', 'kerberos')).code).toBe(0);
    const { spn, configurationName } = { spn: 'HTTP/win-1.corp.example', configurationName: 'Fixpoint.Jea' };
    expect((await shown('win-1')).transport).toEqual({ ...plain, spn, configurationName });
    expect((await run('edit', 'win-1', '--winrm', 'win-1.corp.example:8080')).code).toBe(0);
    expect((await run('show', 'win-1')).text).toContain('winrm win-1.corp.example:8080');
    expect((await run('edit', 'win-1', '--auth', 'basic')).text).toContain('the sign-in basic is for TLS alone');
  });

  it.each<[string, string[], string]>([
    ['WinRM and SSH', ['--kind', 'pc', '--winrm', 'a', '--ssh', 'b@c'], 'Choose one of'],
    ['a sign-in without a machine', ['--kind', 'pc', '--auth', 'ntlm'], 'Say how it is reached'],
    [
      'two proofs',
      ['--kind', 'pc', '--winrm', 'a', '--ca', 'x', '--certificate', 'y'],
      'Choose one of --ca, --certificate and --http',
    ],
    ['no way to reach it', ['--kind', 'pc', '--credential', 'k'], 'Say how it is reached'],
    ['no kind', ['--ssh', 'a@b', '--credential', 'k'], 'Say what it is'],
    ['no credential', ['--kind', 'pc', '--ssh', 'a@b', '--host-key', key('D')], 'Name the credential'],
    ['no account', ['--kind', 'pc', '--ssh', 'host', '--credential', 'k'], 'names no account'],
    ['a host that is an option', ['--kind', 'pc', '--ssh', 'a@-oProxyCommand=x', '--credential', 'k'], 'is not a host'],
    ['a port that is none', ['--kind', 'pc', '--ssh', 'a@b:99999', '--credential', 'k'], 'is not a host'],
    [
      'two ways to reach it',
      ['--kind', 'pc', '--ssh', 'a@b', '--ldaps', 'c'],
      'Choose one of --ssh, --winrm, --ldap and --ldaps',
    ],
    [
      'Kerberos with an authority',
      ['--ldap', 'c', '--ca', 'x', '--credential', 'k'],
      '--ca belongs to --ldaps and --winrm',
    ],
    ['a domain without authority', ['--ldaps', 'c', '--credential', 'k'], 'A domain needs --ldaps and --ca.'],
    [
      'a host key of another form',
      ['--kind', 'pc', '--ssh', 'a@b', '--host-key', 'x', '--credential', 'k'],
      'is not a host key',
    ],
    [
      'an unknown setting',
      ['--kind', 'pc', '--ssh', 'a@b', '--host-key', key('D'), '--credential', 'k', '--set', 'x=1'],
      'The settings are',
    ],
    ['an unknown kind', ['--kind', 'linux', '--ssh', 'a@b'], 'Allowed choices are pc, server'],
  ])('refuses %s', async (_, words, message) => {
    expect(await run('add', 'none', ...words)).toEqual({ code: 2, text: expect.stringContaining(message) });
    expect((await shown('none')).code).toBe('target-not-found');
  });

  it('says that nothing answers where no SSH server is', async () => {
    const { code, text } = await run('add', 'none', '--kind', 'pc', '--credential', 'k', '--ssh', 'a@127.0.0.1:1');
    expect([code, text]).toEqual([1, expect.stringContaining('No SSH server answers at 127.0.0.1, port 1')]);
  });
});

describe('fixpoint target edit, list and remove', () => {
  it('changes only what it names', async () => {
    await run(
      'add',
      'old',
      '--kind',
      'pc',
      '--ssh',
      'a@old',
      '--host-key',
      key('E'),
      '--credential',
      'k',
      '--set',
      'userSession=task',
      '--tag',
      'x',
    );
    const before = await shown('old');
    expect((await run('edit', 'old', '--site', 'berlin', '--apply-credential', 'w')).code).toBe(0);
    expect(await shown('old')).toEqual({ ...before, site: 'berlin', credentials: { detect: 'k', apply: 'w' } });
    expect(
      (await run('edit', 'old', '--ssh', 'b@new:2222', '--name', 'new', '--set', 'userSession=', '--tag', '')).code,
    ).toBe(0);
    const after = await shown('new');
    expect(after.transport).toEqual({ type: 'ssh', host: 'new', port: 2222, user: 'b', hostKey: key('E') });
    expect([after.id, after.settings.userSession, after.tags]).toEqual([before.id, undefined, []]);
    expect((await run('edit', 'new')).text).toContain('Say what to change');
  });

  it('takes the host key anew only when it was compared', async () => {
    const ssh = ['--ssh', `u@${sshd.host}:${sshd.port}`];
    await run('remove', 'pc-1', '--yes');
    await run('add', 'again', '--kind', 'pc', ...ssh, '--host-key', key('F'), '--credential', 'k');
    expect((await run('edit', 'again', '--fetch-host-key')).code).toBe(2);
    expect((await shown('again')).transport.hostKey).toBe(key('F'));
    expect((await run('edit', 'again', '--fetch-host-key', '--fingerprint', fingerprintOf(sshd.hostKey))).code).toBe(0);
    expect((await shown('again')).transport.hostKey).toBe(sshd.hostKey);
  });

  it('refuses a name that is taken, and a person without the right, before it asks anything', async () => {
    await run('add', 'taken', '--kind', 'pc', '--ssh', 'a@taken', '--host-key', key('T'), '--credential', 'k');
    // Nothing listens there: the host key is not looked for.
    const again = await run('add', 'taken', '--kind', 'pc', '--ssh', 'a@127.0.0.1:1', '--credential', 'k');
    expect(again).toEqual({ code: 1, text: expect.stringContaining('[name-taken]') });
    expect(again.text).toContain('fixpoint target edit taken');
    const asHelpdesk = (...words: string[]) =>
      command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.helpdesk }, 'target', ...words);
    for (const words of [
      ['add', 'other', '--kind', 'pc', '--ssh', 'a@127.0.0.1:1', '--credential', 'k'],
      ['edit', 'taken', '--fetch-host-key'],
      ['remove', 'taken'],
    ])
      expect(await asHelpdesk(...words)).toEqual({ code: 1, text: expect.stringContaining('[not-allowed]') });
  });

  it('notes a credential that the file of this machine lacks, or that may not be used there', async () => {
    const credential = (...words: string[]) =>
      command(
        { FIXPOINT_HOME: product.home, FIXPOINT_API_DATABASE_URL: product.urls.api },
        ...['credential', ...words],
      );
    await run('add', 'noted', '--kind', 'pc', '--ssh', 'a@noted', '--host-key', key('U'), '--credential', 'there');
    await credential('add', 'there', '--generate-key', '--target', 'another');
    const nope = await run('edit', 'noted', '--apply-credential', 'nope');
    expect(nope.code).toBe(0);
    expect(nope.text).toContain('has no credential nope. Add it: fixpoint credential add nope --target noted');
    expect(nope.text).toContain('there may not be used on noted yet. Allow it: fixpoint credential allow there noted');
    const allowed = await credential('allow', 'there', 'noted', 'notde');
    expect(allowed.text).toContain('Note: the inventory has no target notde yet.');
    expect(allowed.text).not.toContain('no target noted');
    expect((await run('edit', 'noted', '--apply-credential', 'there')).text).not.toContain('Note:');
    expect((await credential('remove', 'there')).text).toContain(
      'These targets still name it, and their next job is blocked: noted.',
    );
  });

  it('removes a target only when somebody says so', async () => {
    await run('add', 'gone', '--kind', 'pc', '--ssh', 'a@gone', '--host-key', key('G'), '--credential', 'k');
    expect(await run('remove', 'gone')).toEqual({ code: 2, text: expect.stringContaining('Add --yes to remove it.') });
    expect((await run('remove', 'gone', '--yes')).text).toBe('gone was removed.\n');
    expect(await run('show', 'gone')).toEqual({ code: 1, text: expect.stringContaining('[target-not-found]') });
  });
});

describe('fixpoint doctor', () => {
  it('names each target whose credential the next job could not use', async () => {
    const secret = join(folder, 'doctor-key');
    await ensureKeyPair(secret);
    const ssh = ['--kind', 'pc', '--ssh', 'a@doctored', '--host-key', key('Q')];
    await run('add', 'doctored', ...ssh, '--detect-credential', 'readable', '--apply-credential', 'nowhere');
    const entry = (path: string) => ({
      reference: `secret://file${path}`,
      use: ['detect', 'apply'],
      targets: ['doctored'],
      tiers: [2],
    });
    const credentials = { readable: entry(secret), nowhere: entry(join(folder, 'nowhere')) };
    const path = file('credentials.json', JSON.stringify({ credentials }));
    chmodSync(path, 0o600);
    const settings = readConfig({ FIXPOINT_HOME: product.home, FIXPOINT_CREDENTIALS: path }, INSTALL_ROOT);
    if (!settings.ok) throw new Error('settings');
    const found = await lookAtTargets(product.urls.api, settings.value);
    const details = found.map(({ detail }) => detail).filter((detail) => detail.startsWith('target doctored '));
    expect(details).toEqual(['target doctored (apply): nowhere: its file is missing']);
    expect(found.every(({ code, severity }) => code === 'target-credential-unusable' && severity === 'wrong')).toBe(
      true,
    );
  });
});
