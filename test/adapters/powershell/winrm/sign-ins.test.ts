import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeAuthority } from '../../../../lab/winrm/certificates.js';
import type { PowerShellHost } from '../../../../src/ports/powershell-host.js';
import type { WinRmPlace } from '../../../../src/ports/winrm-place.js';
import { aHost } from '../../../support/hosts.js';
import { resultIn } from '../../../support/phases.js';
import { ACCOUNT, aKerberosWinRm, aWinRm, type KerberosWinRm } from '../../../support/winrm.js';

const WHO = '[System.Environment]::GetEnvironmentVariable("WINRM_DOUBLE_USER")';
const WRONG = { userName: `${ACCOUNT.domain}\\${ACCOUNT.user}`, password: 'wrong' };
const PLAIN = { userName: ACCOUNT.user, password: ACCOUNT.password };
let endpoint: KerberosWinRm;
let host: PowerShellHost;
let close: () => Promise<void>;
const who = (place: WinRmPlace) => resultIn(host, place, WHO);
const refused = (code: string) => ({ kind: 'refused', code });
const as = (more: object) => endpoint.place(more);
const asTls = (more: object) => endpoint.tls(more);
const fingerprint = (path: string) =>
  createHash('sha256')
    .update(new X509Certificate(readFileSync(path)).raw)
    .digest('hex');

beforeAll(async () => {
  endpoint = await aKerberosWinRm('winrm-sign-ins');
  ({ host, close } = aHost());
});
afterAll(async () => {
  await close?.();
  await endpoint?.stop();
});

describe('signing in over WinRM', () => {
  it('with Kerberos, sealed on HTTP', async () => {
    expect(await who(await endpoint.kerberos())).toEqual([expect.stringMatching(/^svc-read@/)]);
  });

  it('with Kerberos on TLS, bound to its certificate', async () => {
    const credential = await endpoint.ticket('reader');
    expect(await who(asTls({ auth: 'kerberos', credential }))).toEqual([expect.stringMatching(/^svc-read@/)]);
  });

  it('with several identities at once in one process', async () => {
    const places = await Promise.all(
      (['reader', 'writer', 'reader', 'writer'] as const).map(async (name) =>
        endpoint.kerberos({ credential: await endpoint.ticket(name) }),
      ),
    );
    const names = await Promise.all(places.map(who));
    const of = (name: string) => [expect.stringContaining(`${name}@`)];
    expect(names).toEqual([of('svc-read'), of('svc-write'), of('svc-read'), of('svc-write')]);
  });

  it('with what both sides agree on, where that is asked for', async () => {
    const credential = await endpoint.ticket('writer');
    expect(await who(as({ auth: 'negotiate', credential }))).toEqual([expect.stringContaining('svc-write')]);
  });

  it('with a password where both sides agree on NTLM', async () => {
    const credential = { userName: `${ACCOUNT.domain}\\${ACCOUNT.user}`, password: ACCOUNT.password };
    for (const place of [as({ auth: 'negotiate', credential }), asTls({ auth: 'negotiate', credential })])
      expect(await who(place)).toEqual([expect.stringContaining(ACCOUNT.user)]);
  });

  it('with NTLM where that is asked for, sealed on HTTP and bound on TLS', async () => {
    for (const place of [as({}), asTls({})]) expect(await who(place)).toEqual([expect.stringContaining(ACCOUNT.user)]);
  });

  it('with Basic and with a certificate on TLS', async () => {
    expect(await resultIn(host, asTls({ auth: 'basic', credential: PLAIN }), "'in'")).toEqual(['in']);
    const credential = { certificateFile: endpoint.client.certificate, keyFile: endpoint.client.key };
    expect(await resultIn(host, asTls({ auth: 'certificate', credential }), "'in'")).toEqual(['in']);
  });

  it('is tied to a certificate with a signature of RSASSA-PSS', async () => {
    const authority = await makeAuthority(endpoint.directory, 'pss', 'pss');
    const pss = await aWinRm({ tls: await authority.issue('127.0.0.1') });
    const trust = { caFile: authority.caFile };
    const basic = { auth: 'basic', credential: PLAIN } as const;
    try {
      expect(await who(pss.tls({ trust }))).toEqual([expect.stringContaining(ACCOUNT.user)]);
      expect(await resultIn(host, pss.tls({ trust, ...basic }), "'in'")).toEqual(['in']);
    } finally {
      await pss.stop();
    }
  });

  it('trusts a certificate by its fingerprint alone', async () => {
    const trust = { sha256: fingerprint(endpoint.certificate.certificate) };
    expect(await resultIn(host, asTls({ trust }), "'in'")).toEqual(['in']);
  });
});

describe('what is refused at the sign-in', () => {
  it.each(['ntlm', 'negotiate'])('a wrong password: %s', async (auth) => {
    expect(await who(as({ auth, credential: WRONG }))).toMatchObject(refused('sign-in-refused'));
  });

  it('a wrong password: basic', async () => {
    expect(await who(asTls({ auth: 'basic', credential: WRONG }))).toMatchObject(refused('sign-in-refused'));
  });

  it('no ticket, and a cache that is none', async () => {
    const { config } = await endpoint.ticket('reader');
    const none = { cache: join(endpoint.directory, 'no-ticket'), config };
    expect(await who(as({ auth: 'kerberos', credential: none }))).toMatchObject(refused('credential-unavailable'));
    writeFileSync(join(endpoint.directory, 'garbage'), 'garbage', { mode: 0o600 });
    const garbage = { cache: join(endpoint.directory, 'garbage'), config };
    expect(await who(as({ auth: 'kerberos', credential: garbage }))).toMatchObject(refused('credential-unavailable'));
  });

  it('a service that the domain does not know', async () => {
    const place = await endpoint.kerberos({ spn: 'host/web1.contoso.test' });
    expect(await who(place)).toMatchObject(refused('kerberos-server-unknown'));
  });

  it('a KDC that does not answer, which may heal', async () => {
    const ticket = await endpoint.ticket('reader');
    const config = join(endpoint.directory, 'no-kdc.conf');
    const text = readFileSync(ticket.config, 'utf8').replaceAll(endpoint.domain.address, '127.0.77.1');
    writeFileSync(config, text);
    const place = await endpoint.kerberos({
      spn: 'host/elsewhere.contoso.test',
      credential: { ...ticket, config },
    });
    expect(await who(place)).toMatchObject({ kind: 'unreachable', code: 'kdc-unreachable' });
  });

  it.each(['basic', 'certificate'])('%s without TLS, before anything is sent', async (auth) => {
    const before = endpoint.double.requests().length;
    const credential =
      auth === 'basic' ? PLAIN : { certificateFile: endpoint.client.certificate, keyFile: endpoint.client.key };
    // A port that answers nobody: there is no connection either.
    expect(await who(as({ auth, credential, port: 1 }))).toMatchObject(refused('insecure-transport'));
    expect(endpoint.double.requests()).toHaveLength(before);
  });

  it('a certificate of a client that the target does not take', async () => {
    const other = await endpoint.authority.issue('stranger', 'clientAuth');
    const credential = { certificateFile: other.certificate, keyFile: other.key };
    expect(await who(asTls({ auth: 'certificate', credential }))).toMatchObject(refused('sign-in-refused'));
  });

  it('a file of a certificate or a key that is not there', async () => {
    const credential = { certificateFile: '/nowhere', keyFile: '/nowhere' };
    expect(await who(asTls({ auth: 'certificate', credential }))).toMatchObject(refused('credential-unavailable'));
    expect(await who(asTls({ trust: { caFile: '/nowhere' } }))).toMatchObject(refused('certificate-not-trusted'));
  });

  it('a certificate of another authority, name or fingerprint', async () => {
    const { caFile } = await makeAuthority(endpoint.directory, 'other');
    expect(await who(asTls({ trust: { caFile } }))).toMatchObject(refused('certificate-not-trusted'));
    expect(await who(asTls({ trust: { sha256: '0'.repeat(64) } }))).toMatchObject(refused('certificate-not-trusted'));
    const named = await aWinRm({ tls: await endpoint.authority.issue('web1.contoso.test') });
    try {
      const trust = { caFile: endpoint.authority.caFile };
      expect(await who(named.tls({ trust }))).toMatchObject(refused('certificate-not-trusted'));
    } finally {
      await named.stop();
    }
  });

  it('a certificate that names where its authority could be had: nobody is asked', async () => {
    let asked = 0;
    const elsewhere = createServer((_, response) => {
      asked += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const strange = await makeAuthority(endpoint.directory, 'strange');
    const more = `authorityInfoAccess=caIssuers;URI:http://127.0.0.1:${port}/authority`;
    const other = await aWinRm({ tls: await strange.issue('127.0.0.1', 'serverAuth', more) });
    try {
      // The server asks for the chain of its own certificate when it starts.
      asked = 0;
      const places = [{ caFile: endpoint.authority.caFile }, { sha256: '0'.repeat(64) }];
      for (const trust of places)
        expect(await who(other.tls({ trust }))).toMatchObject(refused('certificate-not-trusted'));
      expect(asked).toBe(0);
    } finally {
      await other.stop();
      elsewhere.close();
    }
  });

  it.each(['HTTP/1.1 2\0\0 x\r\n\r\n', `HTTP/1.1 200 OK\r\nA\0B: ${'x'.repeat(40_000)}\r\n\r\n`])(
    'words of whoever answers at the port, which can be stored: %j',
    async (answer) => {
      const server = createTcpServer((socket) => socket.on('error', () => undefined).end(answer)).listen(
        0,
        '127.0.0.1',
      );
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        const failure = (await who(as({ host: '127.0.0.1', port }))) as { kind: string; detail: string };
        expect(failure).toMatchObject({ kind: expect.stringMatching(/^(refused|unreachable)$/) });
        expect(failure.detail.length).toBeLessThanOrEqual(4096);
        expect(failure.detail).not.toContain('\0');
      } finally {
        server.close();
      }
    },
  );

  it.each([
    { host: 'host name' },
    { host: '-v' },
    { host: 'a/../b' },
    { spn: 'host/a b' },
    { configurationName: '../x' },
    { port: 0 },
    { maxEnvelope: 1 },
    { operationTimeoutMs: 0 },
    { credential: { userName: 'a:b', password: 'x' } },
    { credential: { userName: 'a', password: '' } },
    { auth: 'none' },
  ])('a value that is not of its kind: %j', async (more) => {
    expect(await who(as(more))).toMatchObject({ kind: 'refused' });
  });
});

describe('a target that does not offer what is asked for', () => {
  it('is not signed in to with NTLM instead of Kerberos', async () => {
    const offers = await aWinRm({ schemes: ['Negotiate'] });
    try {
      const credential = await endpoint.ticket('reader');
      const place = offers.place({
        auth: 'kerberos',
        credential,
        spn: `host/${endpoint.double.address}`,
      });
      expect(await who(place)).toMatchObject({
        ...refused('sign-in-refused'),
        detail: expect.stringContaining('Negotiate'),
      });
      expect(offers.double.requests()).toEqual([]);
    } finally {
      await offers.stop();
    }
  });

  it('whose clock differs by ten minutes refuses the ticket', async () => {
    const { config } = await endpoint.ticket('reader');
    const keytab = join(endpoint.directory, 'winrm.keytab');
    writeFileSync(keytab, readFileSync(endpoint.keytab), { mode: 0o600 });
    const late = await aWinRm({ address: endpoint.double.address, clock: '+10m', kerberos: { keytab, config } });
    try {
      const place = late.place({
        auth: 'kerberos',
        credential: await endpoint.ticket('reader'),
      });
      expect(await who(place)).toMatchObject(refused('sign-in-refused'));
    } finally {
      await late.stop();
    }
  });
});
