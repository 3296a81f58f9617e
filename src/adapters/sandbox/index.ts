import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxFile, SandboxProcess } from '../../domain/sandbox-case.js';
import type { Sandboxes } from '../../ports/sandbox.js';

/** What a process of a sandbox is a copy of. */
const WAITS = '/bin/sleep';

/** Sandboxes in the folder for temporary files of this account. */
export function createSandboxes(): Sandboxes {
  return {
    async open({ files = {}, processes = [] }) {
      const folder = await mkdtemp(join(await realpath(tmpdir()), 'fixpoint-sandbox-'));
      const running: Restarted[] = [];
      const close = async () => {
        for (const one of running) await one.end();
        await rm(folder, { recursive: true, force: true });
      };
      try {
        for (const [path, file] of Object.entries(files)) await write(join(folder, path), file);
        for (const process of processes) running.push(await start(folder, process));
      } catch (error) {
        await close();
        throw error;
      }
      return { folder, user: userInfo().username, close };
    },
    async canary() {
      const folder = await mkdtemp(join(tmpdir(), 'fixpoint-canary-'));
      const path = join(folder, 'touched');
      return {
        path,
        touched: () => existsSync(path),
        close: () => rm(folder, { recursive: true, force: true }),
      };
    },
  };
}

async function write(path: string, { text, modifiedUtc, mode }: SandboxFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (mode !== undefined) await chmod(path, Number.parseInt(mode, 8));
  if (modifiedUtc !== undefined) await utimes(path, new Date(modifiedUtc), new Date(modifiedUtc));
}

interface Restarted {
  end(): Promise<void>;
}

async function start(folder: string, { executable, restarts = false }: SandboxProcess): Promise<Restarted> {
  const path = join(folder, executable);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(await realpath(WAITS), path);
  let ending = false;
  let child: ChildProcess;
  const run = async () => {
    child = spawn(path, ['86400'], { stdio: 'ignore' });
    child.on('exit', () => {
      if (restarts && !ending) void run().catch(() => undefined);
    });
    await once(child, 'spawn');
  };
  await run();
  // So that it started before the request on a clock of hundredths of a second.
  await sleep(200);
  return {
    async end() {
      ending = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
