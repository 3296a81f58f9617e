import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lab/sshd.js';
import { httpUrl } from '../../src/platform/address.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { until } from './patience.js';

const CLI = join(INSTALL_ROOT, 'bin', 'fixpoint.js');

/** `fixpoint up` as a process of its own on a new home. */
export interface RunningProduct {
  readonly home: string;
  readonly url: string;
  readonly child: ChildProcess;
  readonly env: NodeJS.ProcessEnv;
  /** What it printed so far. */
  output(): string;
  /** Waits until it is ready; fails when it ends instead. */
  ready(): Promise<void>;
  /** Process ids of its parts, by name. */
  parts(): Readonly<Record<string, number>>;
  /** Process ids of everything that runs on its home, the supervisor's own too. */
  left(): readonly number[];
  /** The exit code once it has ended. */
  ended(): Promise<number | null>;
  cli(token: string | undefined, ...args: string[]): { readonly code: number; readonly text: string };
  /** Stops it and removes the home. */
  remove(): Promise<void>;
}

export async function startRunningProduct(
  more: NodeJS.ProcessEnv = {},
  { cwd }: { readonly cwd?: string } = {},
): Promise<RunningProduct> {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  const home = mkdtempSync('/tmp/fixpoint-tests/up-');
  chmodSync(home, 0o755);
  const host = more.FIXPOINT_HOST ?? '127.0.0.1';
  const port = await freePort(host);
  const url = httpUrl(host, port);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_OPTIONS: '',
    FIXPOINT_HOME: home,
    FIXPOINT_PORT: String(port),
    ...more,
  };
  const child = spawn(process.execPath, [CLI, 'up'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const over = () => child.exitCode !== null || child.signalCode !== null;
  return {
    home,
    url,
    child,
    env,
    output: () => text,
    async ready() {
      await until('the product is ready', async () => {
        if (over()) throw new Error(`it ended: ${text}`);
        const answer = await fetch(`${url}/readyz`).catch(() => undefined);
        return answer?.status === 200;
      });
    },
    parts: () => partsOf(child.pid ?? 0),
    left: () =>
      pids().filter(
        (pid) =>
          pid !== process.pid &&
          (read(`/proc/${pid}/environ`).includes(`FIXPOINT_HOME=${home}`) ||
            read(`/proc/${pid}/cmdline`).includes(home)),
      ),
    ended: () => exit,
    cli(token, ...args) {
      // The home alone says where the product is.
      const { FIXPOINT_TOKEN: _token, FIXPOINT_URL: _url, FIXPOINT_HOST: _host, FIXPOINT_PORT: _port, ...rest } = env;
      try {
        const told = execFileSync(process.execPath, [CLI, ...args], {
          env: { ...rest, ...(token === undefined ? {} : { FIXPOINT_TOKEN: token }) },
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        return { code: 0, text: told };
      } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        return { code: status, text: stdout + stderr };
      }
    },
    async remove() {
      if (!over()) child.kill('SIGTERM');
      await exit;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Process ids of the processes that a supervisor started, by the name of the part. */
function partsOf(parent: number): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const pid of pids()) {
    const [stat, command] = [read(`/proc/${pid}/stat`), read(`/proc/${pid}/cmdline`)];
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== parent) continue;
    const name = NAMES.find(([, pattern]) => pattern.test(command.replaceAll('\0', ' ')))?.[0];
    if (name !== undefined) found[name] = pid;
  }
  return found;
}

const NAMES: readonly (readonly [string, RegExp])[] = [
  ['PostgreSQL', /bin\/postgres -D /],
  ['authority', /processes\/authority/],
  ['api', /processes\/api/],
  ['relay', /workers\/main\.\w+ relay/],
  ['worker', /workers\/main\.\w+ worker/],
];

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
