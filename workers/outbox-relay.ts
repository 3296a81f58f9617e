import { setMaxListeners } from 'node:events';
import { uuidv7 } from 'uuidv7';
import type { Carrier } from '../src/ports/carrier.js';
import type { Heartbeats } from '../src/ports/records.js';
import type { RelayStore } from '../src/ports/relay.js';
import { serviceFact } from '../src/usecases/facts.js';

interface Loop {
  readonly everyMs: number;
  readonly work: () => Promise<number>;
  wake: () => void;
}

export interface RelayParts {
  readonly relay: RelayStore;
  readonly heartbeats: Heartbeats;
  readonly carrier: Carrier;
  readonly log: (message: string) => void;
}

/** Sends what is in the outbox, wakes jobs whose time has come, chains the audit log. Each loop goes on after an error. */
export async function runRelay({ relay, heartbeats, carrier, log }: RelayParts, signal: AbortSignal): Promise<void> {
  // One listener a loop and a connection: more than the ten at which Node suspects a leak.
  setMaxListeners(50, signal);
  const live = (pool: string) => carrier.live(pool);
  const outbox: Loop = {
    everyMs: 1000,
    work: () => relay.relayOutbox((pool, messages) => carrier.send(pool, messages), 500),
    wake: nothing,
  };
  const chain: Loop = { everyMs: 500, work: () => relay.chain(1000), wake: nothing };
  const timers: Loop = { everyMs: 500, work: () => relay.wakeDue(live, 500), wake: nothing };
  const clock: Loop = {
    everyMs: 500,
    work: async () => {
      const back = await relay.keepClock((backMs) =>
        serviceFact(uuidv7, 'relay', 'clock.jumped-back', undefined, { outcome: 'failure', data: { backMs } }),
      );
      if (back > 0) log(`the clock of the record went back by ${back} ms; what was over stays over`);
      return 0;
    },
    wake: nothing,
  };
  const figures: Loop = { everyMs: 2000, work: () => relay.addUp(), wake: nothing };
  const tidy: Loop = { everyMs: 600_000, work: async () => (await relay.tidy(), 0), wake: nothing };
  const beat: Loop = {
    everyMs: 5000,
    work: async () => {
      const carrierUp = await carrier.ping().then(
        () => 'up',
        () => 'down',
      );
      await heartbeats.beat('relay', String(process.pid), { carrier: carrierUp, kind: carrier.kind });
      return 0;
    },
    wake: nothing,
  };
  const watching = relay.watch(
    () => outbox.wake(),
    () => chain.wake(),
    signal,
  );
  await Promise.all([
    watching,
    ...[outbox, chain, timers, clock, figures, tidy, beat].map((loop) => run(loop, log, signal)),
  ]);
}

function nothing(): void {}

async function run(loop: Loop, log: (message: string) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let woken = false;
    loop.wake = () => (woken = true);
    let done: number;
    try {
      done = await loop.work();
    } catch (error) {
      log(`${(error as Error).message}; tried again`);
      await wait(loop, 1000, signal);
      continue;
    }
    // A full batch, or news while it ran: there is more.
    if (done > 0 || woken) continue;
    await wait(loop, loop.everyMs, signal);
  }
}

function wait(loop: Loop, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    loop.wake = done;
    signal.addEventListener('abort', done, { once: true });
  });
}
