import pg from 'pg';
import { pinnedConnection } from '../../../platform/pg-client.js';
import { withDatabase } from './migrate.js';

const WITHIN_MS = 5000;

/**
 * Databases of the server other than its own that a role can connect to, found by connecting: neither its rights nor pg_hba.conf alone
 * say it.
 * @throws Error of pg when its own database cannot be reached
 */
export async function reachableDatabases(url: string): Promise<readonly string[]> {
  const others = await connected(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE datallowconn AND datname <> current_database() ORDER BY datname',
    );
    return rows.map(({ datname }) => datname);
  });
  const reachable: string[] = [];
  for (const database of others) {
    const other = withDatabase(url, encodeURIComponent(database));
    const may = await connected(other, () => Promise.resolve(true)).catch(() => false);
    if (may) reachable.push(database);
  }
  return reachable;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...pinnedConnection(url), connectionTimeoutMillis: WITHIN_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
