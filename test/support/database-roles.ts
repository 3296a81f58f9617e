import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { DATABASE_ROLES, type RecordRole } from '../../src/adapters/postgres/install/roles.js';
import type { TestProduct } from './product.js';

/** The product's database as its owner and as each of its roles sees it. */
export interface DatabaseClients {
  readonly owner: pg.Client;
  readonly roles: ReadonlyMap<RecordRole, pg.Client>;
  end(): Promise<void>;
}

export async function connectEachRole(product: TestProduct): Promise<DatabaseClients> {
  const owner = await connect(withDatabase(product.adminUrl, 'fixpoint'));
  const roles = new Map<RecordRole, pg.Client>();
  for (const role of DATABASE_ROLES) roles.set(role, await connect(product.urls[role]));
  const end = async () => {
    for (const client of [owner, ...roles.values()]) await client.end();
  };
  return { owner, roles, end };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
