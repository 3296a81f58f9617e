import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openAuditJudges } from '../adapters/keys/audit-judges.js';
import { pinnedKeys } from '../adapters/keys/public-keys.js';
import { openRestoreSigner } from '../adapters/keys/restore-keys.js';
import { hasEmbeddedPostgres, runningPostgres } from '../adapters/postgres/install/embedded.js';
import {
  dumpDatabase,
  loadDatabase,
  withDatabase,
  type BackupIndex,
  type Restored,
} from '../adapters/postgres/index.js';
import type { Settings } from '../processes/compose.js';
import type { ChainedEvent } from '../domain/audit.js';
import { auditVerifier } from '../domain/verify-audit.js';
import type { RestoreSigner } from '../ports/restores.js';
import { prepareDatabase } from '../processes/supervisor.js';
import { withOwnServer } from './own-server.js';

export { RestoreRefused } from '../adapters/postgres/index.js';

type Log = (message: string) => void;

/** What a backup leaves out on purpose: whoever holds the backup must not hold these too. */
export const KEEP_YOURSELF = [
  'keys/grant.pem',
  'keys/grant-public.json',
  'people.json, and policy.json where there is one',
  'credentials.json and the secrets that it names',
] as const;

/** Name of the database, from the api's URL where one is set. */
export function databaseOf({ secrets }: Settings): string {
  return secrets.apiUrl === undefined ? 'fixpoint' : new URL(secrets.apiUrl).pathname.slice(1);
}

/** Writes a backup of the database into a new folder. The product may run meanwhile: the backup is consistent as of one moment. */
export async function backup(settings: Settings, folder: string, log: Log): Promise<BackupIndex> {
  if (existsSync(folder)) throw new Error(`${folder} exists already. Name a folder that does not exist.`);
  const { home } = settings.config;
  const running = settings.secrets.adminUrl ?? (await runningPostgres(home));
  if (running !== undefined) return dumpDatabase(withDatabase(running, databaseOf(settings)), resolve(folder));
  if (!hasEmbeddedPostgres(home))
    throw new Error(`There is no database in ${home}. Check FIXPOINT_HOME, or set DATABASE_URL.`);
  return withOwnServer(settings, log, ({ adminUrl }) =>
    dumpDatabase(withDatabase(adminUrl, databaseOf(settings)), resolve(folder)),
  );
}

export interface RestoreWith {
  /** Hash of the audit chain's last link as it was kept elsewhere. */
  readonly head?: string;
  /** Restores a log whose events do not verify too, as long as its chain holds. */
  readonly despiteProblems?: boolean;
}

/** Signs the restore. @throws Error where the private grant key is not there, or is one that nobody would accept */
async function restoreSigner(privatePath: string, publicPath: string): Promise<RestoreSigner['signRestore']> {
  const why = 'A restore is signed with it: without that, authority would not start beside the checkpoints of before';
  const guide = '(docs/guides/backup-and-restore.md)';
  if (!existsSync(privatePath)) throw new Error(`There is no private grant key ${privatePath}. ${why} ${guide}.`);
  const { kid, signRestore } = await openRestoreSigner(privatePath);
  if (pinnedKeys(publicPath)(kid).ok) return signRestore;
  throw new Error(`The grant key ${kid} of ${privatePath} is not in ${publicPath}, or is revoked. ${why} ${guide}.`);
}

/** Puts a backup into an installation whose database is empty, while the product does not run. */
export async function restore(settings: Settings, folder: string, how: RestoreWith, log: Log): Promise<Restored> {
  const { home, grantPrivateKey, grantPublicKey } = settings.config;
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  if (!existsSync(grantPublicKey)) {
    throw new Error(`There is no ${grantPublicKey}. Put the keys back first: approvals are verified with them.`);
  }
  const { judges } = await openAuditJudges(grantPublicKey);
  const options = {
    folder: resolve(folder),
    ...how,
    sign: await restoreSigner(grantPrivateKey, grantPublicKey),
    verify: async (links: AsyncIterable<ChainedEvent>) => {
      const verifier = auditVerifier(judges);
      for await (const link of links) verifier.add(link);
      return verifier.end();
    },
  };
  return withOwnServer(settings, log, async ({ adminUrl, embedded }) => {
    if (embedded) await prepareDatabase(home, adminUrl, embedded);
    return loadDatabase(withDatabase(adminUrl, databaseOf(settings)), options);
  });
}
