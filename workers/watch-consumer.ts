import type { MessageQueue, Consumer, Message } from '../src/ports/queue.js';

export interface Watching {
  readonly queue: Pick<MessageQueue, 'consume' | 'waiting'>;
  readonly pool: string;
  readonly slots: number;
  readonly log: (message: string) => void;
  /** How often to look, and how long messages may wait beside a free slot before the consumer counts as stalled (milliseconds). */
  readonly everyMs?: number;
  readonly stalledAfterMs?: number;
}

/**
 * A consumer that is replaced when it stalls: messages wait, a slot is free, and none was taken for a while. The old one finishes
 * what it holds; the database lets only one of them take a message.
 */
export async function consumeAndWatch(
  { queue, pool, slots, log, everyMs = 2000, stalledAfterMs = 15_000 }: Watching,
  handle: (message: Message) => Promise<void>,
): Promise<Consumer> {
  let inProgress = 0;
  let lastSign = performance.now();
  let closing = false;
  const left: Promise<void>[] = [];
  const take = async (message: Message) => {
    inProgress += 1;
    lastSign = performance.now();
    try {
      await handle(message);
    } finally {
      inProgress -= 1;
      lastSign = performance.now();
    }
  };
  const consume = () => queue.consume(pool, { concurrency: slots }, take);
  let consumer = await consume();
  const look = async () => {
    const waiting = await queue.waiting(pool);
    if (waiting === 0 || inProgress >= slots) lastSign = performance.now();
    if (closing || performance.now() - lastSign < stalledAfterMs) return;
    log(
      `the consumer of pool ${pool} took nothing for ${stalledAfterMs / 1000} s while ${waiting} messages wait: it is replaced`,
    );
    lastSign = performance.now();
    const deaf = consumer;
    consumer = await consume();
    left.push(deaf.close().catch(() => undefined));
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => undefined);
  }, everyMs);
  return {
    alive: () => consumer.alive(),
    async close() {
      closing = true;
      clearInterval(timer);
      await looking;
      await Promise.all([consumer.close(), ...left]);
    },
  };
}
