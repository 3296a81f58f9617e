import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { apiRoutes, createApp } from '../../src/http/app.js';
import type { RequestLog } from '../../src/http/observed.js';
import { createHttpServer } from '../../src/http/server.js';
import {
  composeApi,
  composeAuthority,
  composeQueue,
  composeRelay,
  composeRunbooks,
  composeWorker,
  type Settings,
} from '../../src/processes/compose.js';
import { authoriseForever } from './authorise-forever.js';
import { judgeBy } from './documented.js';
import { localTarget } from './local-target.js';
import { readConfig } from '../../src/processes/config.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { latestNews } from './latest-news.js';
import { createPatience } from './patience.js';
import { isTerminal } from '../../src/domain/job.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { startEmbeddedPostgres } from '../../src/adapters/postgres/install/embedded.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { prepareDatabase } from '../../src/processes/supervisor.js';
import { runRelay } from '../../workers/outbox-relay.js';
import { loadCheckout } from '../../src/usecases/admission/load-checkout.js';
import { startWorker } from '../../workers/runbook-worker.js';
import { putNewServer } from './database-template.js';
import { type Who, issueTokens, newInstallation } from './people.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export interface TestProduct {
  readonly home: string;
  readonly url: string;
  readonly adminUrl: string;
  /** Process id of the database server. */
  readonly postgresPid: number;
  /** The record as each role, for tests of their rights. */
  readonly urls: Awaited<ReturnType<typeof prepareDatabase>>;
  readonly tokens: Readonly<Record<Who, string>>;
  readonly api: ReturnType<typeof composeApi>;
  readonly worker: Awaited<ReturnType<typeof composeWorker>> | undefined;
  call(
    who: Who | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** A job's answer once its state is one of those; also when it has ended in another, or there is no news of any job for too long. */
  until(id: string, states: readonly string[]): Promise<Answer['body']>;
  /** The worker alone, ended and begun again as its process would be: with its grace, on the same home. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** Without workers nothing is planned: for tests of the interface alone. */
  readonly workers?: boolean;
  readonly runbooks?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** An engine of the caller's: a benchmark's stand-in that does nothing. */
  readonly host?: PowerShellHost;
  readonly slots?: number;
  /** Where the API logs its requests; nowhere if it is not given. */
  readonly log?: RequestLog;
  /** Told of what authority fails at, which it then tries again. Without it such a failure ends the test. */
  readonly authorityFailed?: (error: unknown) => void;
  /** Contents of the worker's credentials file. */
  readonly credentials?: unknown;
  /** An installation that is there, such as a restored one; it stays when the product stops. */
  readonly home?: string;
}

/** The product in one process on a fresh embedded PostgreSQL: real record, real queue, real engine. */
export async function startTestProduct(options: ProductOptions = {}): Promise<TestProduct> {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
  const home = options.home ?? mkdtempSync('/tmp/fixpoint-tests/home-');
  if (options.home === undefined) {
    newInstallation(home, options.credentials);
    await putNewServer(home);
  }
  const postgres = await startEmbeddedPostgres({ home, log: () => undefined });
  const urls = await prepareDatabase(home, postgres.adminUrl, true);
  const runbooks = options.runbooks ?? [join(INSTALL_ROOT, 'test/fixtures/runbooks')];
  const read = readConfig(
    {
      FIXPOINT_HOME: home,
      FIXPOINT_ALLOW_LOCAL: '1',
      FIXPOINT_SUBMIT_PER_MINUTE: '100000',
      FIXPOINT_RECONCILE_AFTER_MS: '1500',
      // A claim is lost only where a test wants it: it asks for a shorter lease then.
      FIXPOINT_LEASE_MS: '15000',
      FIXPOINT_DRAIN_MS: '1000',
      FIXPOINT_API_DATABASE_URL: urls.api,
      FIXPOINT_AUTHORITY_DATABASE_URL: urls.authority,
      FIXPOINT_RELAY_DATABASE_URL: urls.relay,
      FIXPOINT_WORKER_DATABASE_URL: urls.worker,
      FIXPOINT_QUEUE_DATABASE_URL: urls.queue,
      ...options.env,
    },
    INSTALL_ROOT,
  );
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const settings: Settings = { ...read.value, config: { ...read.value.config, runbookDirectories: runbooks } };
  const stopped = new AbortController();
  const closers: (() => Promise<unknown>)[] = [];
  const api = composeApi(settings);
  void api.context.feed.run(stopped.signal);
  const { log: requestLog } = options;
  const app = createApp(api.context, {
    ping: api.record.ping,
    requestsPerMinute: 1_000_000,
    anonymousPerMinute: 1_000_000,
    ...{ host: settings.config.host, names: settings.config.names, trustedProxies: settings.config.trustedProxies },
    ...(requestLog ? { log: requestLog } : {}),
  });
  const server = createHttpServer({}, app);
  // On a busy machine a client may come back to a connection that the server has just given up: here it gives up none.
  Object.assign(server, { keepAliveTimeout: 3_600_000, headersTimeout: 0, requestTimeout: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => closeServer(server),
    () => api.record.close(),
  );
  const tokens = await issueTokens(api);
  const authority = await composeAuthority(settings, () => undefined);
  closers.push(() => authority.record.close());
  const judging = authoriseForever(authority, stopped.signal, options.authorityFailed);
  closers.unshift(() => judging);
  let worker: TestProduct['worker'];
  let stopWorker = () => Promise.resolve();
  let beginWorker = () => Promise.resolve();
  if (options.workers !== false) {
    const log = (message: string) => (process.env.FIXPOINT_TEST_LOG ? console.error(message) : undefined);
    const queue = await composeQueue(settings, log);
    const relay = composeRelay(settings);
    const relaying = runRelay({ ...relay, queue, log }, stopped.signal);
    worker = await composeWorker(settings, log);
    const { contextOf } = worker;
    const slots = Array.from({ length: options.slots ?? 2 }, (_, slot) => ({
      ...contextOf(slot),
      ...(options.host ? { host: options.host } : {}),
    }));
    const [first] = slots;
    if (!first) throw new Error('no slot');
    const folders = composeRunbooks(runbooks, first.host);
    // In production nothing is loaded by itself.
    if (settings.config.mode === 'development')
      await loadCheckout(authority.checkout, folders, () => first.host.engineDigest(), log);
    const parts = {
      queue,
      deliveries: worker.record.deliveries,
      heartbeats: worker.record.heartbeats,
      figures: worker.record.figures,
      engines: worker.engines,
      slots,
      pool: 'default',
      log,
      drainMs: settings.config.drainMs,
      stalledAfterMs: 4000,
    };
    beginWorker = async () => {
      const ended = new AbortController();
      const consumer = await startWorker(parts, ended.signal);
      stopWorker = async () => {
        ended.abort();
        await consumer.close();
      };
    };
    await beginWorker();
    const { record } = worker;
    closers.unshift(async () => {
      await stopWorker();
      await relaying;
      await Promise.all(slots.map(({ host }) => host.close()));
      await queue.close();
      await relay.close();
      await record.close();
    });
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const judge = judgeBy(apiRoutes(api.context));
  const call: TestProduct['call'] = async (who, method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(who ? { authorization: `Bearer ${tokens[who]}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomBytes(8).toString('hex') } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json(?!l)/.test(response.headers.get('content-type') ?? '');
    const answer = json && text !== '' ? JSON.parse(text) : text;
    judge(method, path, response.status, response.headers, answer);
    return { status: response.status, headers: response.headers, body: answer };
  };
  return {
    home,
    url,
    adminUrl: postgres.adminUrl,
    postgresPid: Number(readFileSync(join(postgres.dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]),
    urls,
    tokens,
    api,
    worker,
    call,
    async until(id, states) {
      const patience = createPatience(`job ${id}`);
      const newsOfAll = latestNews(withDatabase(postgres.adminUrl, 'fixpoint'));
      for (;;) {
        const { status, body } = await call('admin', 'GET', `/v1/jobs/${id}`);
        // The database is slow to answer on a busy machine: it is asked again.
        if (status === 503 && !patience.isOver('503')) continue;
        const { state, code, changes, timeline } = body;
        if (states.includes(state) || isTerminal(state)) return body;
        if (patience.isOver(JSON.stringify([state, code, changes, timeline?.length, await newsOfAll()]))) return body;
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    },
    stopWorker: () => stopWorker(),
    startWorker: () => beginWorker(),
    async stop() {
      stopped.abort();
      for (const close of closers) await close();
      await postgres.stop();
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A local target for tests of the job's life; allowed here by FIXPOINT_ALLOW_LOCAL. */
export async function addLocalTarget(product: TestProduct, name = 'box'): Promise<string> {
  const { status, body } = await product.call('admin', 'POST', '/v1/targets', localTarget(name));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}
