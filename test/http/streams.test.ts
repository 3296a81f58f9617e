import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import express from 'express';
import type { Actor, Role } from '../../src/domain/people.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { createEventStreams } from '../../src/http/feed.js';
import type { JobFeed } from '../../src/ports/job-feed.js';
import { until } from '../support/patience.js';

const actor = (...roles: Role[]): Actor => ({
  person: { id: 'ann', name: 'Ann', roles },
  tokenId: 't',
  tokenKind: 'personal',
});

/** A feed in which nothing happens, so that only heartbeats are sent. */
const silent: Pick<JobFeed, 'follow' | 'changes'> = {
  async *follow(_job, _after, signal) {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield* [];
  },
  async *changes(signal) {
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield* [];
  },
};

const rights = { read: () => Promise.resolve(BUILT_IN_RIGHTS) };
let now: () => Promise<Actor | undefined>;
let looks = 0;
let server: Server;
beforeEach(async () => {
  looks = 0;
  now = () => Promise.resolve(actor('auditor'));
  const streams = createEventStreams({
    feed: silent,
    authenticate: () => now().finally(() => (looks += 1)),
    rights,
    heartbeatMs: 20,
  });
  const app = express();
  app.get('/mine', (request, response, next) => void streams.mine(actor('auditor'), request, response).catch(next));
  app.get('/job', (request, response, next) => void streams.job(actor('auditor'), 'j', request, response).catch(next));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => void server.close());

const open = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);

it.each<[string, Actor | undefined]>([
  ['the token has ended', undefined],
  ['the person lost the role that it was opened with', actor('helpdesk')],
])('a stream ends at its next heartbeat when %s', async (_, then) => {
  for (const path of ['mine', 'job']) {
    const response = await open(path);
    now = () => Promise.resolve(then);
    expect(await response.text()).not.toContain('event:');
    now = () => Promise.resolve(actor('auditor'));
  }
});

it('a stream stays while its token is valid, also while nobody can be judged', async () => {
  const gone = new AbortController();
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mine`, {
    signal: gone.signal,
  });
  const reader = response.body?.getReader();
  now = () => Promise.reject(new Error('the database is unavailable'));
  await until('some heartbeats failed', () => looks > 5);
  now = () => Promise.resolve(actor('auditor'));
  const text = new TextDecoder().decode((await reader?.read())?.value);
  expect(text).toContain(': still here');
  gone.abort();
});

it('a heartbeat that is judged while its stream ends writes nothing after the end', async () => {
  const errors: Error[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const answers: (() => void)[] = [];
  const streams = createEventStreams({
    feed: {
      ...silent,
      async *follow() {
        await ended;
        yield { kind: 'end', state: 'succeeded' };
      },
    },
    async authenticate() {
      await new Promise<void>((resolve) => answers.push(resolve));
      return actor('auditor');
    },
    rights,
    heartbeatMs: 20,
  });
  const app = express();
  app.get('/job', (request, response, next) => {
    response.on('error', (error) => errors.push(error));
    // Between the end of the stream and the close of the response.
    response.on('prefinish', () => answers.forEach((answer) => answer()));
    streams.job(actor('auditor'), 'j', request, response).catch(next);
  });
  const other = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const response = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/job`);
  await until('a heartbeat is being judged', () => answers.length > 0);
  end();
  expect(await response.text()).toBe('event: end\ndata: {"state":"succeeded"}\n\n');
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(errors).toEqual([]);
  other.close();
});

it('a stream whose reader left before it began ends at once', async () => {
  let ended = false;
  const app = express();
  const streams = createEventStreams({ feed: silent, authenticate: () => now(), rights, heartbeatMs: 20 });
  app.get('/mine', (request, response, next) => {
    response.on('close', () => {
      setImmediate(() => {
        void streams
          .mine(actor('auditor'), request, response)
          .then(() => (ended = true))
          .catch(next);
      });
    });
  });
  const other = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const gone = new AbortController();
  const asked = fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/mine`, { signal: gone.signal });
  await until('the request is there', () => new Promise((resolve) => other.getConnections((_, n) => resolve(n > 0))));
  gone.abort();
  await asked.catch(() => undefined);
  await until('the stream has ended', () => ended);
  other.close();
});
