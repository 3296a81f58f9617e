import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { domainTemplate, reserveAddress, startDomain, type Domain } from '../../lab/domain/index.js';
import { ESTATE_FILE, readEstate } from '../../lab/estate.js';
import { labHome } from '../../lab/home.js';
import { makeAuthority, type Authority, type Leaf } from '../../lab/winrm/certificates.js';
import { startWinRm, type WinRmDouble, type WinRmOptions } from '../../lab/winrm/index.js';
import { makeServiceAccount } from '../../lab/winrm/service-account.js';
import { createTickets } from '../../src/adapters/secrets/kerberos/tickets.js';
import type { KerberosTicket } from '../../src/ports/powershell-host.js';
import type { WinRmPlace } from '../../src/ports/winrm-place.js';
import { ENGINE } from './hosts.js';
import { labHomeOf } from './lab-home.js';

/** The real PSRP server behind the double: the bundled engine. */
export const PSRP_SERVER: readonly string[] = [join(ENGINE, 'linux-x64', 'fixpoint-pwsh'), '-sshs'];

/** An account of the double's own, which NTLM and Basic know. */
export const ACCOUNT = { domain: 'CONTOSO', user: 'svc-winrm', password: 'p;ss "w&rd"<é>' } as const;

export interface WinRmEndpoint {
  readonly double: WinRmDouble;
  readonly directory: string;
  readonly authority: Authority;
  readonly certificate: Leaf;
  readonly client: Leaf;
  /** NTLM with the account, sealed, without TLS, unless something else is said. */
  place(more?: Partial<WinRmPlace>): WinRmPlace;
  /** The same with TLS and the authority. */
  tls(more?: Partial<WinRmPlace>): WinRmPlace;
  stop(): Promise<void>;
}

/** A double of WinRM with TLS, NTLM, Basic and a certificate of a client; with a domain also Kerberos (`startKerberos`). */
export async function aWinRm(options: Partial<WinRmOptions> = {}): Promise<WinRmEndpoint> {
  const directory = mkdtempSync('/tmp/fxw-');
  const address = options.address ?? '127.0.0.1';
  const authority = await makeAuthority(directory, 'winrm');
  const certificate = await authority.issue(address);
  const client = await authority.issue('worker', 'clientAuth');
  const double = await startWinRm({
    directory: join(directory, 'double'),
    address,
    server: PSRP_SERVER,
    tls: certificate,
    ntlm: ACCOUNT,
    basic: `${ACCOUNT.user}:${ACCOUNT.password}`,
    clientCertificate: client.certificate,
    ...options,
  });
  const credential = { userName: `${ACCOUNT.domain}\\${ACCOUNT.user}`, password: ACCOUNT.password };
  const base = { kind: 'winrm', host: address, auth: 'ntlm', credential, configurationName: 'PowerShell.7' } as const;
  const place = (more: Partial<WinRmPlace> = {}) =>
    ({ ...base, port: double.httpPort, tls: false, ...more }) as WinRmPlace;
  return {
    double,
    directory,
    authority,
    certificate,
    client,
    place,
    tls: (more = {}) => place({ port: double.tlsPort, tls: true, trust: { caFile: authority.caFile }, ...more }),
    async stop() {
      await double.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface KerberosWinRm extends WinRmEndpoint {
  readonly domain: Domain;
  /** Its own keys. */
  readonly keytab: string;
  /** A ticket of one of the domain's two accounts. */
  ticket(who: 'reader' | 'writer'): Promise<KerberosTicket>;
  /** The reader's ticket, sealed, without TLS, unless something else is said. */
  kerberos(more?: Partial<WinRmPlace>): Promise<WinRmPlace>;
}

/** The double as a machine of a domain of its own (Samba), with the SPN `host/<address>`. */
export async function aKerberosWinRm(name: string, options: Partial<WinRmOptions> = {}): Promise<KerberosWinRm> {
  const home = labHome(labHomeOf(name));
  const estate = await readEstate();
  const domain = await startDomain(home, estate, await domainTemplate(home, estate, ESTATE_FILE));
  const { address, release } = await reserveAddress();
  const folder = mkdtempSync('/tmp/fxt-');
  const tickets = createTickets({ runtimeDirectory: folder, searchPath: process.env.PATH });
  const ticket = async (who: 'reader' | 'writer') => {
    const principal = `svc-${who === 'reader' ? 'read' : 'write'}@${domain.realm}`;
    const secret = { kind: 'keytab', path: domain.keytabs[who] } as const;
    const servers = { kdcs: [domain.address], hosts: [address] };
    const got = await tickets.get({ principal, reference: who, secret, ...servers });
    if (!got.ok) throw new Error(JSON.stringify(got.error));
    return got.value;
  };
  const keytab = join(folder, 'winrm.keytab');
  await makeServiceAccount(domain, 'winrm-host', [`host/${address}`], keytab);
  const { config } = await ticket('reader');
  const endpoint = await aWinRm({ address, kerberos: { keytab, config }, ...options });
  return {
    ...endpoint,
    domain,
    keytab,
    ticket,
    kerberos: async (more = {}) =>
      endpoint.place({ auth: 'kerberos', credential: await ticket('reader'), ...more } as Partial<WinRmPlace>),
    async stop() {
      await endpoint.stop();
      await domain.stop();
      await release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
