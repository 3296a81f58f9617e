import { directoryServers, hostOfSpn, type Target, type WinRmTransport } from '../../domain/target.js';
import { bracketedHost } from '../../platform/address.js';
import { fingerprintOf } from '../../platform/host-key.js';
import type { CredentialEntry } from './credentials-file.js';

/** Where a credential of a target goes, and by what the other end proves itself. */
export interface Ends {
  readonly hosts: readonly string[];
  /** Fingerprints: of the pinned authority, of the pinned host key. None where Kerberos proves the server. */
  readonly authorities: readonly string[];
}

export function endsOf(target: Target): Ends {
  const { transport } = target;
  switch (transport.type) {
    case 'ssh':
      return { hosts: [transport.host], authorities: [fingerprintOf(transport.hostKey)] };
    case 'winrm':
      return { hosts: [winRmEnd(transport)], authorities: transport.tls ? [transport.tls.fingerprint] : [] };
    case 'ldaps':
      return { hosts: directoryServers(target), authorities: [transport.caFingerprint] };
    case 'ldap':
      return { hosts: directoryServers(target), authorities: [] };
    case 'local':
      return { hosts: [], authorities: [] };
  }
}

/**
 * A machine over WinRM as one end: `host`, with a port that is not that of Windows `host:port`, and where another name is proved there
 * `name@host`. In parts, a ticket for one machine could be brought to another that the entry names, or to whoever has a port of it.
 */
function winRmEnd(transport: WinRmTransport): string {
  const { host, port, tls } = transport;
  const proven = hostOfSpn(transport);
  const name = proven === undefined || proven === plain(host) ? '' : `${proven}@`;
  return `${name}${port === (tls ? 5986 : 5985) ? host : `${bracketedHost(host)}:${port}`}`;
}

/**
 * Why a credential may not go where the row of a target says; undefined where it may. The row is in the database, the entry is not:
 * whoever rewrites the row must not be able to bring a secret to a machine of their own.
 * @param needed whether a secret that signs in by name must say where it goes (in production); an SSH key is never sent
 */
export function outsideEnds(
  entry: Pick<CredentialEntry, 'hosts' | 'authorities' | 'userName' | 'principal' | 'certificate'>,
  target: Target,
  needed: boolean,
): string | undefined {
  const isNamed = [entry.userName, entry.principal, entry.certificate].some((account) => account !== undefined);
  const isNeeded = needed && isNamed;
  if (!isNeeded && entry.hosts === undefined && entry.authorities === undefined) return undefined;
  const { hosts, authorities } = endsOf(target);
  if ((isNeeded || entry.authorities !== undefined) && isUnproven(target))
    return 'it may not be used over HTTP, where NTLM does not prove the host: give the target TLS, or Kerberos';
  if (entry.hosts === undefined && isNeeded) return `it names no hosts. ${HOW}`;
  const host = hosts.find((one) => entry.hosts?.every((allowed) => plain(allowed) !== plain(one)) === true);
  if (host !== undefined) return `it may not be used with the host ${host}`;
  if (entry.authorities === undefined && isNeeded && authorities.length > 0) return `it names no authorities. ${HOW}`;
  const authority = authorities.find((one) => entry.authorities?.includes(one) === false);
  return authority === undefined ? undefined : `it may not be used with the authority or host key ${authority}`;
}

/** Whether a machine is signed in to without proving itself: who answers in its place could pass the sign-in on to another. */
const isUnproven = ({ transport }: Target): boolean =>
  transport.type === 'winrm' && !transport.tls && transport.auth !== 'kerberos';

const HOW = 'Production needs them: `fixpoint credential add <name> --replace` with --host and --authority names them';

/** Names of hosts differ in case without meaning, and by the dot of the root. */
const plain = (host: string): string => host.toLowerCase().replace(/\.$/, '');
