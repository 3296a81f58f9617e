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
  /** Our own tests and tour only, with FIXPOINT_ALLOW_LOCAL=1. */
  | { readonly type: 'local' };

/** Which transports a kind of target may have (RULES 3). */
export const TRANSPORTS: Readonly<Record<TargetKind, readonly Transport['type'][]>> = {
  pc: ['ssh', 'local'],
  server: ['ssh', 'local'],
  'sync-host': ['ssh', 'local'],
  'federation-farm': ['ssh', 'local'],
  'proxy-array': ['ssh', 'local'],
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
