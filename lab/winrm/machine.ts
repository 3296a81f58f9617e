import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Domain } from '../domain/index.js';
import { startWinRm, type WinRmDouble } from './index.js';
import { makeServiceAccount } from './service-account.js';

export interface WinRmMachine {
  readonly double: WinRmDouble;
  /** The service that it proves to be. */
  readonly spn: string;
}

/**
 * A machine of the domain behind the **double** of WinRM, with Kerberos over HTTP.
 * @param host its name in DNS, which nothing resolves: it listens on 127.0.0.1
 * @param server the program that serves PowerShell remoting
 */
export async function startWinRmMachine(
  directory: string,
  host: string,
  server: string,
  domain: Domain,
): Promise<WinRmMachine> {
  const spn = `host/${host}`;
  const keytab = join(domain.directory, `${host}.keytab`);
  await makeServiceAccount(domain, `winrm-${host.split('.')[0] ?? host}`, [spn], keytab);
  const config = join(domain.directory, `${host}.krb5.conf`);
  await writeFile(config, configOf(domain, host), { mode: 0o600 });
  const double = await startWinRm({ directory, address: '127.0.0.1', server: [server], kerberos: { keytab, config } });
  return { double, spn };
}

/** What the service needs to read tickets: nothing is looked up. */
const configOf = ({ realm, address }: Domain, host: string): string => `[libdefaults]
  default_realm = ${realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false

[realms]
  ${realm} = {
    kdc = ${address}
  }

[domain_realm]
  ${host} = ${realm}
`;
