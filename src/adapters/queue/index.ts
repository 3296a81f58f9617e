import { createPostgresBackend, Queue, runMigrations, Worker, type ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { bareHost } from '../../platform/address.js';
import { resilientConnection } from '../../platform/pg-client.js';
import { isOpenToOthers } from './open-redis.js';
import { SettingsFault } from '../../platform/settings-fault.js';
import type { MessageQueue, Consumer, Message } from '../../ports/queue.js';

type Backend = ReturnType<typeof createPostgresBackend>;

export interface QueueOptions {
  readonly url: string;
  readonly log: (message: string) => void;
}

export class QueueRefused extends SettingsFault {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'QueueRefused';
    this.code = code;
  }
}

const SCHEMA = 'bullmq';

/** How a Redis says that user or password are wrong or missing, or that the user may not do what the queue needs. */
const REFUSED_SIGN_IN = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password|Client sent AUTH))/;

/**
 * BullMQ on PostgreSQL: the embedded default. The queue's own login role owns the database that the URL names. The pool is ours, so
 * that every client in it is resilient: BullMQ attaches its error handler to its notification connection too late, and an error
 * during connect would end the process. BullMQ pins the schema and migrates only what it made itself (decision 0032).
 */
export function createPostgresQueue({ url, log }: QueueOptions): MessageQueue {
  // The functions of BullMQ touch single rows by key; planning their statements again for each call costs more than it finds.
  const session = { schema: SCHEMA, defaults: { plan_cache_mode: 'force_generic_plan' } };
  const pool = new pg.Pool({ ...resilientConnection(url, session), max: 10 });
  pool.on('error', (error) => log(`queue: ${error.message}`));
  // Every queue and every consumer adds one of its own.
  pool.setMaxListeners(0);
  let migrated: Promise<void> | undefined;
  const ready = () => {
    migrated ??= migrate(pool).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    });
    return migrated;
  };
  const connection = pool as unknown as ConnectionOptions;
  const backend = createPostgresBackend as unknown as Backend;
  return createQueue({ kind: 'postgres', connection, log, backend, ready, end: () => pool.end() });
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

/**
 * BullMQ on Redis: for many machines.
 * @throws QueueRefused `redis-eviction-policy` when the server may drop keys under memory pressure, `redis-password-missing` when
 * it answers without a password and is not on loopback, `redis-sign-in-refused` when user or password are wrong.
 * @param options with `passwordOnLoopback`, a Redis on loopback must ask for a password too
 */
export async function createRedisQueue({
  url,
  log,
  passwordOnLoopback = false,
}: QueueOptions & { readonly passwordOnLoopback?: boolean }): Promise<MessageQueue> {
  const probe = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  let refusal: Error | undefined;
  probe.on('error', (error: Error) => (refusal = error));
  try {
    await probe.connect();
    if (await isOpenToOthers(url, passwordOnLoopback))
      throw new QueueRefused(
        'redis-password-missing',
        `Redis asks for no password${passwordOnLoopback ? '' : ', and is not on loopback'}: whoever reaches it can read, delete and invent messages. Set requirepass, and name the password in REDIS_URL.`,
      );
    const [, policy] = await probe.config('GET', 'maxmemory-policy');
    if (policy !== 'noeviction') {
      throw new QueueRefused(
        'redis-eviction-policy',
        `Redis has maxmemory-policy ${policy}: it may drop messages. Set it to noeviction and start again.`,
      );
    }
  } catch (error) {
    // What closed the connection is the event before the error.
    const said = [error, refusal].find((one) => one instanceof Error && REFUSED_SIGN_IN.test(one.message));
    if (said instanceof Error)
      throw new QueueRefused(
        'redis-sign-in-refused',
        `Redis refuses to serve this user: ${said.message}. Correct the user and the password in REDIS_URL.`,
      );
    throw refusal ?? error;
  } finally {
    probe.disconnect();
  }
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  const connection: ConnectionOptions = {
    host: bareHost(hostname),
    port: Number(port === '' ? 6379 : port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
  return createQueue({ kind: 'redis', connection, log });
}

interface QueueParts {
  readonly kind: MessageQueue['kind'];
  readonly connection: ConnectionOptions;
  readonly log: (message: string) => void;
  readonly backend?: Backend;
  /** Before the first use. */
  readonly ready?: () => Promise<void>;
  /** After the last. */
  readonly end?: () => Promise<void>;
}

function createQueue({
  kind,
  connection,
  log,
  backend,
  ready = () => Promise.resolve(),
  end = () => Promise.resolve(),
}: QueueParts): MessageQueue {
  const queues = new Map<string, Queue<{ jobId: string }>>();
  const rest = backend === undefined ? [] : ([backend] as never[]);
  const queueOf = async (pool: string) => {
    await ready();
    let queue = queues.get(pool);
    if (!queue) {
      // A sender that cannot reach the queue must say so, not remember: the outbox does.
      const producer =
        kind === 'redis' ? { ...connection, enableOfflineQueue: false, maxRetriesPerRequest: 1 } : connection;
      queue = new Queue<{ jobId: string }>(queueName(pool), { connection: producer }, ...rest);
      queue.on('error', (error) => log(`queue: ${error.message}`));
      queues.set(pool, queue);
      forgetUnlessReady(pool, queue);
    }
    return queue;
  };
  /** A queue whose first connection failed says so to every later call, for ever: the next call gets a new one. */
  const forgetUnlessReady = (pool: string, queue: Queue<{ jobId: string }>) => {
    queue.waitUntilReady().catch(() => {
      if (queues.get(pool) === queue) queues.delete(pool);
      queue.close().catch(() => undefined);
    });
  };
  return {
    kind,
    async send(pool, messages) {
      const queue = await queueOf(pool);
      await queue.waitUntilReady();
      await queue.addBulk(
        messages.map(({ id, jobId, priority }) => ({
          name: 'job',
          data: { jobId },
          opts: { jobId: id, priority, attempts: 1, removeOnComplete: true, removeOnFail: { count: 1000 } },
        })),
      );
    },
    consume: (pool, { concurrency }, handle) => consume(pool, concurrency, handle),
    async live(pool) {
      // The ids alone: reading the messages is one statement for each.
      return new Set(await (await queueOf(pool)).getRanges(['waiting', 'active', 'prioritized', 'delayed'], 0, -1));
    },
    async waiting(pool) {
      const counts = await (await queueOf(pool)).getJobCounts('waiting', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async ping() {
      await (await queueOf('default')).getJobCounts('waiting');
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await end();
    },
  };

  async function consume(
    pool: string,
    concurrency: number,
    handle: (message: Message) => Promise<void>,
  ): Promise<Consumer> {
    await ready();
    const worker = new Worker<{ jobId: string }>(
      queueName(pool),
      async (job) => {
        const jobId: unknown = (job.data as { jobId?: unknown } | null)?.jobId;
        // A message without a job's id is handed on too: whoever takes messages says of each what became of it.
        const named = typeof jobId === 'string' ? jobId : '';
        await handle({ id: job.id ?? '', jobId: named, priority: job.opts.priority ?? 0 });
      },
      {
        connection: kind === 'redis' ? { ...connection, maxRetriesPerRequest: null } : connection,
        concurrency,
        // How soon the message of a killed worker is given up: it is not run again, but its job waits until then for the next one.
        lockDuration: 10_000,
        stalledInterval: 3_000,
        // After an outage of the queue; BullMQ's own pause is 15 s, and every job waits that long.
        runRetryDelay: 1000,
        maxStalledCount: 0,
      },
      ...rest,
    );
    worker.on('error', (error) => log(`queue: ${error.message}`));
    worker.on('failed', (job, error) => log(`queue: message ${job?.id ?? '?'} failed: ${error.message}`));
    await worker.waitUntilReady();
    return {
      close: () => worker.close(),
      alive: async () => {
        try {
          await (await queueOf(pool)).getJobCounts('waiting');
          return worker.isRunning();
        } catch {
          return false;
        }
      },
    };
  }
}

function queueName(pool: string): string {
  return `fixpoint-${pool}`;
}
