import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../../src/domain/digest.js';
import type { Target, WinRmTransport } from '../../../../src/domain/target.js';
import { testTarget } from '../../../../src/installation/target-test/index.js';
import { INSTALL_ROOT } from '../../../../src/platform/install-root.js';
import { readConfig } from '../../../../src/processes/config.js';
import { ACCOUNT, aKerberosWinRm, type KerberosWinRm } from '../../../support/winrm.js';

/** `fixpoint target test` of a machine over WinRM: what is missing is named, with the next step of its code. */
let home: string;
let endpoint: KerberosWinRm;
beforeAll(async () => {
  home = mkdtempSync('/tmp/fxt-');
  endpoint = await aKerberosWinRm('winrm-test');
});
afterAll(async () => {
  await endpoint?.stop();
  rmSync(home, { recursive: true, force: true });
});

const fingerprintOf = (path: string) => sha256(new X509Certificate(readFileSync(path)).raw);
const kerberos = (more: Partial<WinRmTransport> = {}): WinRmTransport => {
  const { address, httpPort } = endpoint.double;
  return { type: 'winrm', host: address, port: httpPort, auth: 'kerberos', spn: `host/${address}`, ...more };
};
const tls = (more: Partial<WinRmTransport> = {}): WinRmTransport => ({
  ...{ type: 'winrm', host: endpoint.double.address, port: endpoint.double.tlsPort, auth: 'ntlm' },
  tls: { pinned: 'authority', fingerprint: fingerprintOf(endpoint.authority.caFile) },
  configurationName: 'PowerShell.7',
  ...more,
});

/** The checks of a target whose two credentials are this one, as `name: state`, and what they say. */
async function look(transport: WinRmTransport, credential: string) {
  const { domain, double, client, authority } = endpoint;
  writeFileSync(join(home, 'password'), ACCOUNT.password, { mode: 0o600 });
  writeFileSync(join(home, 'wrong'), 'wrong', { mode: 0o600 });
  const at = (port: number) => `${double.address}:${port}`;
  const hosts = [at(double.httpPort), at(double.tlsPort), at(9), `127.0.0.1@${at(double.httpPort)}`];
  const scope = { use: ['detect', 'apply'], targets: ['pc-1'], tiers: [2], hosts };
  const userName = `${ACCOUNT.domain}\\${ACCOUNT.user}`;
  const file = (path: string) => ({ reference: `secret://file${path}`, ...scope });
  const credentials = {
    ticket: {
      ...file(domain.keytabs.reader),
      ...{ principal: `svc-read@${domain.realm}`, kdcs: [domain.address] },
    },
    password: { ...file(join(home, 'password')), userName, ntlm: true },
    basic: { ...file(join(home, 'password')), userName: ACCOUNT.user, basic: true },
    wrong: { ...file(join(home, 'wrong')), userName, ntlm: true },
    certificate: { ...file(client.key), certificate: client.certificate },
  };
  const whole = { credentials, trustedCas: [authority.caFile] };
  writeFileSync(join(home, 'credentials.json'), JSON.stringify(whole), { mode: 0o600 });
  const settings = readConfig({ FIXPOINT_HOME: home }, INSTALL_ROOT);
  if (!settings.ok) throw new Error(JSON.stringify(settings.error));
  const target: Target = {
    ...{ id: '01890000-0000-7000-8000-000000000001', name: 'pc-1', kind: 'pc', transport },
    credentials: { detect: credential, apply: credential },
    ...{ tier: 2, site: 'main', tags: [], settings: {} },
  };
  const checks = await testTarget(settings.value, target, () => undefined);
  return {
    states: Object.fromEntries(checks.map(({ check, state }) => [check, state])),
    failed: checks.filter(({ state }) => state === 'failed'),
  };
}

const SESSION = { 'sign-in (apply)': 'ok', PowerShell: 'ok', 'language mode': 'ok', clock: 'ok' };

describe('a test of a WinRM target', () => {
  it('finds everything that a job needs, with Kerberos over HTTP', async () => {
    const { states, failed } = await look(kerberos(), 'ticket');
    expect(failed).toEqual([]);
    expect(states).toMatchObject({ name: 'ok', port: 'ok', 'credential (apply)': 'ok', ...SESSION });
  });

  it.each<[string, Partial<WinRmTransport>, string]>([
    ['a password and an authority', {}, 'password'],
    ['Basic', { auth: 'basic' }, 'basic'],
    ['a certificate of the account', { auth: 'certificate' }, 'certificate'],
  ])('finds everything over TLS with %s', async (_, more, credential) => {
    const { states, failed } = await look(tls(more), credential);
    expect(failed).toEqual([]);
    expect(states).toMatchObject({ certificate: 'ok', ...SESSION });
  });

  it('takes the certificate that is pinned, and no other', async () => {
    const fingerprint = fingerprintOf(endpoint.certificate.certificate);
    expect((await look(tls({ tls: { pinned: 'certificate', fingerprint } }), 'password')).failed).toEqual([]);
    const { states, failed } = await look(
      tls({ tls: { pinned: 'certificate', fingerprint: '0'.repeat(64) } }),
      'password',
    );
    expect(states).not.toHaveProperty('sign-in (apply)');
    expect(failed[0]).toMatchObject({
      check: 'certificate',
      detail: expect.stringContaining(fingerprint),
      toDo: expect.stringContaining('find out who answers in its place'),
    });
  });

  it('does not sign in where the certificate is not from the pinned authority', async () => {
    const fingerprint = fingerprintOf(endpoint.client.certificate);
    const { states, failed } = await look(tls({ tls: { pinned: 'authority', fingerprint } }), 'password');
    expect([states, failed[0]?.detail]).toEqual([
      expect.not.objectContaining({ 'sign-in (apply)': expect.anything() }),
      expect.stringContaining('no certificate in trustedCas'),
    ]);
  });

  it.each<[string, Partial<WinRmTransport>, string]>([
    ['no such session configuration', { configurationName: 'Missing' }, 'Register the session configuration'],
    ['a session configuration that is closed', { configurationName: 'Denied' }, 'Remote Management Users'],
    ['as many shells as are allowed', { configurationName: 'Quota' }, 'sessions that others left open'],
    ['a service that the KDC does not know', { spn: 'HTTP/127.0.0.1' }, 'add the SPN'],
    ['a port on which nothing listens', { port: 9 }, 'firewalls'],
  ])('says what is missing: %s', async (_, more, next) => {
    const { failed } = await look(kerberos(more), 'ticket');
    expect(failed).toEqual([expect.objectContaining({ toDo: expect.stringContaining(next) })]);
  });

  it('says that the password is refused', async () => {
    const { failed } = await look(tls(), 'wrong');
    expect(failed).toEqual([expect.objectContaining({ check: 'sign-in (apply)' })]);
    expect(failed[0]?.toDo).toContain('credential');
  });
});
