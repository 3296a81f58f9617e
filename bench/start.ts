import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../src/platform/install-root.js';
import { freePort } from '../lab/sshd.js';
import type { Figure } from './figures.js';

const RUNS = 5;

/**
 * From `npm start` to the first request that is answered with everything ready, on an installation that was there before: the packages
 * are installed, the engine is built, the database was made.
 */
export async function start(): Promise<readonly Figure[]> {
  const home = mkdtempSync('/tmp/fixpoint-start-');
  chmodSync(home, 0o755);
  try {
    // The first run makes what a warm one finds.
    await once(home);
    const times: { answered: number; ready: number }[] = [];
    for (let i = 0; i < RUNS; i++) times.push(await once(home));
    return [
      { name: 'npm start, warm, to the first answer', unit: 'ms', values: times.map(({ answered }) => answered) },
      { name: 'npm start, warm, to every part ready', unit: 'ms', values: times.map(({ ready }) => ready) },
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function once(home: string): Promise<{ answered: number; ready: number }> {
  const port = await freePort('127.0.0.1');
  const env = { ...process.env, FIXPOINT_HOME: home, FIXPOINT_PORT: String(port), NODE_OPTIONS: '' };
  const started = performance.now();
  const child = spawn(process.execPath, [join(INSTALL_ROOT, 'tools', 'start.mjs')], {
    cwd: INSTALL_ROOT,
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const answers = async (path: string) => {
    for (;;) {
      const ok = await fetch(`http://127.0.0.1:${port}${path}`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (ok) return performance.now() - started;
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  try {
    const answered = await answers('/healthz');
    return { answered, ready: await answers('/readyz') };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
