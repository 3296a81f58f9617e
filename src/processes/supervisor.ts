import { processStartTime } from '../platform/process-start-time.js';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretFile, startEmbeddedPostgres, type RunningPostgres } from '../adapters/postgres/install/embedded.js';
import { migrate, DATABASE_ROLES, roleName, withDatabase, type LoginRole } from '../adapters/postgres/index.js';
import { ensureGrantKey } from '../adapters/keys/index.js';
import type { Settings } from './compose.js';

const DATABASE = 'fixpoint';
const READY_MS = 90_000;

export class AlreadyRunning extends Error {}

export interface Product {
  readonly url: string;
  readonly databaseUrls: Readonly<Record<LoginRole, string>>;
  stop(): Promise<void>;
  /** Resolves when a part could not be kept up, with the reason. */
  readonly failed: Promise<string>;
}

interface Part {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How long it may take to end after SIGTERM (milliseconds). */
  readonly endsWithinMs?: number;
}

/**
 * Starts the whole product on one machine: PostgreSQL where none is named, then api, authority, relay and worker as processes of
 * their own, each with its own database role. What an earlier run left behind after `kill -9` has ended by itself (the parts watch
 * their supervisor) or is stopped first (PostgreSQL).
 */
export async function startProduct({ config, secrets }: Settings, log: (message: string) => void): Promise<Product> {
  await mkdir(config.home, { recursive: true });
  const release = await claimHome(config.home);
  let postgres: RunningPostgres | undefined;
  try {
    if (secrets.adminUrl === undefined) postgres = await startEmbeddedPostgres({ home: config.home, log });
    const adminUrl = secrets.adminUrl ?? postgres?.adminUrl ?? '';
    const databaseUrls = await prepareDatabase(config.home, adminUrl);
    await ensureGrantKey(config.grantPrivateKey, config.grantPublicKey);
    // For the command line on this machine: verifying from the database, issuing the first token.
    await writeFile(join(config.home, 'connection.json'), JSON.stringify({ api: databaseUrls.api }), { mode: 0o600 });
    const parts = partsOf(config, databaseUrls, secrets.redisUrl);
    const keepers = parts.map((part) => keepUp(part, log));
    const stop = async () => {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
      await postgres?.stop();
      await release();
    };
    const failed = Promise.race(keepers.map((keeper) => keeper.failed));
    const ready = Promise.all(keepers.map((keeper) => keeper.ready));
    const trouble = await Promise.race([ready.then(() => undefined), failed, late()]);
    if (trouble !== undefined) {
      await stop();
      throw new Error(trouble);
    }
    return { url: `http://${config.host}:${config.port}`, databaseUrls, stop, failed };
  } catch (error) {
    await postgres?.stop().catch(() => undefined);
    await release();
    throw error;
  }
}

function late(): Promise<string> {
  return new Promise((resolve) =>
    setTimeout(() => resolve(`not every part was up within ${READY_MS / 1000} s`), READY_MS).unref(),
  );
}

/** Databases, roles and schema; each role's password is made once and kept beside the home's other secrets. */
export async function prepareDatabase(home: string, adminUrl: string): Promise<Readonly<Record<LoginRole, string>>> {
  const roles: readonly LoginRole[] = [...DATABASE_ROLES, 'queue'];
  const passwords = {} as Record<LoginRole, string>;
  for (const role of roles) passwords[role] = await secretFile(join(home, 'keys', `${role}.password`));
  await migrate({ adminUrl, database: DATABASE, passwords });
  return Object.fromEntries(
    roles.map((role) => {
      const url = new URL(withDatabase(adminUrl, role === 'queue' ? `${DATABASE}_queue` : DATABASE));
      url.username = roleName(role);
      url.password = passwords[role];
      return [role, url.toString()];
    }),
  ) as Record<LoginRole, string>;
}

/** Each part gets the database role that is its own, and no other part's. */
function partsOf(
  config: Settings['config'],
  urls: Readonly<Record<LoginRole, string>>,
  redisUrl: string | undefined,
): readonly Part[] {
  const {
    DATABASE_URL: _admin,
    FIXPOINT_API_DATABASE_URL: _api,
    FIXPOINT_AUTHORITY_DATABASE_URL: _authority,
    FIXPOINT_RELAY_DATABASE_URL: _relay,
    FIXPOINT_WORKER_DATABASE_URL: _worker,
    FIXPOINT_QUEUE_DATABASE_URL: _queue,
    REDIS_URL: _redis,
    ...inherited
  } = process.env;
  const queue = redisUrl === undefined ? { FIXPOINT_QUEUE_DATABASE_URL: urls.queue } : { REDIS_URL: redisUrl };
  // The parts run as this file does: compiled or from the source.
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const at = (path: string) => join(root, `${path}${extname(import.meta.url)}`);
  const part = (name: string, script: string, args: readonly string[], env: NodeJS.ProcessEnv): Part => ({
    name,
    script: at(script),
    args,
    env: { ...inherited, FIXPOINT_HOME: config.home, ...env },
  });
  return [
    part('authority', 'src/processes/authority', [], { FIXPOINT_AUTHORITY_DATABASE_URL: urls.authority }),
    part('relay', 'workers/main', ['relay'], { FIXPOINT_RELAY_DATABASE_URL: urls.relay, ...queue }),
    {
      ...part('worker', 'workers/main', ['worker'], { FIXPOINT_WORKER_DATABASE_URL: urls.worker, ...queue }),
      endsWithinMs: config.drainMs + 10_000,
    },
    part('api', 'src/processes/api', [], { FIXPOINT_API_DATABASE_URL: urls.api }),
  ];
}

interface Keeper {
  readonly ready: Promise<void>;
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** Keeps a part up: restarted with a growing pause when it ends; a part that ends with code 2 has settings to mend. */
function keepUp(part: Part, log: (message: string) => void): Keeper {
  let child: ChildProcess | undefined;
  let stopping = false;
  let crashes = 0;
  let onReady: () => void = () => undefined;
  let onFailed: (why: string) => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const failed = new Promise<string>((resolve) => (onFailed = resolve));
  const start = () => {
    const running = fork(part.script, [...part.args], {
      env: part.env,
      execArgv: part.script.endsWith('.ts') ? ['--import', 'tsx'] : [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the whole group of a terminal: the supervisor alone decides the order.
      detached: true,
    });
    child = running;
    let last = '';
    const say = (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split('\n')) {
        if (line.trim() === '') continue;
        last = line;
        log(`${part.name}: ${readable(line)}`);
      }
    };
    running.stdout?.on('data', say);
    running.stderr?.on('data', say);
    running.on('message', (message) => {
      if (message === 'ready') {
        crashes = 0;
        onReady();
      }
    });
    running.on('exit', (code, signal) => {
      if (stopping) return;
      crashes += 1;
      if (code === 2 || crashes > 5) return onFailed(`${part.name} ended: ${readable(last)}`);
      log(`${part.name} ended (${signal ?? code}); starting it again`);
      setTimeout(() => (stopping ? undefined : start()), Math.min(5000, 200 * 2 ** crashes));
    });
  };
  start();
  return {
    ready,
    failed,
    async stop() {
      stopping = true;
      const running = child;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGTERM');
      const stubborn = setTimeout(() => running.kill('SIGKILL'), (part.endsWithinMs ?? 10_000) + 2000);
      await ended;
      clearTimeout(stubborn);
    },
  };
}

/** A line of the parts' JSON log as a person reads it. */
function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter(Boolean).join(': ');
  } catch {
    return line;
  }
}

/** One supervisor a home. The file names the process and when it started, so that a reused pid is not mistaken for it. */
export async function claimHome(home: string): Promise<() => Promise<void>> {
  const path = join(home, 'supervisor.json');
  const known = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as { pid?: number; startedAt?: string };
  if (
    known.pid !== undefined &&
    known.pid !== process.pid &&
    (await processStartTime(known.pid)) === known.startedAt &&
    known.startedAt !== undefined
  ) {
    throw new AlreadyRunning(
      `Fixpoint is running already on ${home} (process ${known.pid}). Stop it, or set FIXPOINT_HOME to another folder.`,
    );
  }
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: await processStartTime(process.pid) }));
  return () => rm(path, { force: true });
}
