import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { MessageQueue, Message } from '../../src/ports/queue.js';
import { until as patientlyUntil } from '../support/patience.js';

const message = (priority = 5): Message => ({ id: `m-${randomUUID()}`, jobId: randomUUID(), priority });

/** What every queue must do; only the factory differs. */
export function queueContract(
  name: string,
  setUp: () => Promise<{ newQueue: () => Promise<MessageQueue>; tearDown: () => Promise<void> }>,
): void {
  describe(name, () => {
    let parts: Awaited<ReturnType<typeof setUp>>;
    let queue: MessageQueue;
    let pools = 0;
    const pool = () => `p${(pools += 1)}`;
    beforeAll(async () => {
      parts = await setUp();
      queue = await parts.newQueue();
    });
    afterAll(async () => {
      await queue?.close();
      await parts?.tearDown();
    });
    const until = (holds: () => boolean | Promise<boolean>) => patientlyUntil(holds.toString(), holds);

    it('delivers what was sent, with its ids and nothing else', async () => {
      const [to, got] = [pool(), [] as Message[]];
      const consumer = await queue.consume(to, { concurrency: 2 }, async (m) => void got.push(m));
      const sent = [message(), message()];
      await queue.send(to, sent);
      await until(() => got.length === 2);
      expect(got.map(({ id }) => id).sort()).toEqual(sent.map(({ id }) => id).sort());
      expect(got.map(({ jobId }) => jobId).sort()).toEqual(sent.map(({ jobId }) => jobId).sort());
      expect(await consumer.alive()).toBe(true);
      await consumer.close();
    });

    it('delivers the urgent first', async () => {
      const [to, got] = [pool(), [] as number[]];
      await queue.send(to, [message(5), message(1), message(3)]);
      const consumer = await queue.consume(to, { concurrency: 1 }, async (m) => void got.push(m.priority));
      await until(() => got.length === 3);
      expect(got).toEqual([1, 3, 5]);
      await consumer.close();
    });

    it('knows which messages are still live, and forgets those that were taken', async () => {
      const to = pool();
      const sent = [message(), message()];
      await queue.send(to, sent);
      expect([...(await queue.live(to))].sort()).toEqual(sent.map(({ id }) => id).sort());
      let taken = 0;
      const consumer = await queue.consume(to, { concurrency: 1 }, async () => void (taken += 1));
      await until(() => taken === 2);
      await until(async () => (await queue.live(to)).size === 0);
      await consumer.close();
    });

    it('never hands a failed message out again', async () => {
      const to = pool();
      let tries = 0;
      const consumer = await queue.consume(to, { concurrency: 1 }, async () => {
        tries += 1;
        throw new Error('no');
      });
      await queue.send(to, [message()]);
      await until(() => tries > 0);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(tries).toBe(1);
      await consumer.close();
    });

    it('shares the messages of a pool among its workers, each once', async () => {
      const to = pool();
      const got: string[] = [];
      const other = await parts.newQueue();
      const consumers = await Promise.all(
        [queue, other].map((each) => each.consume(to, { concurrency: 4 }, async (m) => void got.push(m.id))),
      );
      const sent = Array.from({ length: 100 }, () => message());
      await queue.send(to, sent);
      await until(() => got.length >= 100);
      expect(new Set(got).size).toBe(100);
      expect(got).toHaveLength(100);
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await other.close();
    });

    it('answers when asked', async () => expect(await queue.ping()).toBeUndefined());
  });
}
