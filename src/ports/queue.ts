/**
 * What BullMQ carries: the id of a job and nothing else. It may be lost, doubled, forged or flushed without harm:
 * the database decides, a message only prompts. One message per outbox row; its id is the row's.
 */
export interface Message {
  /** `m-<uuid of the outbox row>`. Adding an id again while its first message exists is silently ignored by BullMQ. */
  readonly id: string;
  /** Empty where a message from somewhere else names none. */
  readonly jobId: string;
  /** 1 is the most urgent: decisions, cancels and rollbacks overtake bulk. */
  readonly priority: number;
}

export interface Consumer {
  /** Stops taking messages and waits for those in progress. */
  close(): Promise<void>;
  /** False when the connection is lost and nothing is being taken. */
  alive(): Promise<boolean>;
}

export interface MessageQueue {
  readonly kind: 'postgres' | 'redis';
  /** Adds messages to a pool's queue. Rejects when the queue is unavailable; the caller keeps its outbox rows. */
  send(pool: string, messages: readonly Message[]): Promise<void>;
  /**
   * Takes messages of a pool. `attempts: 1`, `maxStalledCount: 0`: what a dead worker held is never run again by the
   * queue. A rejection of `handle` marks the message failed and is logged; it is not tried again.
   */
  consume(
    pool: string,
    options: { readonly concurrency: number },
    handle: (message: Message) => Promise<void>,
  ): Promise<Consumer>;
  /** Ids of messages that wait or are active, for the sweeper. */
  live(pool: string): Promise<ReadonlySet<string>>;
  /** How many messages of a pool nobody has taken yet. */
  waiting(pool: string): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
