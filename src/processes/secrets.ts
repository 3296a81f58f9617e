import { postgresUrlProblem } from '../platform/postgres-url.js';
import { secretSetting } from '../platform/secret-settings.js';

/** Addresses with passwords, each for one process. */
export interface Secrets {
  readonly adminUrl?: string;
  readonly apiUrl?: string;
  readonly authorityUrl?: string;
  readonly relayUrl?: string;
  readonly workerUrl?: string;
  readonly queueUrl?: string;
  readonly redisUrl?: string;
}

/** The variable of each secret. Every one of them may be in a file instead, which `<name>_FILE` names. */
export const SECRET_VARIABLES = {
  adminUrl: 'DATABASE_URL',
  apiUrl: 'FIXPOINT_API_DATABASE_URL',
  authorityUrl: 'FIXPOINT_AUTHORITY_DATABASE_URL',
  relayUrl: 'FIXPOINT_RELAY_DATABASE_URL',
  workerUrl: 'FIXPOINT_WORKER_DATABASE_URL',
  queueUrl: 'FIXPOINT_QUEUE_DATABASE_URL',
  redisUrl: 'REDIS_URL',
} as const satisfies Readonly<Record<keyof Secrets, string>>;

/**
 * Every secret that the environment holds or names a file for.
 * @param folder from which relative paths count
 */
export function readSecrets(env: NodeJS.ProcessEnv, folder: string) {
  const secrets: Partial<Record<keyof Secrets, string>> = {};
  const problems: { readonly variable: string; readonly problem: string }[] = [];
  for (const key of Object.keys(SECRET_VARIABLES) as (keyof Secrets)[]) {
    const { variable, value, problem } = secretSetting(env, SECRET_VARIABLES[key], folder);
    const wrong = problem ?? (value === undefined ? undefined : urlProblem(key, value));
    if (wrong !== undefined) problems.push({ variable, problem: wrong });
    else if (value !== undefined) secrets[key] = value;
  }
  return { secrets: secrets as Secrets, problems };
}

/** What keeps a value from being an address of its kind; it repeats no password. */
function urlProblem(key: keyof Secrets, value: string): string | undefined {
  if (key !== 'redisUrl') return postgresUrlProblem(value);
  const isRedis = URL.canParse(value) && ['redis:', 'rediss:'].includes(new URL(value).protocol);
  return isRedis ? undefined : 'must be a URL that begins with redis:// or rediss://';
}

/** Whether an address holds a password. */
export function hasPassword(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { password, searchParams } = new URL(value);
  return password !== '' || searchParams.has('password');
}

/** The environment in which credentials may be named: none in production. */
export const secretsEnvironment = ({ mode }: { readonly mode: string }): NodeJS.ProcessEnv | undefined =>
  mode === 'production' ? undefined : process.env;
