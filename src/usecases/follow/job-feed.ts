import type { JobEvents } from '../../ports/job-events.js';
import type { FeedItem, JobFeed, JobHead } from '../../ports/job-feed.js';
import type { JobQueries } from '../../ports/job-queries.js';
import { createWake } from '../../platform/wake.js';
import { createTopic, type Topic } from './topic.js';

/** A notification may be lost with its connection: followed jobs are read this often without one (milliseconds). */
const LOOK_MS = 5_000;
/** Changes that wait for one slow reader. */
const MAX_WAITING = 1000;

export interface FeedSource {
  readonly events: JobEvents;
  readonly queries: Pick<JobQueries, 'head'>;
}

/** The feed of one process: make one, pass it to whoever follows jobs, and `run` it. */
export function createJobFeed({ events, queries }: FeedSource): JobFeed {
  const topics = new Map<string, Topic>();
  const waiting = new Map<string, Set<() => void>>();
  const readers = new Set<(job: JobHead) => void>();
  const heads = new Map<string, 'reading' | 'stale'>();

  /** Reads a changed job once for all readers; a change during the read leads to one more. */
  const readHead = async (jobId: string): Promise<void> => {
    if (heads.has(jobId)) return void heads.set(jobId, 'stale');
    do {
      heads.set(jobId, 'reading');
      const head = await queries.head(jobId).catch(() => undefined);
      if (head) for (const take of readers) take(head);
    } while (heads.get(jobId) === 'stale');
    heads.delete(jobId);
  };

  const notify = (jobId: string): void => {
    topics.get(jobId)?.read();
    if (readers.size > 0) void readHead(jobId);
    for (const resolve of waiting.get(jobId) ?? []) resolve();
  };

  return {
    async changed(jobId, withinMs, signal) {
      const wake = createWake();
      const set = waiting.get(jobId) ?? new Set();
      waiting.set(jobId, set.add(wake.wake));
      const timedOut = await wake.sleep(withinMs, signal);
      set.delete(wake.wake);
      if (set.size === 0 && waiting.get(jobId) === set) waiting.delete(jobId);
      return !timedOut && !signal?.aborted;
    },
    async *follow(jobId, after, signal): AsyncGenerator<FeedItem> {
      const topic = topics.get(jobId) ?? createTopic(jobId, after, events, queries);
      topics.set(jobId, topic);
      topic.followers += 1;
      try {
        await topic.ready;
        for (let seq = after; !signal.aborted;) {
          const batch = await topic.after(seq);
          for (const event of batch) yield { kind: 'event', event };
          seq = batch.at(-1)?.seq ?? seq;
          if (batch.length > 0 || topic.last > seq) continue;
          if (topic.ended) {
            yield { kind: 'end', state: topic.ended };
            return;
          }
          await topic.change(signal);
        }
      } finally {
        topic.followers -= 1;
        if (topic.followers === 0) topics.delete(jobId);
      }
    },
    async *changes(signal) {
      const queue: JobHead[] = [];
      const wake = createWake();
      const take = (job: JobHead) => {
        if (queue.length < MAX_WAITING) queue.push(job);
        wake.wake();
      };
      readers.add(take);
      try {
        while (!signal.aborted) {
          for (let job = queue.shift(); job; job = queue.shift()) yield job;
          await wake.sleep(60_000, signal);
        }
      } finally {
        readers.delete(take);
      }
    },
    async run(signal) {
      const look = setInterval(() => topics.forEach((topic) => topic.read()), LOOK_MS);
      await events.watch(notify, signal).finally(() => clearInterval(look));
    },
  };
}
