import { setMaxListeners } from 'node:events';
import { uuidv7 } from 'uuidv7';
import type { MessageQueue } from '../src/ports/queue.js';
import type { Heartbeats } from '../src/ports/heartbeats.js';
import type { RelayStore } from '../src/ports/relay.js';
import { createWake, pause, type Wake } from '../src/platform/wake.js';
import { serviceEvent } from '../src/usecases/facts.js';

interface Loop {
  readonly everyMs: number;
  /** What counts as a full batch; a loop whose batch was full works on at once. */
  readonly full?: number;
  readonly work: () => Promise<number>;
  readonly wake: Wake;
}

export interface RelayParts {
  readonly relay: RelayStore;
  readonly heartbeats: Heartbeats;
  readonly queue: MessageQueue;
  readonly log: (message: string) => void;
}

/** Sends what is in the outbox, wakes jobs whose time has come, chains the audit log. Each loop goes on after an error. */
export async function runRelay({ relay, heartbeats, queue, log }: RelayParts, signal: AbortSignal): Promise<void> {
  // One listener a loop and a connection: more than the ten at which Node suspects a leak.
  setMaxListeners(50, signal);
  const live = (pool: string) => queue.live(pool);
  const outbox: Loop = {
    everyMs: 1000,
    full: 500,
    work: () => relay.relayOutbox((pool, messages) => queue.send(pool, messages), 500),
    wake: createWake(),
  };
  const chain: Loop = { everyMs: 500, full: 1000, work: () => relay.chain(1000), wake: createWake() };
  const timers: Loop = { everyMs: 500, full: 500, work: () => relay.enqueueDue(live, 500), wake: createWake() };
  const clock: Loop = {
    everyMs: 500,
    work: async () => {
      const back = await relay.trackClock((backMs) =>
        serviceEvent(uuidv7, 'relay', 'clock.jumped-back', undefined, { outcome: 'failure', data: { backMs } }),
      );
      if (back > 0) log(`the database clock moved back ${back} ms; expired items stay expired`);
      return 0;
    },
    wake: createWake(),
  };
  const figures: Loop = { everyMs: 2000, full: 5000, work: () => relay.rollUp(), wake: createWake() };
  const tidy: Loop = { everyMs: 600_000, work: async () => (await relay.tidy(), 0), wake: createWake() };
  const beat: Loop = {
    everyMs: 5000,
    work: async () => {
      const queueUp = await queue.ping().then(
        () => 'up',
        () => 'down',
      );
      await heartbeats.beat('relay', String(process.pid), { queue: queueUp, kind: queue.kind });
      return 0;
    },
    wake: createWake(),
  };
  const watching = relay.watch(() => outbox.wake.wake(), signal);
  await Promise.all([
    watching,
    ...[outbox, chain, timers, clock, figures, tidy, beat].map((loop) => run(loop, log, signal)),
  ]);
}

async function run(loop: Loop, log: (message: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await loop.work()) >= (loop.full ?? Infinity)) continue;
      await loop.wake.sleep(loop.everyMs, signal);
    } catch (error) {
      log(`${(error as Error).message}; retrying`);
      await pause(1000, signal);
    }
  }
}
