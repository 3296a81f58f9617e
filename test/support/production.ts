import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../lab/sshd.js';
import { startEmbeddedPostgres, type RunningPostgres } from '../../src/adapters/postgres/install/embedded.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { copyBuiltProgram } from './built-copy.js';
import { commandsOf, runCommands } from './guide.js';
import { readUnit, startUnit, type Changes, type Started } from './units.js';

const GUIDE = 'docs/guides/production.md';
const USERS = ['api', 'authority', 'relay', 'worker'].map((part) => `fixpoint-${part}`);

/** One machine as the guide for production sets it up: real users, a PostgreSQL and a Redis that ask for passwords. */
export interface ProductionMachine {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly url: string;
  readonly postgres: RunningPostgres;
  /** A path or a text of the guide or of a unit, as it is on this machine. */
  inRoot(text: string): string;
  /** Contents of a file below `/etc/fixpoint/secrets`. */
  secret(name: string): string;
  /** Runs commands as root, with the functions that the guide defines. */
  asRoot(commands: string): { readonly code: number; readonly text: string };
  /** Starts the process of a unit. */
  start(unit: string, changes?: Changes): Started;
  stop(): Promise<void>;
}

/** Follows the guide up to the migration. Needs root: it makes the users of the parts, and removes them at the end. */
export async function setUpProduction(): Promise<ProductionMachine> {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
  const root = mkdtempSync('/tmp/fixpoint-tests/production-');
  const started: Started[] = [];
  const undo: (() => unknown)[] = [() => rmSync(root, { recursive: true, force: true })];
  const stop = async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    for (const step of undo.reverse()) await step();
  };
  try {
    const machine = await followGuide(root, undo);
    const start: ProductionMachine['start'] = (unit, changes) => {
      const one = startUnit(readUnit(unit, machine.inRoot), join(root, 'run'), changes);
      started.push(one);
      return one;
    };
    return { ...machine, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param undo gets what removes it again */
async function followGuide(root: string, undo: (() => unknown)[]): Promise<Omit<ProductionMachine, 'start' | 'stop'>> {
  chmodSync(root, 0o755);
  for (const folder of ['etc/redis', 'var/lib', 'run', 'redis', 'postgres'])
    mkdirSync(join(root, folder), { recursive: true, mode: 0o755 });
  copyBuiltProgram(join(root, 'opt/fixpoint'));
  const [redisPort, apiPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const postgres = await startEmbeddedPostgres({ home: join(root, 'postgres'), log: () => undefined });
  undo.push(() => postgres.stop());
  const inRoot = (text: string) =>
    text
      .replaceAll(/\/(etc\/(?:fixpoint|redis)|var\/lib\/fixpoint-|opt\/fixpoint)/g, `${root}/$1`)
      .replaceAll('127.0.0.1:5432', new URL(postgres.adminUrl).host)
      .replaceAll('127.0.0.1:6379', `127.0.0.1:${redisPort}`);
  const play = (section: string, skip = /$^/) =>
    runCommands(inRoot(commandsOf(GUIDE, section).join('\n')).replace(skip, ''));
  const secret = (name: string) => readFileSync(join(root, 'etc/fixpoint/secrets', name), 'utf8').trim();
  const missing = USERS.filter((user) => spawnSync('id', [user]).status !== 0);
  // One that another run on this machine uses meanwhile stays.
  undo.push(() => missing.forEach((user) => spawnSync('userdel', [user])));
  play('2. Users and folders', missing.length === 0 ? /^for[\s\S]*?^done$/m : undefined);
  play('3. Secrets');
  await preparePostgres(postgres, commandsOf(GUIDE, '4. PostgreSQL')[0] ?? '', secret('installer-database-url'));
  play('5. Redis', /^systemctl .*$/m);
  const redis = startRedis(join(root, 'etc/redis/redis.conf'), join(root, 'redis'), redisPort);
  undo.push(() => redis.kill());
  const [settings = '', functions = '', migration = ''] = commandsOf(GUIDE, '6. Settings and schema');
  runCommands(inRoot(settings));
  for (const name of ['fixpoint.env', 'admin.env']) {
    const path = join(root, 'etc/fixpoint', name);
    writeFileSync(path, inRoot(readFileSync(path, 'utf8')));
  }
  appendFileSync(join(root, 'etc/fixpoint/fixpoint.env'), `FIXPOINT_PORT=${apiPort}\nFIXPOINT_ALLOW_LOCAL=1\n`);
  const asRoot: ProductionMachine['asRoot'] = (commands) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', inRoot(functions + commands)], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: status ?? -1, text: stdout + stderr };
  };
  const migrated = asRoot(migration);
  if (migrated.code !== 0) throw new Error(migrated.text);
  return { root, postgres, inRoot, secret, asRoot, url: `http://127.0.0.1:${apiPort}` };
}

/** What the guide has `psql` do, which does not come with the embedded server. */
async function preparePostgres(postgres: RunningPostgres, commands: string, installer: string): Promise<void> {
  const [sql = ''] = /^CREATE ROLE .*$/m.exec(commands) ?? [];
  const hba = join(postgres.dataDirectory, 'pg_hba.conf');
  const ours = readFileSync(join(INSTALL_ROOT, 'deploy/postgresql/pg_hba.conf'), 'utf8');
  writeFileSync(hba, ours + readFileSync(hba, 'utf8'));
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  await client.query(sql.replace('$password', new URL(installer).password));
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

function startRedis(config: string, folder: string, port: number): ChildProcess {
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  return spawn('redis-server', [config, ...place], { stdio: 'ignore' });
}
