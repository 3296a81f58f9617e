import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../../src/adapters/postgres/install/embedded.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';

const run = promisify(execFile);
let base: string;
beforeEach(() => {
  base = mkdtempSync('/tmp/fixpoint-embedded-');
  chmodSync(base, 0o755);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('stops at once when its server has already ended', async () => {
  const server = await startEmbeddedPostgres({ home: base, log: () => undefined });
  const { pid } = server.server;
  process.kill(pid, 'SIGINT');
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  // Where it waited for a server that is gone, it would not come back.
  await expect(server.stop()).resolves.toBeUndefined();
});

it('says that its server has ended, and starts it again at the same address', async () => {
  const server = await startEmbeddedPostgres({ home: base, log: () => undefined });
  const { pid, ended } = server.server;
  process.kill(pid, 'SIGKILL');
  expect(await ended).not.toBe('');
  const again = server.restart();
  await again.ready;
  expect(again.pid).not.toBe(pid);
  const lines = readFileSync(join(server.dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  expect(lines[3]).toBe(new URL(server.adminUrl).port);
  await server.stop();
  expect(alive(again.pid)).toBe(false);
});

describe('the files of the first start', () => {
  it.each(['000', '022', '027', '077'])('are closed to other users with umask %s', async (umask) => {
    const folders = { home: join(base, 'parent', 'home'), tmp: join(base, 'tmp') };
    const secrets = new Set<string>();
    const open = new Set<string>();
    const first = run('sh', ['-c', `umask ${umask}; mkdir "$TMPDIR"; exec "$@"`, 'sh', process.execPath, ...START], {
      cwd: INSTALL_ROOT,
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folders.tmp, FIXPOINT_HOME: folders.home },
    });
    let going = true;
    const looking = (async () => {
      while (going) {
        look(base, secrets, open);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await first.finally(() => (going = false));
    await looking;
    look(base, secrets, open);
    expect(secrets.size).toBeGreaterThan(0);
    expect([...open]).toEqual([]);
    const modeOf = (path: string) => (lstatSync(join(folders.home, path)).mode & 0o777).toString(8);
    const root = process.getuid?.() === 0;
    expect(Object.fromEntries(['', '..', 'keys', 'postgres', ...FILES].map((path) => [path, modeOf(path)]))).toEqual({
      '': root ? '711' : '700',
      '..': '755',
      keys: '700',
      postgres: '700',
      'postgres.password': '600',
      'keys/api.password': '600',
      'keys/grant.pem': '600',
      'keys/grant-public.json': '644',
      'people.json': '644',
    });
  });
});

const FILES = ['postgres.password', 'keys/api.password', 'keys/grant.pem', 'keys/grant-public.json', 'people.json'];
const START = ['--import', 'tsx', join(INSTALL_ROOT, 'test', 'fixtures', 'first-start.ts')];

/** Notes the secrets below a folder, and each file with one of them, and each folder, that others may read or write. */
function look(folder: string, secrets: Set<string>, open: Set<string>): void {
  for (const entry of list(folder)) {
    const path = join(folder, entry);
    try {
      const found = lstatSync(path);
      if (found.isDirectory()) {
        if ((found.mode & 0o022) !== 0 && !path.startsWith(join(base, 'tmp')))
          open.add(`${path} ${found.mode.toString(8)}`);
        // The server's own files hold no secret as text.
        if (entry !== 'postgres') look(path, secrets, open);
      } else if (found.isFile() && found.size > 0 && found.size < 5000) {
        const text = readFileSync(path, 'utf8').trim();
        if (entry.endsWith('.password')) secrets.add(text);
        const told = [...secrets].some((secret) => text.includes(secret)) || text.includes('PRIVATE KEY');
        if (told && (found.mode & 0o077) !== 0) open.add(`${path} ${found.mode.toString(8)}`);
      }
    } catch {
      // It has gone meanwhile.
    }
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
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
