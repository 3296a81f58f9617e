import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lab/sshd.js';
import { copyBuiltProgram } from '../support/built-copy.js';
import { until } from '../support/patience.js';

/** An account that owns nothing of the checkout; where the tests do not run as root it is theirs, and the folders are read-only. */
const ACCOUNT = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
let folder: string;
let checkout: string;
let home: string;
let npm: ChildProcess;

beforeAll(() => {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  folder = mkdtempSync('/tmp/fixpoint-tests/service-');
  chmodSync(folder, 0o755);
  checkout = join(folder, 'checkout');
  home = join(folder, 'home');
  mkdirSync(home);
  copyBuiltProgram(checkout);
  if (ACCOUNT.uid === undefined) execFileSync('find', [checkout, '-type', 'd', '-exec', 'chmod', 'a-w', '{}', '+']);
  else chownSync(home, ACCOUNT.uid, ACCOUNT.gid);
});
afterAll(async () => {
  for (const pid of left()) process.kill(pid, 'SIGKILL');
  await until('they have ended', () => left().length === 0);
  execFileSync('chmod', ['-R', 'u+w', join(checkout, 'engine')]);
  rmSync(folder, { recursive: true, force: true });
});

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Processes with our home. */
function left(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(home) || read(`/proc/${pid}/cmdline`).includes(home))
    .map(Number);
}

/** Everything of the checkout that this account could have written, with the time of its last change. */
function files(): readonly string[] {
  return readdirSync(checkout, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules/'))
    .map((name) => `${name} ${lstatSync(join(checkout, name)).mtimeMs}`);
}

it('npm start runs a built checkout of another owner, writes nothing into it, and SIGTERM to npm stops every process', async () => {
  const before = files();
  const port = await freePort('127.0.0.1');
  const env = {
    PATH: process.env.PATH,
    DOTNET_ROOT: process.env.DOTNET_ROOT,
    HOME: home,
    npm_config_cache: join(home, 'npm'),
  };
  npm = spawn('npm', ['start'], {
    ...ACCOUNT,
    cwd: checkout,
    env: { ...env, FIXPOINT_HOME: join(home, 'fixpoint'), FIXPOINT_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  npm.stdout?.on('data', (chunk) => (output += String(chunk)));
  npm.stderr?.on('data', (chunk) => (output += String(chunk)));
  const exit = new Promise((resolve) => npm.once('exit', resolve));
  await until('it is ready', async () => {
    if (npm.exitCode !== null) throw new Error(`it ended: ${output}`);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    return answer?.status === 200;
  });
  expect(files()).toEqual(before);
  process.kill(npm.pid ?? 0, 'SIGTERM');
  await exit;
  await until('no process is left', () => left().length === 0);
  expect(output).toContain('Stopping');
});
