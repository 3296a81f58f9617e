import { startEmbeddedPostgres } from '../adapters/postgres/install/embedded.js';
import { ensureHome } from '../platform/own-files.js';
import type { Settings } from '../processes/compose.js';
import { claimHome } from '../processes/supervisor.js';

export interface OwnServer {
  readonly adminUrl: string;
  /** Whether it is the home's own server, and not one that the settings name. */
  readonly embedded: boolean;
}

/**
 * The database server of this home for as long as `work` takes: the one that the settings name, or the home's own, which is started
 * and stopped again.
 * @throws AlreadyRunning while the product runs on this home
 */
export async function withOwnServer<T>(
  { config: { home }, secrets }: Settings,
  log: (message: string) => void,
  work: (server: OwnServer) => Promise<T>,
): Promise<T> {
  ensureHome(home);
  const release = await claimHome(home);
  try {
    if (secrets.adminUrl !== undefined) return await work({ adminUrl: secrets.adminUrl, embedded: false });
    const postgres = await startEmbeddedPostgres({ home, log });
    try {
      return await work({ adminUrl: postgres.adminUrl, embedded: true });
    } finally {
      await postgres.stop();
    }
  } finally {
    await release();
  }
}
