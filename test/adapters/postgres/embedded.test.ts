import { expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/adapters/postgres/install/embedded.js';

it('stops at once when its server has already ended, as after Ctrl-C in a terminal', async () => {
  const home = mkdtempSync('/tmp/fixpoint-embedded-');
  chmodSync(home, 0o755);
  try {
    const server = await startEmbeddedPostgres({ home, log: () => undefined });
    const pid = Number(readFileSync(join(server.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGINT');
    while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    // Where it waited for a server that is gone, it would not come back.
    await expect(server.stop()).resolves.toBeUndefined();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return true;
}
