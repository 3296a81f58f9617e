import { isTerminal, STATES, type State } from '../../domain/job.js';
import type { JobEvent, JobEvents } from '../../ports/job-events.js';
import type { JobQueries } from '../../ports/job-queries.js';

const PAGE = 500;
/** Events kept for followers that are behind; older ones they read for themselves. */
const MAX_KEPT = 2000;

/** One followed job: the latest of its events, read once for all its followers. */
export interface Topic {
  followers: number;
  /** Resolves after the first read. @throws when the database failed then. */
  readonly ready: Promise<void>;
  /** Sequence number of the newest event that was read. */
  readonly last: number;
  /** The state in which the job ended; `gone` for a job that is not there. */
  readonly ended: State | 'gone' | undefined;
  /** Reads what is new, unless a read is running: then one more follows it. A failed read is made up for by the next. */
  read(): void;
  /** Events after a sequence number, as far as they were read. */
  after(seq: number): Promise<readonly JobEvent[]>;
  /** Resolves when a read brought something new, or when the signal aborts. */
  change(signal: AbortSignal): Promise<void>;
}

export function createTopic(jobId: string, after: number, events: JobEvents, queries: Pick<JobQueries, 'head'>): Topic {
  let kept: JobEvent[] = [];
  let first = 0;
  let last = 0;
  let state: State | 'gone' = 'gone';
  let busy = true;
  let stale = false;
  const waiting = new Set<() => void>();

  const readNew = async (): Promise<void> => {
    for (;;) {
      const batch = await events.after(jobId, last, PAGE);
      for (const event of batch) {
        kept.push(event);
        last = event.seq;
        if (event.kind === 'state') state = stateOf(event) ?? state;
      }
      if (kept.length > MAX_KEPT) {
        first = kept.at(-MAX_KEPT - 1)?.seq ?? first;
        kept = kept.slice(-MAX_KEPT);
      }
      if (batch.length > 0) for (const resolve of waiting) resolve();
      if (batch.length < PAGE) return;
    }
  };
  const begin = async (): Promise<void> => {
    // The job before its events: an end that it shows has all its events behind it.
    const head = await queries.head(jobId);
    state = head?.state ?? 'gone';
    // A number beyond the newest event would hide what follows from everybody else.
    first = last = Math.min(after, head?.lastEvent ?? 0);
    await readNew();
  };
  const readAgain = async (): Promise<void> => {
    busy = true;
    while (stale) {
      stale = false;
      await readNew().catch(() => undefined);
    }
    busy = false;
  };
  const ready = begin();
  ready.then(readAgain, readAgain);
  return {
    followers: 0,
    ready,
    get last() {
      return last;
    },
    get ended() {
      return state === 'gone' || isTerminal(state) ? state : undefined;
    },
    read() {
      stale = true;
      if (!busy) void readAgain();
    },
    async after(seq) {
      if (seq < first) return events.after(jobId, seq, PAGE);
      return kept.filter((event) => event.seq > seq);
    },
    change: (signal) =>
      new Promise((resolve) => {
        const done = () => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
        if (signal.aborted) done();
      }),
  };
}

function stateOf({ body }: JobEvent): State | undefined {
  return STATES.find((state) => state === body.state);
}
