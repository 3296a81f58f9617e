import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import pg from 'pg';
import { inspectServer, reachableDatabases, withDatabase } from '../../../src/adapters/postgres/index.js';
import { connectionLimit } from '../../../src/adapters/postgres/install/connection-limits.js';
import { startEmbeddedPostgres, type RunningPostgres } from '../../../src/adapters/postgres/install/embedded.js';
import { prepareDatabase } from '../../../src/processes/supervisor.js';

const ROLES = ['api', 'authority', 'relay', 'worker', 'queue'] as const;
const home = mkdtempSync('/tmp/fixpoint-limits-');
let postgres: RunningPostgres;
let urls: Awaited<ReturnType<typeof prepareDatabase>>;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ home, log: () => undefined });
  urls = await prepareDatabase(home, postgres.adminUrl, false);
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('the connection limit of a role', () => {
  it('leaves half of a usual server to the others, and suffices for one process on a small one', () => {
    expect(ROLES.map((role) => connectionLimit(role, 100))).toEqual([30, 12, 12, 40, 40]);
    expect(ROLES.map((role) => connectionLimit(role, 20))).toEqual([24, 12, 12, 24, 24]);
    for (const role of ROLES) expect(connectionLimit(role, 200)).toBeLessThanOrEqual(100);
  });

  it('is kept by the server, and the others still sign in', async () => {
    const clients: pg.Client[] = [];
    const connect = async (url: string) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      clients.push(client);
    };
    try {
      const limit = connectionLimit('relay', 200);
      for (let i = 0; i < limit; i++) await connect(urls.relay);
      await expect(connect(urls.relay)).rejects.toMatchObject({ code: '53300' });
      await connect(urls.authority);
      expect(clients).toHaveLength(limit + 1);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  it('is missed by doctor where somebody took it away', async () => {
    const url = withDatabase(postgres.adminUrl, 'fixpoint');
    expect((await inspectServer(url)).server.tooWide).toEqual([]);
    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    await admin.query('ALTER ROLE fixpoint_worker CONNECTION LIMIT -1');
    await admin.end();
    expect((await inspectServer(url)).server.tooWide).toEqual(['fixpoint_worker has no connection limit']);
  });
});

describe('the databases that a role can reach beside its own', () => {
  it.each(ROLES)('are those into which every role may sign in, for %s', async (role) =>
    expect(await reachableDatabases(urls[role])).toEqual(['postgres', 'template1']),
  );

  it('are none on a server of our own', async () => {
    await prepareDatabase(home, postgres.adminUrl, true);
    for (const role of ROLES) expect([role, await reachableDatabases(urls[role])]).toEqual([role, []]);
    expect((await inspectServer(withDatabase(postgres.adminUrl, 'fixpoint'))).server.tooWide).toEqual([]);
  });
});
