import { sleep } from '../rig/folders.js';
import { HANGS_MS } from '../../support/patience.js';
import type { Client } from './client.js';

export interface Seen {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
}

export interface Watch {
  seen(id: string): Seen | undefined;
  /**
   * Resolves with the job once its state is one of those; undefined when nobody waits any more, or when there was no news of the job
   * for `ms`. A job that moves on is waited for, however slow it is.
   */
  until(id: string, states: readonly string[], ms?: number): Promise<Seen | undefined>;
  /** From now on nobody waits any more. */
  stop(): void;
  isStopped(): boolean;
}

export interface WatchOptions {
  readonly everyMs?: number;
  /** How long a job may be without news. */
  readonly patienceMs?: number;
}

/** Of so many readings one goes beyond the newest jobs: reading all of them each time costs more than the faults do. */
const DEEP = 4;
/** A job without news for so long is read by itself: it may be older than what the lists reach. */
const ASK_AFTER_MS = 10_000;

/** Reads the list of jobs again and again; one reader for everybody. */
export function watchJobs(client: Client, { everyMs = 400, patienceMs = HANGS_MS }: WatchOptions = {}): Watch {
  const known = new Map<string, Seen & { readonly newsAt: number }>();
  let stopped = false;
  const learn = ({ id, state, code }: Seen) => {
    const was = known.get(id);
    if (was?.state !== state || was.code !== code) known.set(id, { id, state, code, newsAt: Date.now() });
  };
  const read = async () => {
    for (let turn = 0; !stopped; turn++) {
      let cursor = '';
      for (let pages = 0; pages < (turn % DEEP === 0 ? 20 : 1); pages++) {
        const { status, body } = await client.call('admin', 'GET', `/v1/jobs?limit=100${cursor}`);
        if (status !== 200) break;
        for (const job of body.items as Seen[]) learn(job);
        if (body.next === null) break;
        cursor = `&cursor=${body.next as string}`;
      }
      await sleep(everyMs);
    }
  };
  void read();
  return {
    seen: (id) => known.get(id),
    async until(id, states, ms = patienceMs) {
      const begun = Date.now();
      let askedAt = begun;
      while (!stopped) {
        const job = known.get(id);
        if (job && states.includes(job.state)) return job;
        if (Date.now() - Math.max(begun, job?.newsAt ?? 0) > ms) return undefined;
        if (Date.now() - Math.max(askedAt, job?.newsAt ?? 0) > ASK_AFTER_MS) {
          askedAt = Date.now();
          const { status, body } = await client.call('admin', 'GET', `/v1/jobs/${id}`);
          if (status === 200) learn(body as Seen);
        }
        await sleep(50);
      }
      return undefined;
    },
    stop: () => (stopped = true),
    isStopped: () => stopped,
  };
}
