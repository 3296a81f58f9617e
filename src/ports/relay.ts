import type { AuditEvent } from '../domain/audit.js';
import type { Message } from './queue.js';

/** What the relay does in the database: it is the only sender of messages and the only writer of the audit chain. */
export interface RelayStore {
  /** Hands unsent outbox rows to `send`, most urgent first, and marks them sent once it resolves. Returns how many. */
  relayOutbox(send: (pool: string, messages: readonly Message[]) => Promise<void>, limit: number): Promise<number>;
  /**
   * Gives each job whose time has come a new message, unless one of its messages is still live in the queue.
   * Covers timers (deferred, waiting, expiry), lost messages and expired leases alike. Returns how many.
   */
  enqueueDue(live: (pool: string) => Promise<ReadonlySet<string>>, limit: number): Promise<number>;
  /** Numbers and chains events that are not chained yet, under one advisory lock. Returns how many. */
  chain(limit: number): Promise<number>;
  /** Adds the moves of jobs since the last call to the metrics. Returns how many, zero when there are no more. */
  rollUp(): Promise<number>;
  /**
   * Keeps the highest time of the database clock, so that expired items stay expired when the clock moves back; audits a jump.
   * Returns how far it went back in milliseconds, 0 for none.
   */
  trackClock(jumped: (backMs: number) => AuditEvent): Promise<number>;
  /** Deletes what nobody needs any more: sent outbox rows and idempotency keys older than a day, dead heartbeats. */
  tidy(): Promise<void>;
  /** Calls back when there may be something to send. */
  watch(onOutbox: () => void, signal: AbortSignal): Promise<void>;
}
