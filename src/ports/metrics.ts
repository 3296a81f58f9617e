import type { State } from '../domain/job.js';

/** Upper bounds of the buckets in which the time in a state is counted (seconds); the last one is without bound. */
export const STATE_TIME_BOUNDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 604_800] as const;

/** Counters that outlive the processes; each name is one Prometheus counter. */
export type CounterName = 'sweeper_repairs' | 'engine_starts' | 'engine_restarts';

/** A number of things and the age of the oldest of them (seconds; 0 where there is none). */
export interface Backlog {
  readonly count: number;
  readonly oldestS: number;
}

/** The state of the work, read in one statement. */
export interface RecordFigures {
  /** Jobs that have not ended, by state. */
  readonly alive: readonly (Backlog & { readonly state: State })[];
  readonly submitted: number;
  /** Jobs that ended, by the state in which they did. */
  readonly ended: readonly { readonly state: State; readonly count: number }[];
  /** Spells in a state by bucket; `le` is the upper bound in seconds, Infinity for the last. Not cumulative. */
  readonly stateTimes: readonly {
    readonly state: State;
    readonly le: number;
    readonly spells: number;
    readonly seconds: number;
  }[];
  /** Messages that no worker has taken, by pool. */
  readonly queues: readonly (Backlog & { readonly pool: string })[];
  /** Messages that were not handed to the queue yet. */
  readonly unsent: Backlog;
  /** Changes that were begun and whose result is not recorded. */
  readonly openIntents: Backlog;
  readonly unchained: Backlog;
  readonly chained: number;
  readonly counters: Readonly<Record<CounterName, number>>;
  readonly frozen: boolean;
}

export interface StoredMetrics {
  read(): Promise<RecordFigures>;
  /** Pools with a message that no worker has taken within this time (milliseconds). */
  poolsWaiting(longerThanMs: number): Promise<readonly string[]>;
  /** Adds to a counter; nothing is written for zero. */
  add(name: CounterName, count: number): Promise<void>;
}
