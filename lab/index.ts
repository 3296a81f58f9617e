import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { domainTemplate, startDomain, type Domain } from './domain/index.js';
import { pairTemplate, startSecond, type SecondServer } from './domain/second.js';
import { ESTATE_FILE, readEstate, type Estate } from './estate.js';
import { labHome } from './home.js';
import { credentialsOf, inventoryOf, type LabTarget } from './inventory.js';
import { endProcessesOf, startPc, type Pc } from './pc/index.js';
import { furnish } from './pc/furnish.js';
import { end, isAlive, own, type Owned } from './processes.js';
import { run } from './run.js';
import { ensureKeyPair, startSshd, type Sshd } from './sshd.js';
import { startWinRmMachine, type WinRmMachine } from './winrm/machine.js';
import { startSyncHost, type SyncHost } from './sync/index.js';

export type { LabTarget };

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
  const machines = new Map<string, WinRmMachine>();
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
      for (const { name, reach } of estate.pcs) {
        const pc = await startPc({ home: folder, engineDirectory, name, host: '127.0.0.1', authorizedKeys });
        await remember(name, pc.sshd.pid);
        pcs.set(name, pc);
        const at = domain && reach === 'winrm' ? await overWinRm(folder, pc, estate, domain) : undefined;
        if (at) machines.set(name, at);
        if (at?.double.process.pid !== undefined) await remember(`${name} (WinRM, a double)`, at.double.process.pid);
      }
      await Promise.all([...pcs.values()].map((pc) => furnish(pc, estate)));
    }
  } catch (error) {
    await labDown(home);
    throw error;
  }
  const inventory = inventoryOf(estate, [domain, second], pcs, machines, linux, sync);
  await writeFile(join(folder, 'inventory.json'), JSON.stringify(inventory, null, 2));
  const credentialsFile = join(folder, 'credentials.json');
  await writeFile(
    credentialsFile,
    JSON.stringify(credentialsOf(inventory, estate, [domain, second], machines, keys), null, 2),
    {
      mode: 0o600,
    },
  );
  const stop = async () => {
    await sync?.stop();
    await labDown(home);
  };
  return { estate, inventory, credentialsFile, domain, second, pcs, linux, sync, stop };
}

/** Where a PC is reached over WinRM: its PowerShell is the one that SSH starts. */
const overWinRm = (folder: string, { name, server }: Pc, { domain: { realm } }: Estate, domain: Domain) =>
  startWinRmMachine(join(folder, 'winrm', name), `${name}.${realm}`.toLowerCase(), server, domain);

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
