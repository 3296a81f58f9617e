import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { HANGS_MS } from './patience.js';
import type { TestProduct } from './product.js';
import { startRecordGate, type RecordGate, type Stop } from './record-gate.js';

/** Worker processes as the product starts them, of which the one that comes to a chosen place can be killed there. */
export interface KillableWorkers {
  /** Starts one more; resolves when the process is there, not when it takes jobs. */
  start(): Promise<void>;
  /** Resolves when every one of them takes jobs. */
  ready(): Promise<void>;
  /**
   * From now on whichever worker comes to this place stands still there.
   * @returns `reached`: once one stands there; `kill`: ends that one by SIGKILL and resolves when it is gone and its lease is over
   */
  stopAt(stop: Stop): { readonly reached: Promise<unknown>; kill(): Promise<void> };
  close(): void;
}

interface Worker {
  readonly child: ChildProcess;
  readonly gate: RecordGate;
  readonly ready: Promise<unknown>;
}

/** None of them runs yet. What is asked of them is in the pool of that name. */
export function killableWorkers(product: TestProduct, pool: string): KillableWorkers {
  const workers = new Set<Worker>();
  let asked: Stop | undefined;
  let onReached: (worker: Worker) => void = () => undefined;
  return {
    async start() {
      const url = new URL(product.urls.worker);
      const gate = await startRecordGate(
        Number(url.port),
        () => asked,
        () => onReached(worker),
      );
      url.port = String(gate.port);
      const child = startWorkerProcess({
        FIXPOINT_HOME: product.home,
        FIXPOINT_POOL: pool,
        FIXPOINT_SLOTS: '1',
        // Longer than a slow machine may stop a worker for: what a killed one held is taken over by `endLeases`, not by time.
        FIXPOINT_LEASE_MS: '600000',
        FIXPOINT_RECONCILE_AFTER_MS: '500',
        FIXPOINT_WORKER_DATABASE_URL: url.href,
        FIXPOINT_QUEUE_DATABASE_URL: product.urls.queue,
      });
      const worker: Worker = { child, gate, ready: within(HANGS_MS, once(child, 'message'), 'a worker takes jobs') };
      worker.ready.catch(() => undefined);
      workers.add(worker);
    },
    async ready() {
      await Promise.all([...workers].map(({ ready }) => ready));
    },
    stopAt(stop) {
      asked = stop;
      const standing = new Promise<Worker>((resolve) => (onReached = resolve));
      const reached = within(HANGS_MS, standing, `a worker stands at ${stop.moment} of change ${stop.changeId}`);
      // Whoever waits hears it; a test that failed before does not wait any more.
      reached.catch(() => undefined);
      return {
        reached,
        async kill() {
          const worker = await reached;
          asked = undefined;
          const ended = once(worker.child, 'exit');
          worker.child.kill('SIGKILL');
          await ended;
          worker.gate.close();
          workers.delete(worker);
          await endLeases(product, pool);
        },
      };
    },
    close() {
      for (const { child, gate } of workers) {
        child.kill('SIGKILL');
        gate.close();
      }
    },
  };
}

/** What the passing of the lease does. The other workers of the pool hold no job while one of them stands at a place. */
async function endLeases({ adminUrl }: TestProduct, pool: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(adminUrl, 'fixpoint') });
  await client.connect();
  try {
    await client.query('UPDATE jobs SET lease_until = now(), wake_at = now() WHERE pool = $1 AND lease_until > now()', [
      pool,
    ]);
  } finally {
    await client.end();
  }
}

/** A worker process as the product starts it, which says by a message that it takes jobs. */
export function startWorkerProcess(settings: NodeJS.ProcessEnv): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FIXPOINT_') && name !== 'NODE_OPTIONS',
  );
  return fork(join(INSTALL_ROOT, 'workers/main.ts'), ['worker'], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', process.env.FIXPOINT_TEST_LOG ? 'inherit' : 'ignore', 'ignore', 'ipc'],
    env: { ...Object.fromEntries(inherited), ...settings },
  });
}

async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
