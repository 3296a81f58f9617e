import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePort } from '../../lab/sshd.js';
import { startEmbeddedPostgres, type RunningPostgres } from '../../src/adapters/postgres/install/embedded.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { copyBuiltProgram } from '../support/built-copy.js';
import { commandsOf, runCommands } from '../support/guide.js';
import { until } from '../support/patience.js';

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
}

const compose = parse(readFileSync(join(INSTALL_ROOT, 'docker-compose.yml'), 'utf8')) as {
  services: Readonly<Record<string, Service>>;
};
mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
const home = mkdtempSync('/tmp/fixpoint-tests/build-');
const program = join(home, 'app');
let postgres: RunningPostgres;
let redis: ChildProcess;
let redisPort: number;
let apiPort: number;
const parts: { readonly name: string; readonly child: ChildProcess; readonly output: () => string }[] = [];

/** What a service of the compose file is given, with this machine's folders and its own user. Other parts cannot read its secrets. */
function optionsOf({ environment = {}, user }: Service) {
  const here = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace('/run/secrets/', `${home}/secrets/`).replace(/^\/(config|credentials|data|public)\//, `${home}/$1/`),
  ]);
  const [uid, gid] = (user ?? '').split(':').map(Number);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    FIXPOINT_MODE: 'production',
    ...(Object.fromEntries(here) as Record<string, string>),
  };
  return { cwd: program, env, uid, gid };
}
const argumentsOf = ({ command = [] }: Service) => command.map((word) => word.replace(/^dist/, join(program, 'dist')));

/** The files that the guide makes, for this machine's addresses. */
function makeSecrets(): void {
  const [commands = ''] = commandsOf('docs/guides/production.md', 'With containers');
  const { host, password } = new URL(postgres.adminUrl);
  runCommands(commands.replaceAll('@postgres:5432', `@${host}`).replaceAll('@redis:6379', `@127.0.0.1:${redisPort}`), {
    cwd: home,
  });
  // The image of PostgreSQL takes its password from there; the embedded one has one already.
  const installer = join(home, 'secrets', 'installer-database-url');
  const url = new URL(readFileSync(installer, 'utf8'));
  url.password = password;
  writeFileSync(installer, url.toString());
}

beforeAll(async () => {
  chmodSync(home, 0o755);
  copyBuiltProgram(program);
  postgres = await startEmbeddedPostgres({ home: join(home, 'postgres'), log: () => undefined });
  redisPort = await freePort('127.0.0.1');
  apiPort = await freePort('127.0.0.1');
  makeSecrets();
  // As the image has them.
  for (const [folder, part] of [
    ['data/authority', 'authority'],
    ['data/worker', 'worker'],
    ['public', 'authority'],
  ] as const) {
    mkdirSync(join(home, folder), { recursive: true });
    chmodSync(join(home, folder), folder === 'public' ? 0o755 : 0o700);
    const { uid = 0, gid = 0 } = optionsOf(compose.services[part]!);
    chownSync(join(home, folder), uid, gid);
  }
  const words = (compose.services.redis?.command ?? [])
    .slice(1)
    .map((word) => word.replace('/run/secrets/', `${home}/secrets/`));
  const place = ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', home];
  redis = spawn('redis-server', [...words, ...place], { stdio: 'ignore' });
});
afterAll(async () => {
  for (const { child } of parts) if (child.exitCode === null) child.kill('SIGKILL');
  redis?.kill();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('npm run build', () => {
  it('copies the files that the compiled program reads', () => {
    expect(existsSync(join(program, 'dist/src/adapters/postgres/migrations/0001-record.sql'))).toBe(true);
    for (const folder of ['demo', 'lab', 'test']) expect(existsSync(join(program, 'dist', folder))).toBe(false);
  });

  it('builds the processes that docker-compose.yml names, and they become ready with its users, secrets and environment', async () => {
    const { migrate, authority, relay, worker, api } = compose.services;
    const migrated = execFileSync(process.execPath, argumentsOf(migrate!), {
      ...optionsOf(migrate!),
      encoding: 'utf8',
    });
    expect(migrated).toContain('fixpoint is up to date');
    const start = (name: string, service: Service, more: NodeJS.ProcessEnv = {}) => {
      const options = optionsOf(service);
      const child = spawn(process.execPath, argumentsOf(service), {
        ...options,
        env: { ...options.env, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      child.stdout.on('data', (chunk) => (text += String(chunk)));
      child.stderr.on('data', (chunk) => (text += String(chunk)));
      parts.push({ name, child, output: () => text });
    };
    start('authority', authority!);
    while (!existsSync(join(home, 'public', 'grant-public.json')) && parts[0]?.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    start('relay', relay!);
    start('worker', worker!);
    start('api', api!, { FIXPOINT_HOST: '127.0.0.1', FIXPOINT_PORT: String(apiPort) });
    let last: unknown;
    await until('it is ready, or a part has ended', async () => {
      const answer = await fetch(`http://127.0.0.1:${apiPort}/readyz`).catch(() => undefined);
      last = await answer?.json();
      return answer?.status === 200 || parts.some(({ child }) => child.exitCode !== null);
    });
    const up = {
      ready: true,
      parts: expect.objectContaining({ database: 'up', queue: 'up', workers: 'up', engine: 'up' }),
      checkpoint: expect.any(Object),
      stuckSlots: 0,
    };
    expect([last, parts.map(({ name, output }) => `${name}: ${output()}`).join('\n')]).toEqual([
      up,
      expect.any(String),
    ]);
  });

  it('stops each of them at SIGTERM', async () => {
    // It says so once it listens to signals.
    const worker = parts.find(({ name }) => name === 'worker');
    while (worker?.output().includes('taking jobs') === false) await new Promise((resolve) => setTimeout(resolve, 50));
    const end = async ({ child }: (typeof parts)[number]): Promise<unknown> => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      return child.exitCode ?? ended;
    };
    const codes = await Promise.all(parts.map(end));
    expect(codes).toEqual([0, 0, 0, 0]);
    for (const { name, output } of parts) {
      const lines = output().split('\n').filter(Boolean);
      expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain(`fixpoint-${name}`);
    }
  });
});
