import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from '../../src/cli/api/client.js';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A client of a server that answers like this. */
async function clientOf(answer: RequestListener): Promise<Client> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createClient({ url: `http://127.0.0.1:${port}`, token: 'fxp_x', resume: { afterMs: 1, attempts: 3 } });
}
const send =
  (status: number, type: string, text: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(text);
const job = { path: { id: 'a/b' } };

it('fills path, query and headers in, with a key of its own for each creation', async () => {
  const seen: unknown[] = [];
  const keys = new Set();
  const client = await clientOf((request, response) => {
    const { authorization, 'idempotency-key': key } = request.headers;
    seen.push([request.method, request.url, authorization]);
    if (key !== undefined) keys.add(key);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ items: [], next: null, frozen: false }));
  });
  await client.get('/v1/jobs', { query: { state: 'queued', limit: 5 } });
  await client.post('/v1/freeze', { body: { reason: 'r' } });
  await client.post('/v1/freeze', { body: { reason: 'r' } });
  await expect(client.get('/v1/jobs/{id}', job)).rejects.toThrow();
  expect(seen).toEqual([
    ['GET', '/v1/jobs?state=queued&limit=5', 'Bearer fxp_x'],
    ['POST', '/v1/freeze', 'Bearer fxp_x'],
    ['POST', '/v1/freeze', 'Bearer fxp_x'],
    ['GET', '/v1/jobs/a%2Fb', 'Bearer fxp_x'],
  ]);
  expect(keys.size).toBe(2);
});

describe('too many requests', () => {
  const problem = JSON.stringify({ type: 't', title: 'Too many.', status: 429, code: 'too-many-requests' });
  const refuse =
    (retryAfter: string | undefined): RequestListener =>
    (_request, response) => {
      const wait = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      response.writeHead(429, { 'content-type': 'application/problem+json', ...wait }).end(problem);
    };
  const clientThatWaits = async (answer: RequestListener, waits: number[]) => {
    const { url } = await clientOf(answer);
    return createClient({ url, token: 'fxp_x', pause: (seconds) => Promise.resolve(void waits.push(seconds)) });
  };

  it('are waited for as long as the server says, and sent again with the same key', async () => {
    const keys: unknown[] = [];
    const waits: number[] = [];
    const client = await clientThatWaits((request, response) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length < 3) return refuse('7')(request, response);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"frozen":true}');
    }, waits);
    expect(await client.post('/v1/freeze', { body: { reason: 'r' } })).toEqual({ frozen: true });
    expect(waits).toEqual([7, 7]);
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  });

  it.each([[undefined], ['soon'], ['0'], ['86400']])('are refused at once where the wait is %s', async (retryAfter) => {
    const waits: number[] = [];
    const client = await clientThatWaits(refuse(retryAfter), waits);
    await expect(client.get('/v1/me')).rejects.toMatchObject({ code: 'too-many-requests' });
    expect(waits).toEqual([]);
  });

  it('are not waited for without an end', async () => {
    const waits: number[] = [];
    const client = await clientThatWaits(refuse('1'), waits);
    await expect(client.get('/v1/me')).rejects.toMatchObject({ code: 'too-many-requests' });
    expect(waits.length).toBe(20);
  });
});

it('passes on a problem of Fixpoint', async () => {
  const problem = { type: 't', title: 'No such job.', status: 404, code: 'job-not-found', detail: 'd' };
  const client = await clientOf(send(404, 'application/problem+json', JSON.stringify(problem)));
  await expect(client.get('/v1/jobs/{id}', job)).rejects.toMatchObject({
    code: 'job-not-found',
    problem: { ...problem, title: 'There is no job "a/b", or you may not see it.' },
  });
});

it.each([
  ['a page', send(200, 'text/html', '<p>hello</p>')],
  ['a page of a proxy', send(502, 'text/html', '<p>bad gateway</p>')],
  ['an error of another service', send(404, 'application/json', '{"error":"not found"}')],
  ['JSON that is cut off', send(200, 'application/json', '{"id":')],
  ['an empty object', send(200, 'application/json', '{}')],
  ['a list', send(200, 'application/json', '[]')],
  ['null', send(200, 'application/json', 'null')],
  ['nothing', send(200, 'application/json', '')],
  ['another success', send(204, 'text/plain', '')],
])('says that %s is no answer of Fixpoint', async (_, answer) => {
  const client = await clientOf(answer);
  const listener = { take: () => undefined };
  const refused = { name: 'Refusal', code: 'not-fixpoint' };
  await expect(client.get('/v1/jobs/{id}', job)).rejects.toMatchObject(refused);
  await expect(client.text('application/jsonl', '/v1/audit/export')).rejects.toMatchObject(refused);
  await expect(client.follow('/v1/jobs/{id}/events', job, listener)).rejects.toMatchObject(refused);
});

it('says that a server is down', async () => {
  const client = await clientOf((request) => request.socket.destroy());
  await expect(client.get('/v1/me')).rejects.toMatchObject({ code: 'server-unreachable' });
  const listener = { take: () => undefined };
  await expect(client.follow('/v1/jobs/{id}/events', job, listener)).rejects.toMatchObject({
    code: 'server-unreachable',
  });
});

describe('a stream whose connection breaks', () => {
  const event = (id: number) =>
    `id: ${id}\nevent: record\ndata: {"at":"t","phase":"Plan","stream":"verbose","text":"${id}","truncated":false}\n\n`;
  const end = 'event: end\ndata: {"state":"succeeded"}\n\n';

  /** Plays one answer a connection and returns what was seen; the last answer is repeated. */
  async function follow(...answers: readonly ((resumed: string | undefined) => string | number)[]) {
    let connections = 0;
    const client = await clientOf((request, response) => {
      const answer = answers[Math.min(connections++, answers.length - 1)];
      const given = answer?.(request.headers['last-event-id'] as string | undefined) ?? 500;
      if (typeof given === 'number')
        return send(
          given,
          'application/problem+json',
          JSON.stringify({ code: `c${given}`, title: 'T', status: given }),
        )(request, response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(given, () => (given.endsWith(end) ? response.end() : request.socket.destroy()));
    });
    const seen: string[] = [];
    let lost = 0;
    const done = client.follow('/v1/jobs/{id}/events', job, {
      take: (item) => void seen.push(item.event === 'record' ? item.data.text : item.event),
      lost: () => void (lost += 1),
    });
    return { done, seen, lost: () => lost };
  }

  it('is resumed after the last whole event; an event that comes again is not passed on again', async () => {
    const asked: (string | undefined)[] = [];
    const { done, seen, lost } = await follow(
      (after) => (asked.push(after), event(1) + event(2) + event(3).slice(0, 30)),
      (after) => (asked.push(after), event(1) + event(2) + event(3)),
      () => 503,
      (after) => (asked.push(after), event(4) + end),
    );
    await done;
    expect(seen).toEqual(['1', '2', '3', '4', 'end']);
    expect(asked).toEqual([undefined, '2', '3']);
    expect(lost()).toBe(3);
  });

  it('is given up after some attempts that bring nothing', async () => {
    const { done, seen, lost } = await follow(
      () => event(1),
      () => '',
    );
    await expect(done).rejects.toMatchObject({ code: 'server-unreachable' });
    expect([seen, lost()]).toEqual([['1'], 3]);
  });

  it('is not resumed where the server refuses', async () => {
    const { done } = await follow(
      () => event(1),
      () => 401,
    );
    await expect(done).rejects.toMatchObject({ code: 'c401' });
  });
});

it('gives up a server that breaks each stream after a comment', async () => {
  let opened = 0;
  const client = await clientOf((_request, response) => {
    opened += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': connected\n\n');
  });
  await expect(client.follow('/v1/jobs/{id}/events', job, { take: () => undefined })).rejects.toThrow(
    'Fixpoint does not answer',
  );
  expect(opened).toBe(4);
});
