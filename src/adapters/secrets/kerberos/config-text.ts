import { isIP } from 'node:net';
import { bracketedHost } from '../../../platform/address.js';

/** AES with SHA-1 and with SHA-2: what is older can be found by trying, or was withdrawn. */
const ENCRYPTION =
  'aes256-cts-hmac-sha384-192 aes128-cts-hmac-sha256-128 aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96';

/** What the configuration of one identity is made of. */
export interface Realm {
  readonly name: string;
  readonly kdcs: readonly string[];
  /** Hosts whose services are of this realm; `.contoso.test` stands for all that end so. */
  readonly hosts: readonly string[];
}

/** Whether a text can stand in the configuration as a host, or with a dot before it as a domain of hosts. */
export const isPlainHost = (host: string): boolean => /^\.?[A-Za-z0-9:][A-Za-z0-9._:-]*$/.test(host);

/**
 * The krb5.conf of one realm. Nothing is looked up in DNS: neither where the KDCs are nor what a server is really called, so that the name
 * of the inventory is the name that a server has to prove. With `kdc_timesync` a wrong clock would be hidden in the ticket.
 */
export function configText({ name, kdcs, hosts }: Realm): string {
  return `[libdefaults]
  default_realm = ${name}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  dns_uri_lookup = false
  rdns = false
  qualify_shortname = ""
  udp_preference_limit = 1
  kdc_timesync = 0
  forwardable = false
  proxiable = false
  allow_weak_crypto = false
  permitted_enctypes = ${ENCRYPTION}

[realms]
  ${name} = {
${kdcs.map((kdc) => `    kdc = ${bracketedHost(kdc)}\n`).join('')}  }

[domain_realm]
${hosts
  .filter((host) => isIP(host) === 0)
  .map((host) => `  ${host.toLowerCase()} = ${name}\n`)
  .join('')}`;
}
