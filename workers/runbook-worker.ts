import type { MessageQueue, Consumer, Message } from '../src/ports/queue.js';
import type { StoredMetrics } from '../src/ports/metrics.js';
import type { Heartbeats } from '../src/ports/heartbeats.js';
import type { Deliveries } from '../src/ports/deliveries.js';
import { isTerminal } from '../src/domain/job.js';
import { advanceJob } from '../src/usecases/advance-job.js';
import { mergeLateResults } from '../src/usecases/journal/late-result.js';
import type { EngineCounters } from '../src/ports/engine-counters.js';
import type { WorkerContext } from '../src/usecases/worker-context.js';
import { createDropLog } from '../src/usecases/dropped-messages.js';
import { createSlotWatch } from './slot-watch.js';
import { createTurns } from './turns.js';
import { consumeAndWatch } from './watch-consumer.js';

export interface WorkerParts {
  readonly queue: MessageQueue;
  readonly deliveries: Deliveries;
  readonly heartbeats: Heartbeats;
  readonly figures: Pick<StoredMetrics, 'add'>;
  readonly engines: EngineCounters;
  readonly slots: readonly WorkerContext[];
  readonly pool: string;
  readonly log: (message: string) => void;
  /** When the worker ends: how long a change in progress may run before it is stopped (milliseconds). Default 0. */
  readonly drainMs?: number;
  /** When a consumer counts as stalled (milliseconds); for tests. */
  readonly stalledAfterMs?: number;
}

/** A job with so many crashes behind it runs alone in its worker, so that a further one is nobody else's. */
const SUSPECT = 2;

/**
 * Takes messages, one job at a time a slot, until the signal aborts: then nothing new is begun, and what is not done within the
 * grace is stopped. What a message says is a hint: the row and the grant decide. No message ends in an unhandled rejection.
 */
export async function startWorker(parts: WorkerParts, signal: AbortSignal): Promise<Consumer> {
  const [first] = parts.slots;
  if (!first) throw new Error('a worker needs a slot');
  const free = [...parts.slots];
  const turns = createTurns();
  const watch = createSlotWatch(parts.engines);
  let reported = 0;
  const drops = createDropLog(first.audit, first.newId);
  const grace = new AbortController();
  const shutdown = { draining: signal, now: grace.signal };
  let lastTaken = performance.now();
  const beat = () => {
    const stuck = watch.stuck();
    if (stuck > reported)
      parts.log(`${stuck} of ${parts.slots.length} slots hold a job longer than its phases may take`);
    reported = stuck;
    // While no slot is free nothing can be taken: that is no sign of a queue that stands still, unless none of them will ever be free.
    if (free.length === 0 && stuck < parts.slots.length) lastTaken = performance.now();
    const engine = parts.slots.some(({ host }) => host.pid !== undefined) ? 'up' : 'idle';
    parts.heartbeats
      .beat('worker', first.settings.id, {
        pool: parts.pool,
        slots: String(parts.slots.length),
        idleMs: String(Math.round(performance.now() - lastTaken)),
        engine,
        stuckSlots: String(stuck),
        sessions: String(parts.engines.sessions()),
      })
      .catch(() => undefined);
    const { starts, restarts } = parts.engines.takeStarts();
    const added = [parts.figures.add('engine_starts', starts), parts.figures.add('engine_restarts', restarts)];
    Promise.all(added).catch(() => undefined);
  };
  const merge = async () => {
    const merged = await mergeLateResults(first);
    if (merged > 0) parts.log(`merged ${merged} late results`);
  };
  const quietly = (work: () => Promise<unknown>) => () => void work().catch(() => undefined);
  await merge();
  beat();
  const timers = [
    setInterval(beat, 5000),
    setInterval(quietly(merge), 1000),
    setInterval(
      quietly(() => drops.flush()),
      10_000,
    ),
  ];
  const end = () => {
    timers.forEach(clearInterval);
    setTimeout(() => grace.abort(), parts.drainMs ?? 0);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const advance = async (context: WorkerContext, message: Message) => {
    // While a result waits to be merged nothing new begins.
    await merge();
    const taken = await parts.deliveries.take(message.id, message.jobId);
    if (taken !== 'taken') return drops.dropped(message, taken);
    const job = await context.jobs.get(message.jobId);
    if (!job || isTerminal(job.state)) return drops.dropped(message, 'ended');
    const run = job.crashes >= SUSPECT ? turns.alone : turns.together;
    watch.rests(context);
    await run(() => {
      watch.works(context);
      return advanceJob(context, job, shutdown);
    });
  };
  const consumer = await consumeAndWatch(
    {
      ...{ queue: parts.queue, pool: parts.pool, slots: parts.slots.length, log: parts.log },
      ...(parts.stalledAfterMs === undefined
        ? {}
        : { stalledAfterMs: parts.stalledAfterMs, everyMs: parts.stalledAfterMs / 4 }),
    },
    async (message) => {
      // The consumer never hands out more messages than there are slots; one that replaces a deaf one might.
      const context = free.pop();
      lastTaken = performance.now();
      if (!context) return parts.log(`no free slot for message ${message.id}: it will be sent again`);
      watch.works(context);
      try {
        await advance(context, message);
      } catch (error) {
        parts.log(`job ${message.jobId}: ${(error as Error).stack ?? String(error)}`);
      } finally {
        watch.rests(context);
        free.push(context);
        lastTaken = performance.now();
      }
    },
  );
  return {
    alive: () => consumer.alive(),
    async close() {
      await consumer.close();
      await drops.flush(true).catch(() => undefined);
      await merge().catch(() => undefined);
    },
  };
}
