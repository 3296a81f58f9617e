import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { localTarget } from '../../support/local-target.js';
import type { Build } from '../build/build.js';
import { createClient, type Client } from '../drive/client.js';
import type { CuttableWay, Way } from './cuttable.js';
import { freePort, newFolder } from './folders.js';
import { keep, type Keeper, type RoleName } from './keeper.js';
import { until } from '../../support/patience.js';
import { startPostgres, type Postgres } from './postgres.js';
import { startRedis, type RedisServer } from './redis.js';
import { copyTemplate, type Template } from './template.js';

export interface RigOptions {
  readonly name: string;
  readonly build: Build;
  readonly template: Template;
  readonly workers?: number;
  readonly slots?: number;
  readonly redis?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What the next process of a role is armed with. */
  readonly arm?: (role: RoleName, name: string) => Readonly<Record<string, string>>;
  /** Where the home goes, when not into a new folder: a small disk. */
  readonly home?: string;
  readonly postgresFlags?: readonly string[];
  /** Between some parts (`worker0`) and the database, where it is to be cut. */
  readonly way?: CuttableWay;
}

export interface Rig {
  readonly home: string;
  /** Logs and ledgers of the run: never on a disk that is hurt. */
  readonly files: string;
  readonly url: string;
  readonly postgres: Postgres;
  readonly redis: RedisServer | undefined;
  readonly keepers: readonly Keeper[];
  of(role: RoleName): readonly Keeper[];
  readonly client: Client;
  /** The queue's own database. */
  readonly queueUrl: string;
  /** A folder of objects: the target's own ledgers. */
  readonly ledgers: string;
  /** Fail points that were reached, and those that acted. */
  notes(): {
    readonly reached: ReadonlySet<string>;
    readonly acted: readonly { readonly name: string; readonly at: number }[];
  };
  /** Processes that ended by themselves, with their last words. */
  readonly crashes: readonly string[];
  /** What was done to the product, and when. */
  readonly kills: { readonly what: string; readonly at: number }[];
  note(what: string): void;
  stop(options?: { readonly keepFiles?: boolean }): Promise<void>;
}

/** The whole product as real processes of an instrumented build, on a database of its own. Leases are short. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { build, template } = options;
  const home = options.home ?? newFolder(options.name);
  copyTemplate(template, home);
  const ledgers = newFolder(`${options.name}-target`);
  const files = newFolder(`${options.name}-files`);
  const { way } = options;
  const data = join(home, 'postgres');
  const postgres = await startPostgres(data, join(files, 'postgres.log'), options.postgresFlags, way?.listen);
  const redis = options.redis === true ? await startRedis(join(home, 'redis')) : undefined;
  const port = await freePort();
  const crashes: string[] = [];
  const kills: { what: string; at: number }[] = [];
  const notesFile = join(files, 'notes');
  const logs = join(files, 'logs');
  mkdirSync(logs);
  const direct: Way = { host: '127.0.0.1', port: postgres.port, prefix: [] };
  const base = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: process.env.HOME ?? '/',
    FIXPOINT_HOME: home,
    FIXPOINT_PORT: String(port),
    FIXPOINT_SLOTS: String(options.slots ?? 1),
    FIXPOINT_ALLOW_LOCAL: '1',
    FIXPOINT_SUBMIT_PER_MINUTE: '100000',
    FIXPOINT_RUNBOOKS: join(INSTALL_ROOT, 'test/faults/runbooks'),
    FIXPOINT_LEASE_MS: '2500',
    FIXPOINT_RECONCILE_AFTER_MS: '2500',
    FAULTS_NOTES: notesFile,
    ...options.env,
  };
  const at = (script: string) => join(build.directory, 'bundle', script);
  const part = async (role: RoleName, name: string, script: string, args: string[]) => {
    const { port, host, prefix } = way?.has(name) ? await way.to(name, postgres.port) : direct;
    const urls = template.urls(port, host);
    const queue = redis ? { REDIS_URL: redis.url } : { FIXPOINT_QUEUE_DATABASE_URL: urls.queue };
    const own = { [`FIXPOINT_${role.toUpperCase()}_DATABASE_URL`]: urls[role] };
    return keep({
      role,
      name,
      script: at(script),
      args,
      prefix,
      log: join(logs, `${name}.log`),
      env: () => ({
        ...base,
        ...own,
        ...(role === 'relay' || role === 'worker' ? queue : {}),
        ...options.arm?.(role, name),
      }),
      onCrash: (why) => crashes.push(why),
    });
  };
  const keepers = await Promise.all([
    part('authority', 'authority', 'src/processes/authority.js', []),
    part('relay', 'relay', 'workers/main.js', ['relay']),
    ...Array.from({ length: options.workers ?? 2 }, (_, i) =>
      part('worker', `worker${i}`, 'workers/main.js', ['worker']),
    ),
    part('api', 'api', 'src/processes/api.js', []),
  ]);
  const url = `http://127.0.0.1:${port}`;
  const client = createClient(url, template.tokens, join(files, 'answers.jsonl'));
  const rig: Rig = {
    home,
    files,
    url,
    postgres,
    redis,
    keepers,
    of: (role) => keepers.filter((keeper) => keeper.role === role),
    client,
    queueUrl: template.urls(postgres.port).queue,
    ledgers,
    notes: () => readNotes(notesFile),
    crashes,
    kills,
    note(what) {
      kills.push({ what, at: Date.now() });
      appendFileSync(join(files, 'kills.log'), `${new Date().toISOString()} ${what}\n`);
    },
    async stop({ keepFiles = false } = {}) {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
      await redis?.stop();
      await postgres.stop();
      if (!keepFiles)
        for (const folder of [...(options.home === undefined ? [home] : []), ledgers, files])
          rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await untilServing(rig, options);
    await addTarget(client);
  } catch (error) {
    await rig.stop({ keepFiles: true });
    throw new Error(`${(error as Error).message}; see ${logs}; ${crashes.join('\n')}`, { cause: error });
  }
  return rig;
}

/** Up means: every part said so once (armed ones may have died since), and the runbook is in the catalogue. */
async function untilServing({ keepers, client }: Rig, { arm }: RigOptions): Promise<void> {
  if (!arm) await until('every part is ready', () => keepers.every((keeper) => keeper.isReady()));
  await until('the runbook is loaded', async () => {
    const { status } = await client.call('admin', 'GET', '/v1/runbooks/ledger');
    return status === 200;
  });
}

async function addTarget(client: Client): Promise<void> {
  await until('the target is in the inventory', async () => {
    const { status } = await client.call('admin', 'POST', '/v1/targets', localTarget('box'));
    return status === 201 || status === 409;
  });
}

function readNotes(file: string): ReturnType<Rig['notes']> {
  const words = (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []).map((line) => line.split(' '));
  const of = (verb: string) => words.filter(([first, name]) => first === verb && name !== undefined);
  return {
    reached: new Set(of('reached').map(([, name = '']) => name)),
    acted: of('acted').map(([, name = '', at]) => ({ name, at: Number(at) })),
  };
}
