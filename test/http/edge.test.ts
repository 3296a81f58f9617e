import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { createApp, type AppOptions } from '../../src/http/app.js';
import { createHttpServer } from '../../src/http/server.js';
import { readConfig } from '../../src/processes/config.js';
import type { ApiContext } from '../../src/usecases/api-context.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';

/** The app over a record that knows one person with two tokens: what is tested answers before the database is needed. */
const person = { id: 'ann', name: 'Ann', roles: ['auditor'] } as const;
const SECRET = 'x'.repeat(43);
const [first, second] = ['a'.repeat(16), 'b'.repeat(16)] as const;
const bearer = (id: string) => ({ authorization: `Bearer fxp_${id}_${SECRET}` });
const context = {
  tokens: {
    find: (id: string) =>
      Promise.resolve(
        [first, second].includes(id)
          ? {
              ...{ id, person: 'ann', kind: 'person', expiresAt: new Date(Date.now() + 3_600_000) },
              secretSha256: createHash('sha256').update(SECRET).digest('hex'),
            }
          : undefined,
      ),
  },
  people: { read: () => Promise.resolve({ find: () => person }) },
  rights: { read: () => Promise.resolve(BUILT_IN_RIGHTS) },
  values: createValueChecker(),
  figures: { read: () => Promise.reject(new Error('scraped')) },
} as unknown as ApiContext;

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(options: Partial<AppOptions> = {}): Promise<number> {
  const app = createApp(context, {
    ...{ ping: () => Promise.resolve(), requestsPerMinute: 5, anonymousPerMinute: 3 },
    ...{ host: '127.0.0.1', names: [], trustedProxies: [], ...options },
  });
  const server = createHttpServer({}, app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const ask = (port: number, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; retryAfter: string | undefined; code: unknown }>((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const { code } = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: unknown };
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], code });
      });
    })
      .on('error', reject)
      .end();
  });
const statuses = async (port: number, path: string, count: number, headers: (i: number) => Record<string, string>) => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await ask(port, path, headers(i))).status);
  return found;
};

describe('a limit', () => {
  it('of those without a token locks out nobody who has one', async () => {
    const port = await listen();
    expect(await statuses(port, '/v1/me', 5, () => ({}))).toEqual([401, 401, 401, 429, 429]);
    expect(await statuses(port, '/v1/me', 2, () => bearer('c'.repeat(16)))).toEqual([429, 429]);
    expect(await ask(port, '/v1/openapi.json')).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect((await ask(port, '/v1/openapi.json')).retryAfter).toMatch(/^\d+$/);
    expect((await ask(port, '/v1/me', bearer(first))).status).toBe(200);
  });

  it('is of each token, so that one takes nothing from another', async () => {
    const port = await listen();
    expect(await statuses(port, '/v1/me', 7, () => bearer(first))).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await ask(port, '/v1/me', bearer(second))).status).toBe(200);
    expect((await ask(port, '/v1/me')).status).toBe(401);
  });

  it.each(['/v1/none', '/v1/openapi.json', '/elsewhere', '/v1/jobs/x/y'])(
    'counts %s as without a token',
    async (path) => {
      const port = await listen();
      expect((await statuses(port, path, 4, () => ({}))).at(-1)).toBe(429);
    },
  );

  const forwarded = (address: string) => ({ 'x-forwarded-for': address });

  it('takes the address of the connection, whatever X-Forwarded-For says', async () => {
    const port = await listen();
    expect(await statuses(port, '/v1/me', 4, (i) => forwarded(`198.51.100.${i}`))).toEqual([401, 401, 401, 429]);
  });

  it('takes what a trusted proxy says, the last address that is none of a trusted one', async () => {
    const port = await listen({ trustedProxies: ['127.0.0.0/8', '10.0.0.1'] });
    const one = () => forwarded('203.0.113.9, 198.51.100.1, 10.0.0.1');
    expect(await statuses(port, '/v1/me', 4, one)).toEqual([401, 401, 401, 429]);
    expect((await ask(port, '/v1/me', forwarded('203.0.113.9, 198.51.100.2'))).status).toBe(401);
    // With the port that some proxies write: still the same address.
    expect((await ask(port, '/v1/me', forwarded('198.51.100.1:4711'))).status).toBe(429);
    expect(await statuses(port, '/v1/me', 4, (i) => forwarded(`nonsense-${i}`))).toEqual([401, 401, 401, 429]);
  });
});

describe('a request for another host', () => {
  const evil = { host: 'evil.example:8400' };

  it.each(['/healthz', '/v1/openapi.json', '/metrics', '/v1/me'])('is refused at %s', async (path) => {
    expect(await ask(await listen(), path, evil)).toMatchObject({ status: 421, code: 'host-unknown' });
  });

  it.each(['127.0.0.1', '127.0.0.1:1', 'localhost:8400', 'LOCALHOST.', '[::1]:8400', '192.0.2.7', hostname()])(
    'is answered for %s, which no site on the network can be',
    async (host) => {
      expect((await ask(await listen(), '/healthz', { host })).status).toBe(200);
    },
  );

  it.each(['localhost.evil.example', 'evil.example', '127.0.0.1.evil.example', '[::1', 'a:b:c'])(
    'is refused for %j',
    async (host) => {
      expect((await ask(await listen(), '/healthz', { host })).status).toBe(421);
    },
  );

  it('is answered for the names that are set, on any address', async () => {
    const names = ['fixpoint.example'];
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const port = await listen({ names, host });
      expect((await ask(port, '/healthz', { host: 'Fixpoint.Example:443' })).status).toBe(200);
      expect((await ask(port, '/healthz', evil)).status).toBe(421);
    }
  });

  it('is answered on an address that others reach while no name is set, but for what this machine alone may read', async () => {
    const port = await listen({ host: '0.0.0.0' });
    expect((await ask(port, '/healthz', evil)).status).toBe(200);
    expect((await ask(port, '/metrics', evil)).status).toBe(401);
    // The stand-in of the record fails where it is read.
    expect((await ask(port, '/metrics')).status).toBe(500);
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/v1/me', '/v1/openapi.json', '/nowhere'])(
    'forbids to guess its type, to frame it and to load anything from it, and lets no other origin in: %s',
    async (path) => {
      const response = await fetch(`http://127.0.0.1:${await listen()}${path}`, {
        headers: { ...bearer(first), origin: 'https://evil.example' },
      });
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('x-powered-by')).toBeNull();
    },
  );

  it('of a route is kept in no cache', async () => {
    const response = await fetch(`http://127.0.0.1:${await listen()}/v1/me`, { headers: bearer(first) });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });
});

describe('the settings', () => {
  const read = (env: NodeJS.ProcessEnv) => readConfig(env, '/checkout');

  it('take lists of names and proxies', () => {
    const env = { FIXPOINT_NAMES: 'a.example, b', FIXPOINT_TRUSTED_PROXIES: '10.0.0.0/8,::1' };
    const config = { names: ['a.example', 'b'], trustedProxies: ['10.0.0.0/8', '::1'] };
    expect(read(env)).toMatchObject({ ok: true, value: { config } });
    expect(read({})).toMatchObject({ ok: true, value: { config: { names: [], trustedProxies: [] } } });
  });

  it.each([
    ['FIXPOINT_NAMES', 'a.example:8400'],
    ['FIXPOINT_NAMES', 'https://a.example'],
    ['FIXPOINT_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['FIXPOINT_TRUSTED_PROXIES', 'proxy.example'],
    ['FIXPOINT_TRUSTED_PROXIES', 'true'],
  ])('refuse %s=%s', (variable, value) => {
    expect(read({ [variable]: value })).toMatchObject({ ok: false, error: [{ variable }] });
  });
});
