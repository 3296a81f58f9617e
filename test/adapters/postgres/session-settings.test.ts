import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Request } from 'express';
import { withScratchPostgres } from '../../../bench/scratch-postgres.js';
import { createStore, inspectServer, migrate, withDatabase } from '../../../src/adapters/postgres/index.js';
import { createPostgresQueue } from '../../../src/adapters/queue/index.js';
import { authenticate } from '../../../src/http/authenticate.js';
import { issueToken, isValid, listTokens } from '../../../src/installation/tokens.js';
import { pinnedConnection } from '../../../src/platform/pg-client.js';
import type { ApiContext } from '../../../src/usecases/api-context.js';

/** What an administrator of a shared server may have set. */
const FOREIGN = [
  `datestyle = 'German, DMY'`,
  `TimeZone = 'Asia/Taipei'`,
  `search_path = '"$user"'`,
  `IntervalStyle = 'sql_standard'`,
  `bytea_output = 'escape'`,
  `extra_float_digits = -5`,
  `default_transaction_isolation = 'serializable'`,
];
const passwords = { api: 'a', authority: 'a', relay: 'a', worker: 'a', queue: 'a' };

let adminUrl: string;
let release: () => void;
let server: Promise<void>;

beforeAll(async () => {
  const released = new Promise<void>((resolve) => (release = resolve));
  await new Promise<void>((resolve, reject) => {
    server = withScratchPostgres('session-test', async (url) => {
      adminUrl = url;
      resolve();
      await released;
    });
    server.catch(reject);
  });
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>('SELECT current_user AS name');
  for (const setting of FOREIGN) {
    await admin.query(`ALTER ROLE ${admin.escapeIdentifier(rows[0]?.name ?? '')} SET ${setting}`);
  }
  await admin.end();
  await migrate({ adminUrl, database: 'fixpoint', passwords });
  const again = new pg.Client(pinnedConnection(adminUrl));
  await again.connect();
  for (const setting of FOREIGN)
    for (const database of ['fixpoint', 'fixpoint_queue'])
      await again.query(`ALTER DATABASE ${database} SET ${setting}`);
  await again.end();
});
afterAll(async () => {
  release();
  await server;
});

const asRole = (role: string, database = 'fixpoint'): string => {
  const url = new URL(withDatabase(adminUrl, database));
  url.username = `fixpoint_${role}`;
  url.password = 'a';
  return url.toString();
};

describe('a server with session settings of its own', () => {
  it('does not make a token expire, nor a process silent', async () => {
    const token = await issueToken(asRole('api'), 'ada', 'personal');
    const [listed] = await listTokens(asRole('api'));
    expect(listed && isValid(listed)).toBe(true);
    const store = createStore(asRole('api'));
    const found = await store.tokens.find(token.split('_')[1] ?? '');
    expect(found?.expiresAt.getTime()).toBe(listed?.expiresAt.getTime());
    await store.close();
    const relay = createStore(asRole('relay'));
    await relay.heartbeats.beat('relay', 'one', {});
    const [beat] = await relay.heartbeats.read();
    expect(Math.abs(Date.now() - (beat?.at.getTime() ?? 0))).toBeLessThan(600_000);
    await relay.close();
  });

  it('is read by the doctor, which finds every migration', async () => {
    const { server: facts } = await inspectServer(withDatabase(adminUrl, 'fixpoint'));
    expect(facts.migrations).toEqual({ missing: [], foreign: [] });
    expect(Math.abs(Date.now() - facts.now.getTime())).toBeLessThan(600_000);
  });

  it('carries the queue', async () => {
    const queue = createPostgresQueue({ url: asRole('queue', 'fixpoint_queue'), log: () => undefined });
    await queue.send('default', [{ id: 'm-01890000-0000-7000-8000-000000000001', jobId: 'j', priority: 1 }]);
    expect((await queue.live('default')).size).toBe(1);
    await queue.close();
  });

  it.each(['', '-c DateStyle=SQL,MDY -c search_path=pg_catalog -c work_mem=5MB -c tcp_keepalives_idle=77'])(
    'has the pinned settings, with options "%s" in the URL',
    async (options) => {
      const url = new URL(asRole('api'));
      if (options !== '') url.searchParams.set('options', options);
      const client = new pg.Client(pinnedConnection(url.toString(), { defaults: { tcp_keepalives_idle: '30' } }));
      await client.connect();
      const show = async (name: string) => Object.values((await client.query<object>(`SHOW ${name}`)).rows[0] ?? {})[0];
      expect(await show('DateStyle')).toBe('ISO, YMD');
      expect(await show('TimeZone')).toBe('UTC');
      expect(await show('search_path')).toBe('public');
      expect(await show('IntervalStyle')).toBe('postgres');
      expect(await show('bytea_output')).toBe('hex');
      expect(await show('extra_float_digits')).toBe('1');
      expect(await show('default_transaction_isolation')).toBe('read committed');
      if (options !== '') {
        expect(await show('work_mem')).toBe('5MB');
        expect(await show('tcp_keepalives_idle')).toBe('77');
      }
      await client.end();
    },
  );

  it('fails a statement whose time cannot be read, rather than reading it as null', async () => {
    const client = new pg.Client(pinnedConnection(asRole('api')));
    await client.connect();
    await client.query(`SET DateStyle = 'German'`);
    await expect(client.query('SELECT now()')).rejects.toThrow('a time that cannot be read');
    await client.end();
  });
});

it('a token whose expiry cannot be read is an error, not an expired token', async () => {
  const secret = 'a'.repeat(43);
  const token = {
    id: '0'.repeat(16),
    secretSha256: createHash('sha256').update(secret).digest('hex'),
    expiresAt: null,
  };
  const context = { tokens: { find: async () => token } } as unknown as ApiContext;
  const request = { headers: { authorization: `Bearer fxp_${token.id}_${secret}` } } as Request;
  await expect(authenticate(context, request)).rejects.toThrow('cannot be read');
});

it('every connection of the product is opened with pinned settings', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const opened = files.flatMap((name) =>
    [...readFileSync(join('src', name), 'utf8').matchAll(/new (?:pg\.(?:Client|Pool)|ResilientClient)\(.*/g)].map(
      ([text]) => `${name}: ${text}`,
    ),
  );
  expect(opened.length).toBeGreaterThan(6);
  expect(opened.filter((text) => !/(pinned|resilient)Connection\(/.test(text))).toEqual([]);
});
