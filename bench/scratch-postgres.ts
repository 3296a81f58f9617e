import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/adapters/postgres/install/embedded.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Work with a PostgreSQL of the product in a folder of its own. Server and folder are gone when the work has ended, however it ended:
 * at a signal they are taken away first, then the process ends by that signal.
 * @param work gets the address of the server for its owner; at a signal the server goes away under it
 */
export async function withScratchPostgres<T>(name: string, work: (adminUrl: string) => Promise<T>): Promise<T> {
  let signal: NodeJS.Signals | undefined;
  let interrupt: (error: Error) => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => (interrupt = reject));
  const onSignal = (which: NodeJS.Signals) => {
    signal ??= which;
    interrupt(new Error(`ended by ${signal}`));
  };
  for (const each of SIGNALS) process.on(each, onSignal);
  const home = mkdtempSync(join(tmpdir(), `fixpoint-${name}-`));
  chmodSync(home, 0o755);
  const server = startEmbeddedPostgres({ home, log: () => undefined });
  try {
    return await Promise.race([interrupted, server.then(({ adminUrl }) => work(adminUrl))]);
  } finally {
    // A server that is still starting is waited for: it would outlive its folder.
    await server.then(
      ({ stop }) => stop(),
      () => undefined,
    );
    await rm(home, { recursive: true, force: true });
    for (const each of SIGNALS) process.off(each, onSignal);
    if (signal !== undefined) process.kill(process.pid, signal);
  }
}
