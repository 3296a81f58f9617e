import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { ensureFolder, ensureHome, secretFile } from '../../../platform/own-files.js';
import { readOwnFile } from '../../../platform/read-own-file.js';
import { pause } from '../../../platform/wake.js';
import { makeServerFiles, startServer, type ServerProcess } from './server-program.js';

export interface EmbeddedOptions {
  /** Folder of this installation; the data goes to `postgres` below it, or beside it where the server's user may not enter. */
  readonly home: string;
  readonly log: (message: string) => void;
}

export interface RunningPostgres {
  readonly adminUrl: string;
  readonly dataDirectory: string;
  /** The server that runs now. */
  readonly server: ServerProcess;
  /** Starts the server again, at the same address, after it has ended. */
  restart(): ServerProcess;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with the product, on loopback, durable. What an earlier run left behind after `kill -9` is
 * stopped first: it is ours, by the data directory that its pid file stands in.
 * @throws Error with the server's last words when it does not start
 */
export async function startEmbeddedPostgres({ home, log }: EmbeddedOptions): Promise<RunningPostgres> {
  ensureHome(home);
  const base = baseOf(home);
  if (base !== home) {
    log(`the database lives in ${base}: its user may not enter ${home}`);
    ensureFolder(base, 0o711);
  }
  const databaseDir = join(base, 'postgres');
  await stopLeftover(databaseDir, log);
  const password = secretFile(join(home, 'postgres.password'));
  const port = await freePort();
  if (!existsSync(join(databaseDir, 'PG_VERSION'))) await makeServerFiles(databaseDir, password);
  let server = startServer(databaseDir, port);
  const failed = await Promise.race([server.ready.then(() => undefined), server.ended]);
  if (failed !== undefined) throw new Error(`PostgreSQL did not start: ${failed}`);
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    dataDirectory: databaseDir,
    get server() {
      return server;
    },
    restart() {
      server = startServer(databaseDir, port);
      return server;
    },
    stop: () => server.stop(),
  };
}

/** Whether this home has the files of a server. */
export const hasEmbeddedPostgres = (home: string): boolean => existsSync(join(baseOf(home), 'postgres', 'PG_VERSION'));

/** The server of this installation while it runs, as its owner; undefined where none does. */
export async function runningPostgres(home: string): Promise<string | undefined> {
  const databaseDir = join(baseOf(home), 'postgres');
  const lines = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgresOf(pid, databaseDir))) return undefined;
  const password = (await readOwnFile(join(home, 'postgres.password')).catch(() => '')).trim();
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
