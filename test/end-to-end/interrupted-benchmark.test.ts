import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

let folder: string;
let run: ChildProcess;
let server: number | undefined;

beforeEach(() => {
  folder = mkdtempSync('/tmp/fixpoint-interrupted-');
  chmodSync(folder, 0o755);
  run = spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', 'growth'], {
    cwd: INSTALL_ROOT,
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
    stdio: 'ignore',
    detached: true,
  });
});
afterEach(() => {
  for (const pid of [run.pid, server]) if (pid !== undefined && alive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const homes = () => readdirSync(folder).filter((name) => name.startsWith('fixpoint-growth-'));

/** The server's process id once it takes connections. */
async function ready(): Promise<number> {
  for (;;) {
    const [home] = homes();
    const file = join(folder, home ?? '', 'postgres', 'postmaster.pid');
    const lines = home !== undefined && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    if (lines[7]?.trim() === 'ready') return Number(lines[0]);
    if (run.exitCode !== null) throw new Error(`the benchmark ended with ${run.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return true;
}

const ended = () =>
  new Promise<NodeJS.Signals | null>((resolve) => {
    run.once('exit', (_, signal) => resolve(signal));
  });

describe('an interrupted benchmark stops its server and leaves no folder', () => {
  it.each([
    ['SIGTERM', 'in the middle of its fill', 3000],
    ['SIGTERM', 'as soon as the server is there', 0],
  ] as const)('%s %s', async (signal, _, after) => {
    server = await ready();
    await new Promise((resolve) => setTimeout(resolve, after));
    const end = ended();
    process.kill(run.pid as number, signal);
    expect(await end).toBe(signal);
    expect(alive(server)).toBe(false);
    expect(homes()).toEqual([]);
  });

  it('Ctrl-C, which the server receives too', async () => {
    server = await ready();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const end = ended();
    process.kill(-(run.pid as number), 'SIGINT');
    expect(await end).toBe('SIGINT');
    expect(alive(server)).toBe(false);
    expect(homes()).toEqual([]);
  });

  it('SIGINT while the server is still being made', async () => {
    while (homes().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const end = ended();
    process.kill(run.pid as number, 'SIGINT');
    expect(await end).toBe('SIGINT');
    expect(homes()).toEqual([]);
  });
});
