import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { bareHost, isHostName, isNetwork } from '../platform/address.js';
import { pathFrom } from '../platform/install-root.js';
import { fail, ok, type Result } from '../domain/result.js';
import { POOL_PATTERN } from '../domain/target.js';
import { readSecrets, type Secrets } from './secrets.js';

/** Everything that is set from outside, read once. Database URLs hold passwords: they are in `secrets`. */
export interface Config {
  readonly mode: 'development' | 'production';
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Names under which people reach the API; none: see `requireKnownHost`. */
  readonly names: readonly string[];
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly pool: string;
  readonly slots: number;
  /** Slots that share one engine process. */
  readonly slotsPerEngine: number;
  readonly logLevel: string;
  readonly allowLocal: boolean;
  readonly checkout: string;
  readonly runbookDirectories: readonly string[];
  readonly credentialsFile: string;
  /** A krb5.conf of the administrator for Kerberos credentials; absent: the worker makes one for each. */
  readonly krb5Config?: string;
  readonly peopleFile: string;
  readonly policyFile: string;
  readonly grantPrivateKey: string;
  readonly grantPublicKey: string;
  /** File of the checkpoints of the audit log. */
  readonly checkpointsFile: string;
  /** A collector of syslog that gets them too. */
  readonly checkpointSyslog?: string;
  /** How long events may stay without a checkpoint that is kept everywhere before nothing is approved any more; 0: for ever. */
  readonly checkpointLimitMs: number;
  readonly engineDirectory: string;
  readonly leaseMs: number;
  readonly reconcileAfterMs: number;
  readonly drainMs: number;
  readonly submitPerMinute: number;
  /** Where spans are sent; absent: nowhere. */
  readonly tracesUrl?: string;
}

export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Every environment variable that the product reads, in the words of the reference (npm run docs). */
export const VARIABLES = {
  FIXPOINT_MODE:
    'development (default) or production, in which only decisions count that are signed with a key of the person, and each process refuses to start where its set-up is not safe (see the guide); the demo does not start in production',
  FIXPOINT_HOME:
    'folder for data, keys and settings of this installation; default .fixpoint in the folder of the program',
  FIXPOINT_HOST: 'address on which the API listens; default 127.0.0.1',
  FIXPOINT_PORT: 'port on which the API listens; default 8400',
  FIXPOINT_NAMES:
    'host names under which the API is reached, separated by commas, such as that of a proxy; requests for others are refused. Default: the name of the machine where FIXPOINT_HOST is a loopback address, else any',
  FIXPOINT_TRUSTED_PROXIES:
    'addresses or networks (10.0.0.0/8) of proxies in front of the API, separated by commas, whose X-Forwarded-For is believed; default: none',
  FIXPOINT_POOL:
    'pool from which this worker takes jobs, and, for the API, the pool of targets whose settings name none; default "default"',
  FIXPOINT_SLOTS: 'jobs that a worker runs at once, 1 to 64; default 2',
  FIXPOINT_SLOTS_PER_ENGINE:
    'slots that share one engine process, 1 to 16; saves memory, but what ends an engine interrupts the jobs of all its slots; default 1',
  FIXPOINT_LOG_LEVEL: 'fatal, error, warn, info (default), debug or trace',
  FIXPOINT_ALLOW_LOCAL: '1 allows transport local, which is for tests only; default 0',
  FIXPOINT_RUNBOOKS: 'additional folders with runbooks, separated by colons',
  FIXPOINT_CREDENTIALS: 'credentials file of the worker; default credentials.json in the home',
  FIXPOINT_KRB5_CONFIG:
    'krb5.conf for Kerberos credentials, such as for realms that trust one another; default: the worker makes one for each credential from its realm and the servers of the target, and reads no other',
  FIXPOINT_PEOPLE: 'people file; default people.json in the home',
  FIXPOINT_POLICY:
    'policy file: who may do what, for which targets and runbooks; default policy.json in the home. Without the file the built-in policy counts',
  FIXPOINT_GRANT_KEY: 'private key with which authority signs grants; default keys/grant.pem in the home',
  FIXPOINT_GRANT_PUBLIC:
    'public keys with which workers and the API verify grants; default keys/grant-public.json in the home',
  FIXPOINT_CHECKPOINTS:
    'file to which authority appends the signed checkpoints of the audit log; default checkpoints.txt in the home',
  FIXPOINT_CHECKPOINT_SYSLOG: 'collector that also gets them, as udp://host:port or tcp://host:port; default: none',
  FIXPOINT_CHECKPOINT_LIMIT_MS:
    'time after which nothing is approved while the checkpoints are not kept everywhere, in ms; default 0: no limit',
  FIXPOINT_PWSH: 'absolute path of a pwsh 7.6 or later to use instead of the bundled engine',
  FIXPOINT_LEASE_MS: 'time after which a worker that stopped responding loses its job, in ms; default 15000',
  FIXPOINT_RECONCILE_AFTER_MS: 'wait before an execution without a result is treated as over, in ms; default 25000',
  FIXPOINT_DRAIN_MS: 'grace period for a change in progress during shutdown, in ms; default 20000',
  FIXPOINT_SUBMIT_PER_MINUTE: 'submissions per person, target and minute; default 30',
  DATABASE_URL: 'PostgreSQL as a role that may create databases and roles; default: an embedded PostgreSQL',
  FIXPOINT_API_DATABASE_URL: 'the database, as the role of the API',
  FIXPOINT_AUTHORITY_DATABASE_URL: 'the database, as the role of authority',
  FIXPOINT_RELAY_DATABASE_URL: 'the database, as the role of the relay',
  FIXPOINT_WORKER_DATABASE_URL: 'the database, as the role of the worker',
  FIXPOINT_QUEUE_DATABASE_URL: 'the database of the queue, where Redis is not used',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'where traces are sent, as OTLP over HTTP in JSON; default: nowhere',
  REDIS_URL: 'Redis for the queue; default: PostgreSQL carries it',
  DATABASE_URL_FILE: 'file that holds DATABASE_URL. Production takes passwords from files alone',
  FIXPOINT_API_DATABASE_URL_FILE: 'file that holds FIXPOINT_API_DATABASE_URL',
  FIXPOINT_AUTHORITY_DATABASE_URL_FILE: 'file that holds FIXPOINT_AUTHORITY_DATABASE_URL',
  FIXPOINT_RELAY_DATABASE_URL_FILE: 'file that holds FIXPOINT_RELAY_DATABASE_URL',
  FIXPOINT_WORKER_DATABASE_URL_FILE: 'file that holds FIXPOINT_WORKER_DATABASE_URL',
  FIXPOINT_QUEUE_DATABASE_URL_FILE: 'file that holds FIXPOINT_QUEUE_DATABASE_URL',
  REDIS_URL_FILE: 'file that holds REDIS_URL',
} as const;

export type Variable = keyof typeof VARIABLES;

/** Reads the environment; fails with every problem at once, each with what to do. */
export function readConfig(
  env: NodeJS.ProcessEnv,
  checkout: string,
): Result<{ readonly config: Config; readonly secrets: Secrets }, readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const text = (variable: Variable) => {
    const value = env[variable];
    return value === undefined || value.trim() === '' ? undefined : value.trim();
  };
  const wrong = (variable: Variable, problem: string) => problems.push({ variable, problem });
  const whole = (variable: Variable, byDefault: number, least: number, most: number) => {
    const value = text(variable);
    if (value === undefined) return byDefault;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    wrong(variable, `must be a whole number from ${least} to ${most}, not "${value}"`);
    return byDefault;
  };
  const choice = <T extends string>(variable: Variable, byDefault: T, choices: readonly T[]) => {
    const value = text(variable);
    if (value === undefined) return byDefault;
    if ((choices as readonly string[]).includes(value)) return value as T;
    wrong(variable, `must be one of ${choices.join(', ')}, not "${value}"`);
    return byDefault;
  };
  const path = (variable: Variable, byDefault: string) => pathFrom(checkout, env[variable]) ?? byDefault;
  const list = (variable: Variable, fits: (item: string) => boolean, kind: string) => {
    const items = (text(variable)?.split(',') ?? []).map((item) => item.trim()).filter((item) => item !== '');
    const unfit = items.find((item) => !fits(item));
    if (unfit !== undefined) wrong(variable, `must be ${kind}, separated by commas; "${unfit}" is none`);
    return items;
  };
  const url = (variable: Variable, protocols: readonly string[]) => {
    const value = text(variable);
    if (value === undefined) return undefined;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    wrong(variable, `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    return undefined;
  };
  const home = path('FIXPOINT_HOME', join(checkout, '.fixpoint'));
  const pool = text('FIXPOINT_POOL') ?? 'default';
  if (!new RegExp(POOL_PATTERN).test(pool)) wrong('FIXPOINT_POOL', 'must be lower-case letters, digits and hyphens');
  const pwsh = text('FIXPOINT_PWSH');
  if (pwsh !== undefined && !isAbsolute(pwsh)) wrong('FIXPOINT_PWSH', 'must be an absolute path');
  const tracesUrl = url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']);
  const krb5Config = pathFrom(checkout, env.FIXPOINT_KRB5_CONFIG);
  const checkpointSyslog = url('FIXPOINT_CHECKPOINT_SYSLOG', ['udp:', 'tcp:']);
  const config: Config = {
    mode: choice('FIXPOINT_MODE', 'development', ['development', 'production']),
    home,
    host: bareHost(text('FIXPOINT_HOST') ?? '127.0.0.1'),
    port: whole('FIXPOINT_PORT', 8400, 1, 65535),
    names: list('FIXPOINT_NAMES', isHostName, 'host names without a port'),
    trustedProxies: list('FIXPOINT_TRUSTED_PROXIES', isNetwork, 'IP addresses or networks such as 10.0.0.0/8'),
    pool,
    slots: whole('FIXPOINT_SLOTS', 2, 1, 64),
    slotsPerEngine: whole('FIXPOINT_SLOTS_PER_ENGINE', 1, 1, 16),
    logLevel: choice('FIXPOINT_LOG_LEVEL', 'info', ['fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    allowLocal: choice('FIXPOINT_ALLOW_LOCAL', '0', ['0', '1']) === '1',
    checkout,
    runbookDirectories: [
      join(checkout, 'runbooks'),
      ...(text('FIXPOINT_RUNBOOKS')?.split(':') ?? []).filter(Boolean).map((folder) => resolve(checkout, folder)),
    ],
    credentialsFile: path('FIXPOINT_CREDENTIALS', join(home, 'credentials.json')),
    ...(krb5Config === undefined ? {} : { krb5Config }),
    peopleFile: path('FIXPOINT_PEOPLE', join(home, 'people.json')),
    policyFile: path('FIXPOINT_POLICY', join(home, 'policy.json')),
    grantPrivateKey: path('FIXPOINT_GRANT_KEY', join(home, 'keys', 'grant.pem')),
    grantPublicKey: path('FIXPOINT_GRANT_PUBLIC', join(home, 'keys', 'grant-public.json')),
    checkpointsFile: path('FIXPOINT_CHECKPOINTS', join(home, 'checkpoints.txt')),
    checkpointLimitMs: whole('FIXPOINT_CHECKPOINT_LIMIT_MS', 0, 0, 86_400_000),
    ...(checkpointSyslog === undefined ? {} : { checkpointSyslog }),
    engineDirectory: join(checkout, 'engine', 'dist'),
    leaseMs: whole('FIXPOINT_LEASE_MS', 15_000, 1000, 600_000),
    reconcileAfterMs: whole('FIXPOINT_RECONCILE_AFTER_MS', 25_000, 0, 600_000),
    drainMs: whole('FIXPOINT_DRAIN_MS', 20_000, 0, 600_000),
    submitPerMinute: whole('FIXPOINT_SUBMIT_PER_MINUTE', 30, 1, 1_000_000),
    ...(tracesUrl === undefined ? {} : { tracesUrl }),
  };
  const { secrets, problems: ofSecrets } = readSecrets(env, checkout);
  problems.push(...ofSecrets, ...unknownVariables(env));
  return problems.length > 0 ? fail(problems) : ok({ config, secrets });
}

/** Settings of the command line, of the tests and of the engine, which share the prefix. */
const FOR_OTHERS = /^FIXPOINT_(URL|TOKEN|TEST_.*)$/;

/** Variables that look like a setting and are none. */
export function unknownVariables(env: NodeJS.ProcessEnv): readonly ConfigProblem[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('FIXPOINT_') && !(name in VARIABLES) && !FOR_OTHERS.test(name))
    .map((variable) => ({ variable, problem: 'is not a setting of Fixpoint: check its spelling' }));
}

/**
 * Paths of FIXPOINT_RUNBOOKS that are not folders. `fixpoint start` and `fixpoint doctor` report them. A part that is restarted while
 * a folder is missing does not stop: it loads the runbooks of the other folders.
 */
export function folderProblems({ checkout, runbookDirectories }: Config): readonly ConfigProblem[] {
  return runbookDirectories
    .filter((folder) => folder !== join(checkout, 'runbooks'))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    .map((folder) => ({ variable: 'FIXPOINT_RUNBOOKS', problem: `names ${folder}, which is not a folder` }));
}

/** The sentence that stops a start. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  return ['Fixpoint did not start. Fix these settings:', ...problems.map((p) => `  ${p.variable} ${p.problem}`)].join(
    '\n',
  );
}
