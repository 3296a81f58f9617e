import type { ValueObject } from './canonical.js';
import { targetDigest } from './digest.js';
import type { TargetKind } from './manifest.js';

export type Transport =
  | {
      readonly type: 'ssh';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly hostKey: string;
    }
  | {
      readonly type: 'ldaps';
      readonly servers: readonly string[];
      readonly port: number;
      readonly caFingerprint: string;
    }
  /** A directory over LDAP that Kerberos signs and seals. Each server is proven by its Kerberos key, and there is no other sign-in. */
  | {
      readonly type: 'ldap';
      readonly servers: readonly string[];
      readonly port: number;
    }
  | WinRmTransport
  /** Our own tests and tour only, with FIXPOINT_ALLOW_LOCAL=1. */
  | { readonly type: 'local' };

/** How a worker signs in over WinRM. Nothing falls from one to another: `kerberos` never becomes NTLM. */
export const WINRM_AUTHS = ['kerberos', 'negotiate', 'ntlm', 'basic', 'certificate'] as const;
export type WinRmAuth = (typeof WINRM_AUTHS)[number];

/** PowerShell remoting over WS-Management, which Windows has built in (docs/guides/windows-targets.md). */
export interface WinRmTransport {
  readonly type: 'winrm';
  /** Its full DNS name, which Kerberos and the certificate prove. An address only with `spn` or a pinned certificate. */
  readonly host: string;
  /** 5985, and with TLS 5986, as Windows has them. */
  readonly port: number;
  readonly auth: WinRmAuth;
  /** Absent: HTTP, on which the sign-in encrypts every message. */
  readonly tls?: {
    /** What the fingerprint is of: the authority that signed the certificate of the machine, or that certificate itself. */
    readonly pinned: 'authority' | 'certificate';
    /** SHA-256 of its DER, lower-case hex. */
    readonly fingerprint: string;
  };
  /** The service that the machine proves to be; `host/<host>` when absent. */
  readonly spn?: string;
  /** The session configuration, such as that of a JEA endpoint; Windows PowerShell 5.1 (`Microsoft.PowerShell`) when absent. */
  readonly configurationName?: string;
}

/** Which transports a kind of target may have (RULES 3). */
export const TRANSPORTS: Readonly<Record<TargetKind, readonly Transport['type'][]>> = {
  pc: ['ssh', 'winrm', 'local'],
  server: ['ssh', 'winrm', 'local'],
  'sync-host': ['ssh', 'winrm', 'local'],
  'federation-farm': ['ssh', 'winrm', 'local'],
  'proxy-array': ['ssh', 'winrm', 'local'],
  domain: ['ldaps', 'ldap'],
  'dns-zone': [],
  tenant: [],
};

/** How a directory is reached. */
export type DirectoryTransport = Extract<Transport, { type: 'ldaps' | 'ldap' }>;

/** The transport of a target that is a directory. */
export function directoryOf(transport: Transport): DirectoryTransport | undefined {
  return transport.type === 'ldaps' || transport.type === 'ldap' ? transport : undefined;
}

/** By what one machine is known, however it is named: two entries for one machine would not exclude one another's jobs. */
export function machineOf({ transport }: Pick<Target, 'transport'>): string | undefined {
  // An address may stand for any machine: the SPN says which one proves itself there.
  if (transport.type === 'winrm') return `winrm ${hostOfSpn(transport) ?? plainHost(transport.host)}`;
  return transport.type === 'ssh' ? transport.hostKey : undefined;
}

/** The machine that an SPN names; undefined where none is given. */
export const hostOfSpn = ({ spn }: Pick<WinRmTransport, 'spn'>): string | undefined => {
  const host = spn?.split(/[/:]/)[1];
  return host === undefined ? undefined : plainHost(host);
};

/** Lower case, without the dot of the root; an IPv6 address in its short form. */
function plainHost(host: string): string {
  if (host.includes(':') && URL.canParse(`http://[${host}]`)) return new URL(`http://[${host}]`).hostname.slice(1, -1);
  return host.toLowerCase().replace(/\.$/, '');
}

/** Four numbers without leading zeros: other forms are other names of the same machine. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Why the members of a transport do not go together; undefined where they do. */
export function transportProblem(transport: Transport): string | undefined {
  if (transport.type !== 'winrm') return undefined;
  const { host, auth, tls, spn } = transport;
  if (!tls && (auth === 'basic' || auth === 'certificate'))
    return `the sign-in ${auth} is for TLS alone: pin an authority or a certificate`;
  if (host.includes('%') || host.includes('..'))
    return `${host} is no name or address of WinRM: it has no zone and no empty part`;
  const isAddress = host.includes(':') || IPV4.test(host);
  if (!isAddress && /^(0x[0-9a-f]+|\d+)$/i.test(host.split('.').at(-1) ?? ''))
    return `${host} is no name: write an IPv4 address as four numbers`;
  if (isAddress && plainHost(host).startsWith('::ffff:')) return `write ${host} as an IPv4 address`;
  if (!isAddress && spn !== undefined && hostOfSpn(transport) !== plainHost(host))
    return `the SPN ${spn} is of another machine than ${host}: name the machine as the domain knows it`;
  if (!isAddress && auth === 'kerberos' && !host.includes('.'))
    return `Kerberos proves full DNS names, and ${host} is a short one`;
  if (isAddress && (auth === 'kerberos' || auth === 'negotiate') && spn === undefined)
    return `Kerberos proves names, and ${host} is an address: use the full DNS name, or add the SPN`;
  if (isAddress && tls?.pinned === 'authority')
    return `an authority proves names, and ${host} is an address: use the full DNS name, or pin the certificate`;
  return undefined;
}

/** A machine, a domain, a tenant or a zone of the inventory. */
export interface Target {
  readonly id: string;
  readonly name: string;
  readonly kind: TargetKind;
  readonly transport: Transport;
  /** Names only: the worker's own file maps and scopes them. */
  readonly credentials: { readonly detect: string; readonly apply: string };
  /** 0 is the most privileged: domain controllers, our own hosts. Denied to the helpdesk. */
  readonly tier: 0 | 1 | 2;
  readonly site: string;
  readonly tags: readonly string[];
  /** Facts that the engine supplies to runbooks: `topology`, `verifiedDomains`. `directory`: the domain target that a sync host serves. `pool`: see `poolOf`. */
  readonly settings: ValueObject;
}

/** How a pool of workers is named. */
export const POOL_PATTERN = '^[a-z0-9-]{1,40}$';

/** The pool whose workers take the jobs on this target. @param otherwise where its settings name none */
export function poolOf({ settings }: Pick<Target, 'settings'>, otherwise: string): string {
  return typeof settings.pool === 'string' ? settings.pool : otherwise;
}

/** The servers that a phase of a directory runbook may sign in to: those of the transport, and the global catalog that the settings name. */
export function directoryServers({ transport, settings }: Pick<Target, 'transport' | 'settings'>): readonly string[] {
  const servers = directoryOf(transport)?.servers ?? [];
  const { globalCatalog } = settings;
  return typeof globalCatalog === 'string' && !servers.includes(globalCatalog) ? [...servers, globalCatalog] : servers;
}

/** The digest of everything about a target that a grant binds; a later edit of the inventory changes it. */
export function digestOfTarget(target: Target): string {
  const { id, name, kind, transport, credentials, tier, site, tags, settings } = target;
  return targetDigest({ id, name, kind, transport, credentials, tier, site, tags, settings });
}
