import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureKeyPair, startSshd } from '../../../lab/sshd.js';
import type { Target, Transport } from '../../../src/domain/target.js';
import { testTarget, type TargetCheck } from '../../../src/installation/target-test/index.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { readConfig } from '../../../src/processes/config.js';
import { anEndpoint, type Endpoint } from '../../support/hosts.js';

let home: string;
let endpoint: Endpoint;
let dc: Server;
let ca: string;
beforeAll(async () => {
  home = mkdtempSync('/tmp/fxt-');
  endpoint = await anEndpoint();
  const [key, pem] = [join(home, 'dc.key'), join(home, 'dc.pem')];
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', pem],
  ]);
  ca = createHash('sha256')
    .update(new X509Certificate(readFileSync(pem)).raw)
    .digest('hex');
  dc = createServer({ key: readFileSync(key), cert: readFileSync(pem) }).listen(0, '127.0.0.1');
  await new Promise((resolve) => dc.once('listening', resolve));
});
afterAll(async () => {
  await endpoint.stop();
  await new Promise((resolve) => dc.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const target = (transport: Transport, more: Partial<Target> = {}): Target => ({
  id: '01890000-0000-7000-8000-000000000001',
  name: 'server-1',
  kind: 'server',
  transport,
  credentials: { detect: 'k', apply: 'k' },
  tier: 2,
  site: 'main',
  tags: [],
  settings: {},
  ...more,
});
const ssh = (more: object = {}): Transport => {
  const { host, port, user, hostKey } = endpoint.place();
  return { type: 'ssh', host, port, user, hostKey, ...more };
};

async function look(of: Target, key = endpoint.identityFile, targets: readonly string[] = ['server-1']) {
  const credentials = {
    k: { reference: `secret://file${key}`, use: ['detect', 'apply'], targets, tiers: [2] },
    reader: {
      reference: `secret://file${join(home, 'pw')}`,
      userName: 'reader',
      simpleBind: true,
      use: ['detect', 'apply'],
      targets,
      tiers: [2],
    },
  };
  writeFileSync(join(home, 'pw'), 'secret', { mode: 0o600 });
  writeFileSync(join(home, 'credentials.json'), JSON.stringify({ credentials, trustedCas: [join(home, 'dc.pem')] }), {
    mode: 0o600,
  });
  const settings = readConfig({ FIXPOINT_HOME: home }, INSTALL_ROOT);
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  const said: TargetCheck[] = [];
  const checks = await testTarget(settings.value, of, (check) => said.push(check));
  expect(said).toEqual(checks);
  for (const { state, toDo } of checks)
    expect(state === 'ok' ? toDo : (toDo ?? '').length > 0).toBe(state === 'ok' ? undefined : true);
  return checks;
}
const states = (checks: readonly TargetCheck[]) => Object.fromEntries(checks.map(({ check, state }) => [check, state]));

describe('a test of an SSH target', () => {
  it('finds everything that a job needs', async () => {
    const checks = await look(target(ssh()));
    expect(states(checks)).toEqual({
      name: 'ok',
      port: 'ok',
      'host key': 'ok',
      'credential (apply)': 'ok',
      'sign-in (apply)': 'ok',
      PowerShell: 'ok',
      'language mode': 'ok',
      clock: 'ok',
      elevation: process.getuid?.() === 0 ? 'ok' : 'note',
    });
    expect(checks.find(({ check }) => check === 'PowerShell')?.detail).toMatch(/^7\./);
  });

  it('stops before the sign-in when the host is not known, the port is closed or the host key is another', async () => {
    const other = await ensureKeyPair(join(home, 'other'));
    expect(states(await look(target(ssh({ host: 'no-such-host.invalid' }))))).toEqual({
      name: 'failed',
      'credential (apply)': 'ok',
    });
    expect(states(await look(target(ssh({ port: 1 }))))).toEqual({
      name: 'ok',
      port: 'failed',
      'credential (apply)': 'ok',
    });
    const changed = await look(target(ssh({ hostKey: other })));
    expect(states(changed)).toEqual({ name: 'ok', port: 'ok', 'host key': 'failed', 'credential (apply)': 'ok' });
    expect(changed[2]?.detail).toMatch(/^the inventory has SHA256:\S+, the server shows SHA256:/);
  });

  it('says what is wrong with the credential, without a sign-in', async () => {
    const passphrase = join(home, 'passphrase');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', passphrase]);
    const problem = async (...words: Parameters<typeof look>) => {
      const checks = await look(...words);
      expect(checks.some(({ check }) => check.startsWith('sign-in'))).toBe(false);
      return checks.find(({ state }) => state === 'failed')?.detail;
    };
    expect(await problem(target(ssh()), passphrase)).toContain('its key file has a passphrase');
    expect(await problem(target(ssh()), endpoint.identityFile, ['another'])).toBe('k: it may not be used on server-1');
    expect(await problem(target(ssh(), { credentials: { detect: 'none', apply: 'none' } }))).toContain(
      'knows no credential of that name',
    );
    expect(await problem(target(ssh(), { credentials: { detect: 'reader', apply: 'reader' } }))).toBe(
      'reader: the target is reached over ssh and needs a private key',
    );
    const key = readFileSync(endpoint.identityFile, 'utf8');
    const open = join(home, 'open');
    writeFileSync(open, key);
    chmodSync(open, 0o644);
    expect(await problem(target(ssh()), open)).toContain('readable by others');
  });

  it('says that the account is refused, and that there is no PowerShell', async () => {
    const stranger = join(home, 'stranger');
    await ensureKeyPair(stranger);
    const refused = await look(target(ssh()), stranger);
    expect(refused.find(({ check }) => check === 'sign-in (apply)')).toMatchObject({
      state: 'failed',
      toDo: expect.stringContaining('Correct the credential'),
    });
    const bare = await startSshd({
      directory: join(home, 'bare'),
      host: '127.0.0.1',
      subsystem: '/bin/false',
      authorizedKeys: [await ensureKeyPair(endpoint.identityFile)],
    });
    try {
      const checks = await look(target(ssh({ port: bare.port, hostKey: bare.hostKey })));
      expect(states(checks)['sign-in (apply)']).toBe('failed');
    } finally {
      await bare.stop();
    }
  });

  it('looks at both credentials where reading and changing have different ones', async () => {
    const checks = await look(target(ssh(), { credentials: { detect: 'k', apply: 'none' } }));
    expect(states(checks)).toMatchObject({ 'sign-in (detect)': 'ok', 'credential (apply)': 'failed' });
    expect(states(checks)).not.toHaveProperty('sign-in (apply)');
  });
});

describe('a test of a domain', () => {
  const domain = (more: object = {}) =>
    target(
      { type: 'ldaps', servers: ['localhost'], port: (dc.address() as AddressInfo).port, caFingerprint: ca, ...more },
      { kind: 'domain', credentials: { detect: 'reader', apply: 'reader' } },
    );

  it('verifies the certificate by the pinned authority, and signs in', async () => {
    expect(states(await look(domain()))).toEqual({
      name: 'ok',
      port: 'ok',
      certificate: 'ok',
      'credential (apply)': 'ok',
      // No domain controller answers here: the laboratory has one.
      'sign-in (apply)': 'failed',
    });
  });

  it('refuses a certificate for another name, and an authority that nobody trusts', async () => {
    const other = await look(domain({ servers: ['127.0.0.1'] }));
    expect(other.find(({ check }) => check === 'certificate')).toMatchObject({ state: 'failed' });
    const unknown = await look(domain({ caFingerprint: '0'.repeat(64) }));
    expect(unknown.find(({ check }) => check === 'certificate')?.detail).toContain('no certificate in trustedCas');
  });
});
