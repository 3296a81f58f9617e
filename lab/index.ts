import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { domainTemplate, startDomain, type Domain } from './domain/index.js';
import { pairTemplate, startSecond, type SecondServer } from './domain/second.js';
import { ESTATE_FILE, readEstate, type Estate } from './estate.js';
import { labHome } from './home.js';
import { endProcessesOf, startPc, type Pc } from './pc/index.js';
import { furnish } from './pc/furnish.js';
import { end, isAlive, own, type Owned } from './processes.js';
import { run } from './run.js';
import { ensureKeyPair, startSshd, type Sshd } from './sshd.js';
import { startSyncHost, type SyncHost } from './sync/index.js';

export interface LabOptions {
  /** The home of the installation; the laboratory is in `lab` below it. */
  readonly home: string;
  readonly engineDirectory: string;
  readonly log: (message: string) => void;
  /** Which parts to start; all but `second` by default. `sync` and `second` (a second directory server) need `domain`. */
  readonly parts?: readonly ('domain' | 'second' | 'pcs' | 'linux' | 'sync')[];
  /** Names of the Linux endpoints; those of the estate by default. */
  readonly linux?: readonly string[];
}

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

export interface Lab {
  readonly estate: Estate;
  readonly inventory: readonly LabTarget[];
  /** The worker's credentials file for this estate. */
  readonly credentialsFile: string;
  readonly domain: Domain | undefined;
  readonly second: SecondServer | undefined;
  readonly pcs: ReadonlyMap<string, Pc>;
  readonly linux: ReadonlyMap<string, Sshd>;
  /** A double: see lab/sync. */
  readonly sync: SyncHost | undefined;
  stop(): Promise<void>;
}

const NEEDED: readonly (readonly [program: string, packages: string])[] = [
  ['/usr/sbin/sshd', 'openssh-server'],
  ['/usr/bin/ssh', 'openssh-client'],
  ['/usr/sbin/samba', 'samba samba-ad-provision samba-dsdb-modules samba-vfs-modules python3-samba'],
  ['/usr/lib/wine/wine64', 'wine64 wine'],
  ['/usr/share/samba/setup/ad-schema', 'samba-ad-provision'],
];

/** Starts the whole estate on loopback addresses. What an earlier start left behind is ended first. */
export async function startLab(options: LabOptions): Promise<Lab> {
  // Its machines have users of their own, who read what is made here.
  const before = process.umask(0o022);
  try {
    return await startEstate(options);
  } finally {
    process.umask(before);
  }
}

async function startEstate({
  home,
  engineDirectory,
  log,
  parts = ['domain', 'pcs', 'linux', 'sync'],
  linux: endpoints,
}: LabOptions): Promise<Lab> {
  const missing = NEEDED.filter(([path]) => !existsSync(path)).map(([, packages]) => packages);
  if (missing.length > 0) {
    throw new Error(
      `The laboratory needs these Debian packages: apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  await labDown(home);
  const folder = labHome(home);
  const estate = await readEstate();
  const keys = { read: join(folder, 'key-read'), write: join(folder, 'key-write') };
  const authorizedKeys = [await ensureKeyPair(keys.read), await ensureKeyPair(keys.write)];
  const owned: Owned[] = [];
  const remember = async (what: string, pid: number) => {
    owned.push(await own(what, pid));
    await writeFile(join(folder, 'state.json'), JSON.stringify(owned, null, 2));
  };
  const pcs = new Map<string, Pc>();
  const linux = new Map<string, Sshd>();
  let domain: Domain | undefined;
  let second: SecondServer | undefined;
  let sync: SyncHost | undefined;
  try {
    if (parts.includes('linux')) {
      const names = endpoints ?? estate.linux.map(({ name }) => name);
      log(`starting ${names.length} Linux endpoints`);
      for (const name of names) {
        const subsystem = `${join(engineDirectory, 'linux-x64', 'fixpoint-pwsh')} -sshs`;
        const sshd = await startSshd({
          directory: join(folder, 'linux', name),
          host: '127.0.0.1',
          subsystem,
          authorizedKeys,
        });
        await remember(name, sshd.pid);
        linux.set(name, sshd);
      }
    }
    if (parts.includes('domain')) {
      log('starting the domain (Samba AD DC)');
      if (parts.includes('second')) {
        const pair = await pairTemplate(folder, estate, ESTATE_FILE);
        domain = await startDomain(folder, estate, pair);
        await remember('domain', domain.pid);
        second = await startSecond(folder, estate, domain, pair);
        await remember('domain, second server', second.pid);
      } else {
        domain = await startDomain(folder, estate, await domainTemplate(folder, estate, ESTATE_FILE));
        await remember('domain', domain.pid);
      }
    }
    if (parts.includes('sync') && domain) {
      const { name } = estate.syncHost;
      sync = await startSyncHost({ home: folder, name, engineDirectory, authorizedKeys, domain, estate });
      await remember(`${name} (sync engine, a double)`, sync.pid);
      await remember(name, sync.sshd.pid);
    }
    if (parts.includes('pcs')) {
      log(`starting ${estate.pcs.length} Windows PCs (Wine)`);
      for (const { name } of estate.pcs) {
        const pc = await startPc({ home: folder, engineDirectory, name, host: '127.0.0.1', authorizedKeys });
        await remember(name, pc.sshd.pid);
        pcs.set(name, pc);
      }
      await Promise.all([...pcs.values()].map((pc) => furnish(pc, estate)));
    }
  } catch (error) {
    await labDown(home);
    throw error;
  }
  const inventory = inventoryOf(estate, [domain, second], pcs, linux, sync);
  await writeFile(join(folder, 'inventory.json'), JSON.stringify(inventory, null, 2));
  const credentialsFile = join(folder, 'credentials.json');
  await writeFile(credentialsFile, JSON.stringify(credentialsOf(inventory, estate, [domain, second], keys), null, 2), {
    mode: 0o600,
  });
  const stop = async () => {
    await sync?.stop();
    await labDown(home);
  };
  return { estate, inventory, credentialsFile, domain, second, pcs, linux, sync, stop };
}

function inventoryOf(
  estate: Estate,
  servers: readonly (Domain | undefined)[],
  pcs: ReadonlyMap<string, Pc>,
  linux: ReadonlyMap<string, Sshd>,
  sync: SyncHost | undefined,
): readonly LabTarget[] {
  const ssh = ({ host, port, user, hostKey }: Sshd) => ({ type: 'ssh', host, port, user, hostKey });
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
    ...[...pcs.values()].map((pc) => ({
      ...common,
      name: pc.name,
      kind: 'pc' as const,
      transport: ssh(pc.sshd),
      credentials: { detect: 'pc-reader', apply: 'pc-writer' },
      tier: 2,
      settings: { topology },
    })),
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

function credentialsOf(
  inventory: readonly LabTarget[],
  estate: Estate,
  servers: readonly (Domain | undefined)[],
  keys: { readonly read: string; readonly write: string },
) {
  const of = (kind: LabTarget['kind']) => inventory.filter((target) => target.kind === kind).map(({ name }) => name);
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
    },
    trustedCas: domain ? [domain.caFile] : [],
  };
}

async function readState(home: string): Promise<readonly Owned[]> {
  const text = await readFile(join(labHome(home), 'state.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as readonly Owned[];
}

/** Ends everything an earlier start of this home left running, and nothing else. */
export async function labDown(home: string): Promise<void> {
  const folder = labHome(home);
  await Promise.all((await readState(home)).map(end));
  for (const { name } of (await readEstate()).pcs) await endProcessesOf(join(folder, 'pcs', name, 'prefix'));
  await rm(join(folder, 'state.json'), { force: true });
}

/** What is up, by name. */
export async function labStatus(
  home: string,
): Promise<readonly { readonly what: string; readonly pid: number; readonly up: boolean }[]> {
  return Promise.all(
    (await readState(home)).map(async (owned) => ({ what: owned.what, pid: owned.pid, up: await isAlive(owned) })),
  );
}

/** Runs an LDIF change against the directory's own database, as its administrator: the laboratory's hand, not the product's. */
export async function changeDirectory(domain: Pick<Domain, 'directory'>, ldif: string): Promise<void> {
  const path = join(domain.directory, 'change.ldif');
  await writeFile(path, ldif);
  const schema = '--option=dsdb:schema update allowed=yes';
  await run('ldbmodify', ['-H', join(domain.directory, 'private', 'sam.ldb'), schema, path]);
}

/** Values of one attribute of one account, read from the directory's own database: the oracle of the tests. */
export async function readDirectory(domain: Domain, account: string, attribute: string): Promise<readonly string[]> {
  const filter = `(sAMAccountName=${account})`;
  const text = await run('ldbsearch', ['-H', join(domain.directory, 'private', 'sam.ldb'), filter, 'dn', attribute]);
  return text
    .replaceAll('\n ', '')
    .split('\n')
    .flatMap((line) =>
      line.toLowerCase().startsWith(`${attribute.toLowerCase()}: `) ? [line.slice(attribute.length + 2)] : [],
    );
}
