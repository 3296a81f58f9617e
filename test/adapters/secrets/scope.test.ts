import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import { createCredentials, type CredentialEntry } from '../../../src/adapters/secrets/index.js';
import type { Target } from '../../../src/domain/target.js';
import { fingerprintOf } from '../../../src/platform/host-key.js';

const home = mkdtempSync('/tmp/fxs-');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const CA = 'a'.repeat(64);
const OTHER_CA = 'b'.repeat(64);
const key = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`;
const password = join(home, 'password');
writeFileSync(password, 'a secret\n', { mode: 0o600 });

const target = (transport: object, more: object = {}) =>
  ({
    id: '1',
    name: 'corp',
    kind: 'domain',
    transport,
    credentials: { detect: 'c', apply: 'c' },
    tier: 1,
    site: 'main',
    tags: [],
    settings: {},
    ...more,
  }) as Target;
const ldaps = (more: object = {}) => ({
  type: 'ldaps',
  servers: ['dc1.corp.example'],
  port: 636,
  caFingerprint: CA,
  ...more,
});
const ldap = (...servers: string[]) => ({ type: 'ldap', servers, port: 389 });
const ssh = (more: object = {}) => ({ type: 'ssh', host: 'pc1', port: 22, user: 'u', hostKey: key('A'), ...more });

const winrm = (more: object = {}) => ({ type: 'winrm', host: 'pc1', port: 5985, auth: 'kerberos', ...more });
const tls = (fingerprint = CA) => ({ pinned: 'authority', fingerprint });
const pc = (transport: object) => target(transport, { kind: 'pc' });
const BOUND: Partial<CredentialEntry> = { userName: 'svc', simpleBind: true };
const ENDS: Partial<CredentialEntry> = { hosts: ['dc1.corp.example'], authorities: [CA] };

let files = 0;
function credentialsWith(entry: object, mode: 'development' | 'production' = 'development') {
  const path = join(home, `credentials-${(files += 1)}.json`);
  const common = { reference: `secret://file${password}`, use: ['detect', 'apply'], targets: ['corp'], tiers: [1] };
  writeFileSync(path, JSON.stringify({ credentials: { c: { ...common, ...entry } } }), { mode: 0o600 });
  return createCredentials({ path, runtimeDirectory: home, env: process.env, values: createValueChecker(), mode });
}
const judge = async (entry: object, at: Target, mode?: 'production') => {
  const scope = await credentialsWith(entry, mode).scope(at);
  return scope.ok ? 'fits' : `${scope.error.kind}: ${scope.error.why}`;
};

describe('the hosts and authorities of a credential', () => {
  it.each<[string, object, Target, string]>([
    ['the same host and authority', { ...BOUND, ...ENDS }, target(ldaps()), 'fits'],
    ['the same host in another case', { ...BOUND, ...ENDS }, target(ldaps({ servers: ['DC1.Corp.Example.'] })), 'fits'],
    ['another host', { ...BOUND, ...ENDS }, target(ldaps({ servers: ['evil.example'] })), 'the host evil.example'],
    [
      'one more host',
      { ...BOUND, ...ENDS },
      target(ldaps({ servers: ['dc1.corp.example', 'evil.example'] })),
      'the host evil.example',
    ],
    [
      'another global catalog',
      { ...BOUND, ...ENDS },
      target(ldaps(), { settings: { globalCatalog: 'evil.example' } }),
      'the host evil.example',
    ],
    ['another authority', { ...BOUND, ...ENDS }, target(ldaps({ caFingerprint: OTHER_CA })), OTHER_CA],
    [
      'another host of a Kerberos credential',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['dc1.corp.example'] },
      target(ldap('evil.example')),
      'the host evil.example',
    ],
    ['another host of an SSH key', { hosts: ['pc1'] }, target(ssh({ host: 'pc2' }), { kind: 'pc' }), 'the host pc2'],
    [
      'another host key',
      { hosts: ['pc1'], authorities: [fingerprintOf(key('A'))] },
      target(ssh({ hostKey: key('B') }), { kind: 'pc' }),
      fingerprintOf(key('B')),
    ],
    ['a machine over WinRM', { principal: 'svc@CORP.EXAMPLE', hosts: ['PC1.'] }, pc(winrm()), 'fits'],
    [
      'another machine over WinRM',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['pc1'] },
      pc(winrm({ host: 'evil.example' })),
      'the host evil.example',
    ],
    [
      'the service of another machine',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['pc1'] },
      pc(winrm({ spn: 'HTTP/evil.example:5985' })),
      'the host evil.example',
    ],
    [
      'another port of that machine',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['pc1'] },
      pc(winrm({ port: 9999 })),
      'the host pc1:9999',
    ],
    [
      'two machines that it may be used with, mixed',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['192.0.2.7', 'pc2', 'pc1@192.0.2.7'] },
      pc(winrm({ host: '192.0.2.7', spn: 'host/pc2' })),
      'the host pc2@192.0.2.7',
    ],
    [
      'the name that is proved at an address',
      { principal: 'svc@CORP.EXAMPLE', hosts: ['PC1@192.0.2.7'] },
      pc(winrm({ host: '192.0.2.7', spn: 'host/pc1' })),
      'fits',
    ],
    [
      'an authority that nothing over HTTP proves',
      { userName: 'svc', ntlm: true, authorities: [CA], hosts: ['pc1'] },
      pc(winrm({ auth: 'ntlm' })),
      'over HTTP',
    ],
    [
      'another authority over WinRM',
      { userName: 'svc', ntlm: true, hosts: ['pc1'], authorities: [CA] },
      pc(winrm({ auth: 'ntlm', port: 5986, tls: tls(OTHER_CA) })),
      OTHER_CA,
    ],
    [
      'the pinned host key',
      { hosts: ['pc1'], authorities: [fingerprintOf(key('A'))] },
      target(ssh(), { kind: 'pc' }),
      'fits',
    ],
  ])('are judged for %s', async (_, entry, at, expected) => {
    const said = await judge(entry, at);
    expect(said).toContain(expected);
    if (expected !== 'fits') expect(said).toMatch(/^credential-out-of-scope: /);
    // In production nothing else is said of an entry that names both.
    expect(await judge(entry, at, 'production')).toBe(said);
  });

  it.each<[string, object, Target, string]>([
    ['a password without hosts', BOUND, target(ldaps()), 'it names no hosts'],
    ['a password without authorities', { ...BOUND, hosts: ['dc1.corp.example'] }, target(ldaps()), 'no authorities'],
    [
      'a certificate without hosts',
      { certificate: '/c.pem' },
      pc(winrm({ auth: 'certificate', port: 5986, tls: tls() })),
      'no hosts',
    ],
    ['a Kerberos credential without hosts', { principal: 'svc@CORP.EXAMPLE' }, target(ldap('dc1')), 'no hosts'],
  ])('are needed in production: %s', async (_, entry, at, why) => {
    expect(await judge(entry, at)).toBe('fits');
    expect(await judge(entry, at, 'production')).toMatch(new RegExp(`^credential-out-of-scope: .*${why}`));
  });

  it.each(['ntlm', 'negotiate'])(
    'do not do in production where nothing proves the host: %s over HTTP',
    async (auth) => {
      const entry = { userName: 'svc', ntlm: true, hosts: ['pc1'], authorities: [CA] };
      expect(await judge({ userName: 'svc', ntlm: true }, pc(winrm({ auth })))).toBe('fits');
      expect(await judge(entry, pc(winrm({ auth })), 'production')).toMatch(
        /^credential-out-of-scope: it may not be used over HTTP/,
      );
      expect(await judge(entry, pc(winrm({ auth, port: 5986, tls: tls() })), 'production')).toBe('fits');
    },
  );

  it('are not needed for an SSH key, which is never sent', async () => {
    expect(await judge({}, target(ssh(), { kind: 'pc' }), 'production')).toBe('fits');
  });
});

describe('how a credential goes with the transport of a target', () => {
  it.each<[string, object, Target, string]>([
    ['a password for a directory', { userName: 'svc', ...ENDS }, target(ldaps()), 'simple-bind-refused'],
    [
      'a password for a directory that refuses it',
      { userName: 'svc', simpleBind: false, ...ENDS },
      target(ldaps()),
      'simple-bind-refused',
    ],
    [
      'a password where Kerberos is wanted',
      { ...BOUND, ...ENDS },
      target(ldap('dc1.corp.example')),
      'credential-unavailable',
    ],
    ['an SSH key where Kerberos is wanted', {}, target(ldap('dc1')), 'credential-unavailable'],
    ['an SSH key for a directory', {}, target(ldaps()), 'credential-unavailable'],
    ['Kerberos over LDAPS', { principal: 'svc@CORP.EXAMPLE' }, target(ldaps()), 'credential-unavailable'],
    ['an SSH key for Kerberos over WinRM', {}, pc(winrm()), 'credential-unavailable'],
    ['a password for Kerberos over WinRM', { userName: 'svc', ntlm: true }, pc(winrm()), 'credential-unavailable'],
    ['a keytab for NTLM', { principal: 'svc@CORP.EXAMPLE' }, pc(winrm({ auth: 'ntlm' })), 'credential-unavailable'],
    ['NTLM that the entry does not allow', BOUND, pc(winrm({ auth: 'ntlm' })), 'credential-unavailable'],
    [
      'Basic that the entry does not allow',
      { userName: 'svc', ntlm: true },
      pc(winrm({ auth: 'basic', tls: tls() })),
      'credential-unavailable',
    ],
    ['a key without a certificate', {}, pc(winrm({ auth: 'certificate', tls: tls() })), 'credential-unavailable'],
    ['a certificate over SSH', { certificate: '/c.pem' }, pc(ssh()), 'credential-unavailable'],
    ['Kerberos over SSH', { principal: 'svc@CORP.EXAMPLE' }, target(ssh(), { kind: 'pc' }), 'credential-unavailable'],
  ])('refuses %s before anything is opened', async (_, entry, at, kind) => {
    const credentials = credentialsWith(entry);
    const answers = [
      await credentials.scope(at),
      await credentials.inspect(at, 'detect'),
      await credentials.resolve(at, 'apply'),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { kind, name: 'c' } });
  });

  it('names what is missing where nothing says who the KDC is', async () => {
    const answer = await credentialsWith({ principal: 'svc@CORP.EXAMPLE', secret: 'password' }).resolve(
      pc(winrm()),
      'detect',
    );
    expect(answer).toMatchObject({ ok: false, error: { kind: 'credential-unavailable' } });
    expect(answer).toMatchObject({ error: { why: expect.stringContaining('credential allow c corp --kdc') } });
  });

  it('asks no KDC while it only looks, and none that is outside the scope', async () => {
    let asked = 0;
    const kdc = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => kdc.listen(88, '127.0.78.88', done));
    try {
      const entry = { principal: 'svc@CORP.EXAMPLE', secret: 'password', hosts: ['127.0.78.88'] };
      const at = target(ldap('127.0.78.88'));
      expect(await credentialsWith(entry).inspect(at, 'detect')).toMatchObject({ ok: true });
      const elsewhere = credentialsWith({ ...entry, hosts: ['dc1.corp.example'] });
      expect(await elsewhere.resolve(at, 'detect')).toMatchObject({ error: { kind: 'credential-out-of-scope' } });
      expect(asked).toBe(0);
      const answer = await credentialsWith(entry).resolve(at, 'detect');
      expect(answer).toMatchObject({ ok: false, error: { kind: 'kdc-unreachable', name: 'c' } });
      expect(asked).toBeGreaterThan(0);
    } finally {
      await new Promise((done) => kdc.close(done));
    }
  });
});

describe('members of an entry that contradict one another', () => {
  it.each<[string, object, string]>([
    ['userName and principal', { ...BOUND, principal: 'svc@CORP.EXAMPLE' }, 'more than one of userName, principal'],
    ['principal and certificate', { certificate: '/c.pem', principal: 'svc@CORP.EXAMPLE' }, 'more than one of'],
    ['ntlm without a password', { ntlm: true }, 'ntlm needs userName'],
    ['basic without a password', { principal: 'svc@CORP.EXAMPLE', basic: true }, 'basic needs userName'],
    ['simpleBind without a password', { simpleBind: true }, 'simpleBind needs userName'],
    ['kdcs without a principal', { ...BOUND, kdcs: ['kdc'] }, 'which need principal'],
    ['a realm in lower case', { principal: 'svc@corp.example' }, '/credentials/c/principal'],
    ['a host with a line end', { ...BOUND, hosts: ['a\nb'] }, '/credentials/c/hosts/0'],
  ])('%s', async (_, entry, message) => {
    expect(await judge(entry, target(ldaps()))).toContain(message);
  });
});
