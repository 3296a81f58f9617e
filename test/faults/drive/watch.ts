import type { Client } from './client.js';
import { sleep } from '../rig/folders.js';

export interface Seen {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
}

export interface Watch {
  seen(id: string): Seen | undefined;
  /** Resolves with the job once its state is one of those; undefined after the time is over. */
  until(id: string, states: readonly string[], ms?: number): Promise<Seen | undefined>;
  /** From now on nobody waits any more. */
  stop(): void;
  isStopped(): boolean;
}

/** Of so many readings one goes beyond the newest jobs: reading all of them each time costs more than the faults do. */
const DEEP = 4;

/** Reads the list of jobs again and again; one reader for everybody. */
export function watchJobs(client: Client, everyMs = 400): Watch {
  const known = new Map<string, Seen>();
  let stopped = false;
  const read = async () => {
    for (let turn = 0; !stopped; turn++) {
      let cursor = '';
      for (let pages = 0; pages < (turn % DEEP === 0 ? 20 : 1); pages++) {
        const { status, body } = await client.call('admin', 'GET', `/v1/jobs?limit=100${cursor}`);
        if (status !== 200) break;
        for (const job of body.items as Seen[]) known.set(job.id, job);
        if (body.next === null) break;
        cursor = `&cursor=${body.next as string}`;
      }
      await sleep(everyMs);
    }
  };
  void read();
  return {
    seen: (id) => known.get(id),
    async until(id, states, ms = 120_000) {
      const deadline = Date.now() + ms;
      while (!stopped && Date.now() < deadline) {
        const job = known.get(id);
        if (job && states.includes(job.state)) return job;
        await sleep(50);
      }
      return undefined;
    },
    stop: () => (stopped = true),
    isStopped: () => stopped,
  };
}
