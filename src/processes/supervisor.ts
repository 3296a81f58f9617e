import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureGrantKey } from '../adapters/keys/index.js';
import { migrate, DATABASE_ROLES, roleName, withDatabase, type LoginRole } from '../adapters/postgres/index.js';
import { startEmbeddedPostgres } from '../adapters/postgres/install/embedded.js';
import { localUrl } from '../platform/address.js';
import { noteAddress } from '../platform/home-address.js';
import { ensureHome, PRIVATE_FILE, secretFile, writeWhole } from '../platform/own-files.js';
import { outputMayFail } from '../platform/output-may-fail.js';
import { processStartTime } from '../platform/process-start-time.js';
import type { Settings } from './compose.js';
import { keepUp, type Keeper } from './keep-up.js';
import { postgresPart, processParts } from './parts.js';

const DATABASE = 'fixpoint';
/** A part that cannot be started is found out long before; this is for one that hangs. A busy machine starts them in minutes. */
const READY_MS = 300_000;

export class AlreadyRunning extends Error {}

export interface Product {
  readonly url: string;
  readonly databaseUrls: Readonly<Record<LoginRole, string>>;
  stop(): Promise<void>;
  /** Resolves when a part could not be kept up, with the reason. */
  readonly failed: Promise<string>;
}

/**
 * Starts the whole product on one machine: PostgreSQL where none is named, then api, authority, relay and worker as processes of
 * their own, each with its own database role. What an earlier run left behind after `kill -9` has ended by itself (the parts watch
 * their supervisor) or is stopped first (PostgreSQL).
 */
export async function startProduct({ config, secrets }: Settings, log: (message: string) => void): Promise<Product> {
  // From here on there is something to stop.
  outputMayFail();
  ensureHome(config.home);
  const release = await claimHome(config.home);
  let adminUrl = secrets.adminUrl ?? '';
  let database: Keeper | undefined;
  const keepers: Keeper[] = [];
  const stop = async () => {
    // The database last: the other parts write to it while they end.
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    await database?.stop();
    await release();
  };
  try {
    if (secrets.adminUrl === undefined) {
      const postgres = await startEmbeddedPostgres({ home: config.home, log });
      ({ adminUrl } = postgres);
      const part = postgresPart(postgres);
      database = keepUp(part, log, part.running());
    }
    const databaseUrls = await prepareDatabase(config.home, adminUrl, database !== undefined);
    await ensureGrantKey(config.grantPrivateKey, config.grantPublicKey);
    // For the command line on this machine: verifying from the database, issuing the first token.
    writeWhole(join(config.home, 'connection.json'), JSON.stringify({ api: databaseUrls.api }), PRIVATE_FILE);
    for (const part of processParts(config, databaseUrls, secrets.redisUrl, log)) keepers.push(keepUp(part, log));
    const watched = database === undefined ? keepers : [database, ...keepers];
    const failed = Promise.race(watched.map((keeper) => keeper.failed));
    const ready = Promise.all(keepers.map((keeper) => keeper.ready));
    const trouble = await Promise.race([ready.then(() => undefined), failed, late()]);
    if (trouble !== undefined) throw new Error(trouble);
    noteAddress(config.home, localUrl(config.host, config.port));
    return { url: localUrl(config.host, config.port), databaseUrls, stop, failed };
  } catch (error) {
    await stop();
    throw error;
  }
}

function late(): Promise<string> {
  return new Promise((resolve) =>
    setTimeout(() => resolve(`not every part was up within ${READY_MS / 1000} s`), READY_MS).unref(),
  );
}

/**
 * Databases, roles and schema; each role's password is made once and kept beside the home's other secrets.
 * @param ownServer whether the server is the home's own
 */
export async function prepareDatabase(
  home: string,
  adminUrl: string,
  ownServer: boolean,
): Promise<Readonly<Record<LoginRole, string>>> {
  const roles: readonly LoginRole[] = [...DATABASE_ROLES, 'queue'];
  const passwords = {} as Record<LoginRole, string>;
  for (const role of roles) passwords[role] = secretFile(join(home, 'keys', `${role}.password`));
  await migrate({ adminUrl, database: DATABASE, passwords, ownServer });
  return Object.fromEntries(
    roles.map((role) => {
      const url = new URL(withDatabase(adminUrl, role === 'queue' ? `${DATABASE}_queue` : DATABASE));
      url.username = roleName(role);
      url.password = passwords[role];
      return [role, url.toString()];
    }),
  ) as Record<LoginRole, string>;
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
  writeWhole(path, JSON.stringify({ pid: process.pid, startedAt: await processStartTime(process.pid) }), PRIVATE_FILE);
  return () => rm(path, { force: true });
}
