import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasEmbeddedPostgres, runningPostgres } from '../../adapters/postgres/install/embedded.js';
import { withDatabase } from '../../adapters/postgres/index.js';
import { readJson } from '../../platform/file-fault.js';
import { readOwnFileSync } from '../../platform/read-own-file.js';
import { composeQueue, type Settings } from '../../processes/compose.js';
import { databaseOf } from '../backup-and-restore.js';
import { lookAtCredentials } from './credentials.js';
import { finding, type Finding } from './finding.js';
import { lookAtProduction } from './production.js';
import { lookAtDisk, lookAtEngine, lookAtFiles } from './machine.js';
import { lookAtRecord } from './record.js';
import { lookAtTargets } from './targets.js';

export interface Diagnosis {
  /** False when at least one finding is `wrong`. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly looked: readonly string[];
  /** SHA-256 over the engine's assemblies, where it started. */
  readonly engine?: string;
}

/** Looks at everything that can be looked at from this machine; changes nothing. */
export async function examine(settings: Settings): Promise<Diagnosis> {
  const { engine, findings: ofEngine } = await lookAtEngine(settings);
  const isProduction = settings.config.mode === 'production';
  const findings = [
    ...(await lookAtFiles(settings)),
    ...(await lookAtProduction(settings)),
    ...(await lookAtCredentials()),
    ...(await lookAtDisk(settings)),
    ...ofEngine,
  ];
  const looked = ['files', ...(isProduction ? ['set-up of production'] : []), 'disk', 'engine'];
  const admin = settings.secrets.adminUrl ?? (await runningPostgres(settings.config.home));
  const url = admin === undefined ? apiUrl(settings) : withDatabase(admin, databaseOf(settings));
  const isOwn = settings.secrets.apiUrl === undefined && hasEmbeddedPostgres(settings.config.home);
  if (admin === undefined && isOwn) findings.push(finding('database-stopped', settings.config.home));
  else if (url === undefined) findings.push(finding('database-not-configured', settings.config.home));
  else {
    findings.push(...(await lookAtRecord(url)), ...(await lookAtTargets(url, settings)));
    looked.push('database', 'roles', 'parts', 'work', 'credentials of targets');
  }
  const queue = queueSettings(settings, admin);
  if (queue) {
    findings.push(...(await lookAtQueue(queue)));
    looked.push('queue');
  }
  return {
    ok: findings.every(({ severity }) => severity !== 'wrong'),
    findings,
    looked,
    ...(engine === undefined ? {} : { engine }),
  };
}

function apiUrl({ config, secrets }: Settings): string | undefined {
  if (secrets.apiUrl !== undefined) return secrets.apiUrl;
  const path = join(config.home, 'connection.json');
  try {
    return existsSync(path) ? (readJson(path) as { api: string }).api : undefined;
  } catch {
    // A file that is no JSON is a finding of its own.
    return undefined;
  }
}

/** The queue as its own role, where this machine knows how to sign in as that. */
function queueSettings(settings: Settings, admin: string | undefined): Settings | undefined {
  const { config, secrets } = settings;
  if (secrets.redisUrl !== undefined || secrets.queueUrl !== undefined) return settings;
  const password = join(config.home, 'keys', 'queue.password');
  if (admin === undefined || !existsSync(password)) return undefined;
  const url = new URL(withDatabase(admin, `${databaseOf(settings)}_queue`));
  url.username = 'fixpoint_queue';
  url.password = readOwnFileSync(password).trim();
  return { config, secrets: { ...secrets, queueUrl: url.toString() } };
}

/** What a Redis must be set to; any other failure of the queue is that it is not reached. */
const OF_REDIS = ['redis-eviction-policy', 'redis-password-missing', 'redis-sign-in-refused'] as const;

async function lookAtQueue(settings: Settings): Promise<readonly Finding[]> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no answer in 5 s')), 5000).unref());
  try {
    const queue = await Promise.race([composeQueue(settings, () => undefined), late]);
    try {
      await Promise.race([queue.ping(), late]);
    } finally {
      await Promise.race([queue.close(), late]).catch(() => undefined);
    }
    return [];
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return [finding(OF_REDIS.find((one) => one === code) ?? 'queue-unreachable', message)];
  }
}
