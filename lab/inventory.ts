import type { Domain } from './domain/index.js';
import type { Estate } from './estate.js';
import type { Pc } from './pc/index.js';
import type { Sshd } from './sshd.js';
import type { SyncHost } from './sync/index.js';
import type { WinRmMachine } from './winrm/machine.js';

/** A target as `POST /v1/targets` takes it. */
export interface LabTarget {
  readonly name: string;
  readonly kind: 'pc' | 'server' | 'domain' | 'sync-host';
  readonly transport: Readonly<Record<string, unknown>>;
  readonly credentials: { readonly detect: string; readonly apply: string };
  readonly tier: number;
  readonly site: string;
  readonly tags: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The targets of what is up. */
export function inventoryOf(
  estate: Estate,
  servers: readonly (Domain | undefined)[],
  pcs: ReadonlyMap<string, Pc>,
  machines: ReadonlyMap<string, WinRmMachine>,
  linux: ReadonlyMap<string, Sshd>,
  sync: SyncHost | undefined,
): readonly LabTarget[] {
  const ssh = ({ host, port, user, hostKey }: Sshd) => ({ type: 'ssh', host, port, user, hostKey });
  const winrm = ({ double: { address: host, httpPort: port }, spn }: WinRmMachine) => ({
    ...{ type: 'winrm', host, port, auth: 'kerberos', spn },
  });
  const common = { site: 'lab', tags: ['lab'] };
  const { topology, verifiedDomains } = estate.domain;
  return [
    // One target a server: a job is pinned to the first server of its target.
    ...servers.flatMap((server, i): LabTarget[] =>
      server
        ? [
            {
              ...common,
              name: i === 0 ? estate.domain.name : `${estate.domain.name}-${i + 1}`,
              kind: 'domain',
              transport: {
                type: 'ldaps',
                servers: [server.address],
                port: server.port,
                caFingerprint: server.caFingerprint,
              },
              credentials: { detect: 'ad-reader', apply: 'ad-writer' },
              tier: 1,
              settings: { topology, verifiedDomains },
            },
          ]
        : [],
    ),
    ...[...pcs.values()].map((pc) => {
      const machine = machines.get(pc.name);
      return {
        ...common,
        name: pc.name,
        kind: 'pc' as const,
        transport: machine ? winrm(machine) : ssh(pc.sshd),
        credentials: machine
          ? { detect: 'winrm-reader', apply: 'winrm-writer' }
          : { detect: 'pc-reader', apply: 'pc-writer' },
        tier: 2,
        settings: { topology },
      };
    }),
    ...[...linux.entries()].map(([name, sshd]) => ({
      ...common,
      name,
      kind: 'server' as const,
      transport: ssh(sshd),
      credentials: { detect: 'linux-reader', apply: 'linux-writer' },
      tier: 2,
      settings: { topology },
    })),
    ...(sync
      ? [
          {
            ...common,
            name: estate.syncHost.name,
            kind: 'sync-host' as const,
            transport: ssh(sync.sshd),
            credentials: { detect: 'sync-reader', apply: 'sync-writer' },
            tier: 1,
            settings: { topology, directory: estate.domain.name },
          },
        ]
      : []),
  ];
}

/** The worker's credentials file for them. */
export function credentialsOf(
  inventory: readonly LabTarget[],
  estate: Estate,
  servers: readonly (Domain | undefined)[],
  machines: ReadonlyMap<string, WinRmMachine>,
  keys: { readonly read: string; readonly write: string },
) {
  const of = (kind: LabTarget['kind']) =>
    inventory.filter((target) => target.kind === kind && !machines.has(target.name)).map(({ name }) => name);
  const at = (account: string) => `${account}@${estate.domain.realm.toLowerCase()}`;
  const key = (path: string, use: string, kind: LabTarget['kind']) => ({
    reference: `secret://file${path}`,
    use: [use],
    targets: of(kind),
    tiers: [kind === 'sync-host' ? 1 : 2],
  });
  const account = (path: string, name: string, use: string) => ({
    reference: `secret://file${path}`,
    userName: at(name),
    // The laboratory's targets are reached over LDAPS. The tests of Kerberos have a target and credentials of their own.
    simpleBind: true,
    hosts: running.map(({ address }) => address),
    authorities: [...new Set(running.map(({ caFingerprint }) => caFingerprint))],
    use: [use],
    targets: of('domain'),
    tiers: [1],
  });
  const ticket = (path: string, name: string, use: string, kdc: string) => ({
    reference: `secret://file${path}`,
    principal: `${name}@${estate.domain.realm}`,
    kdcs: [kdc],
    hosts: [...machines.values()].map(
      ({ double, spn }) => `${spn.split('/')[1] ?? ''}@${double.address}:${double.httpPort}`,
    ),
    use: [use],
    targets: [...machines.keys()],
    tiers: [2],
  });
  const { reader, writer } = estate.domain.accounts;
  const running = servers.filter((one) => one !== undefined);
  const [domain] = running;
  return {
    credentials: {
      'pc-reader': key(keys.read, 'detect', 'pc'),
      'pc-writer': key(keys.write, 'apply', 'pc'),
      'linux-reader': key(keys.read, 'detect', 'server'),
      'linux-writer': key(keys.write, 'apply', 'server'),
      'sync-reader': key(keys.read, 'detect', 'sync-host'),
      'sync-writer': key(keys.write, 'apply', 'sync-host'),
      ...(domain
        ? {
            'ad-reader': account(domain.passwordFiles.reader, reader, 'detect'),
            'ad-writer': account(domain.passwordFiles.writer, writer, 'apply'),
          }
        : {}),
      ...(domain && machines.size > 0
        ? {
            'winrm-reader': ticket(domain.keytabs.reader, reader, 'detect', domain.address),
            'winrm-writer': ticket(domain.keytabs.writer, writer, 'apply', domain.address),
          }
        : {}),
    },
    trustedCas: domain ? [domain.caFile] : [],
  };
}
