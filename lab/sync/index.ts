import { spawn } from 'node:child_process';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Domain } from '../domain/index.js';
import type { Estate } from '../estate.js';
import { freePort, startSshd, type Sshd } from '../sshd.js';

const ENGINE = fileURLToPath(new URL('./engine.py', import.meta.url));
const MODULES = fileURLToPath(new URL('./modules/', import.meta.url));
const PYTHON = '/usr/bin/python3';

/** What a test may make of the double. `hold`: a run profile, such as `Export`, that does not go on until it is released. */
export interface SyncFaults {
  readonly hold?: string | null;
  readonly busy?: boolean;
  readonly modal?: boolean;
  readonly fail?: string | null;
}

/** A DOUBLE of a directory synchronization host: a Linux endpoint with an ADSync module of ours; only its import is real. */
export interface SyncHost {
  readonly sshd: Sshd;
  /** Process of the engine, which outlives a restart of this program. */
  readonly pid: number;
  fault(faults: SyncFaults): Promise<void>;
  set(state: {
    readonly enabled?: boolean;
    readonly suspended?: boolean;
    readonly staging?: boolean;
    readonly threshold?: number;
  }): Promise<void>;
  /** Puts runs of a connector that has been removed before all others in the run history. */
  oldRuns(connector: string): Promise<void>;
  start(policy?: 'Delta' | 'Initial'): Promise<void>;
  /** What the tenant holds of an object, by objectGUID. */
  object(guid: string): Promise<{ readonly exported: string; readonly values: Record<string, string[]> } | null>;
  runs(): Promise<
    readonly { readonly connector: string; readonly profile: string; readonly start: string; readonly result: string }[]
  >;
  /** Waits until no cycle runs. */
  idle(): Promise<void>;
  /** Ends the engine and starts it again over the same stored state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SyncOptions {
  readonly home: string;
  readonly name: string;
  readonly engineDirectory: string;
  readonly authorizedKeys: readonly string[];
  readonly domain: Pick<Domain, 'address' | 'port' | 'caFile' | 'passwordFiles'>;
  readonly estate: Estate;
}

export async function startSyncHost(options: SyncOptions): Promise<SyncHost> {
  const { home, name, engineDirectory, authorizedKeys, domain, estate } = options;
  const directory = join(home, 'sync', name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const port = await freePort('127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const settings = join(directory, 'settings.json');
  const base = estate.domain.realm
    .toLowerCase()
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',');
  await writeFile(
    settings,
    JSON.stringify({
      port,
      state: join(directory, 'state.json'),
      url: `ldaps://${domain.address}:${domain.port}`,
      userDn: `CN=${estate.domain.accounts.sync},OU=Service,${base}`,
      passwordFile: domain.passwordFiles.sync,
      caFile: domain.caFile,
      base,
      forest: estate.domain.realm.toLowerCase(),
      tenant: `${estate.domain.name}.onmicrosoft.test`,
    }),
  );
  let pid = await startEngine(settings, directory, url);
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const said: unknown = await response.json();
    if (!response.ok) throw new Error(String(said));
    return said;
  };
  const subsystem = `${join(engineDirectory, 'linux-x64', 'fixpoint-pwsh')} -sshs`;
  const sshd = await startSshd({
    directory,
    host: '127.0.0.1',
    subsystem,
    authorizedKeys,
    environment: { PSModulePath: MODULES.replace(/\/$/, ''), FIXPOINT_SYNC_URL: url },
  });
  return {
    sshd,
    get pid() {
      return pid;
    },
    fault: async (faults) => void (await ask('POST', '/fault', faults)),
    set: async (state) => void (await ask('POST', '/set', state)),
    oldRuns: async (connector) => {
      const run = (profile: string, number: number) => {
        const at = '2026-01-01T00:00:00.000Z';
        return { number, connector, profile, start: at, end: at, result: 'success' };
      };
      await ask('POST', '/history', {
        runs: [run('Delta Import', -3), run('Delta Synchronization', -2), run('Export', -1)],
      });
    },
    start: async (policy = 'Delta') => void (await ask('POST', `/start?policy=${policy}`)),
    object: async (guid) => (await ask('GET', `/object?guid=${guid}`)) as never,
    runs: async () => (await ask('GET', '/runs')) as never,
    async idle() {
      while (((await ask('GET', '/scheduler')) as { inCycle: boolean }).inCycle)
        await new Promise((resolve) => setTimeout(resolve, 30));
    },
    async restart() {
      process.kill(pid, 'SIGKILL');
      pid = await startEngine(settings, directory, url);
    },
    async stop() {
      await sshd.stop();
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended by itself.
      }
    },
  };
}

async function startEngine(settings: string, directory: string, url: string): Promise<number> {
  const log = await open(join(directory, 'engine.log'), 'a');
  const child = spawn(PYTHON, [ENGINE, settings], { stdio: ['ignore', log.fd, log.fd], detached: true });
  child.unref();
  await log.close();
  for (let i = 0; i < 400; i++) {
    if (child.exitCode !== null) throw new Error(`the sync double ended: see ${join(directory, 'engine.log')}`);
    const answers = await fetch(`${url}/scheduler`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return child.pid ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the sync double does not answer on ${url}`);
}
