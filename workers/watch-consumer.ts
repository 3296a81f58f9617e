import type { MessageQueue, Consumer, Message } from '../src/ports/queue.js';

export interface Watching {
  readonly carrier: Pick<MessageQueue, 'consume' | 'waiting'>;
  readonly pool: string;
  readonly slots: number;
  readonly log: (message: string) => void;
  /** How often to look, and how long messages may wait beside a free slot before the consumer counts as deaf (milliseconds). */
  readonly everyMs?: number;
  readonly stalledAfterMs?: number;
}

/**
 * A consumer that is replaced when it has stopped taking messages without a word: messages wait, a slot is free, and none was taken
 * for a while. What the old one still holds is finished; a message that both take is taken once, by the record.
 */
export async function consumeAndWatch(
  { carrier, pool, slots, log, everyMs = 2000, stalledAfterMs = 15_000 }: Watching,
  handle: (message: Message) => Promise<void>,
): Promise<Consumer> {
  let inHand = 0;
  let lastSign = performance.now();
  let closing = false;
  const left: Promise<void>[] = [];
  const take = async (message: Message) => {
    inHand += 1;
    lastSign = performance.now();
    try {
      await handle(message);
    } finally {
      inHand -= 1;
      lastSign = performance.now();
    }
  };
  const consume = () => carrier.consume(pool, { concurrency: slots }, take);
  let consumer = await consume();
  const look = async () => {
    const waiting = await carrier.waiting(pool);
    if (waiting === 0 || inHand >= slots) lastSign = performance.now();
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
