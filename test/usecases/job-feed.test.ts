import { describe, expect, it } from '@jest/globals';
import type { JobEvent, JobEvents } from '../../src/ports/job-events.js';
import type { FeedItem } from '../../src/ports/job-feed.js';
import { createJobFeed } from '../../src/usecases/follow/job-feed.js';
import type { Target } from '../../src/domain/target.js';

const target = {} as Target;
const requester = { id: 'helpdesk', name: 'Helpdesk', roles: [] };

/** A source of events in memory that counts what is read of it. */
function source() {
  const stored = new Map<string, JobEvent[]>();
  let notify: (jobId: string) => void = () => undefined;
  const reads = { events: 0, heads: 0 };
  const of = (job: string) => stored.get(job) ?? [];
  const events: JobEvents = {
    append: () => Promise.reject(new Error('not used')),
    async after(job, seq, limit) {
      reads.events += 1;
      return of(job)
        .filter((event) => event.seq > seq)
        .slice(0, limit);
    },
    watch: (onChange, signal) => {
      notify = onChange;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  const queries = {
    async head(id: string) {
      reads.heads += 1;
      const all = of(id);
      const last = all.findLast(({ kind }) => kind === 'state');
      if (!last) return undefined;
      return { id, state: last.body.state as 'queued', requester, target, lastEvent: all.at(-1)?.seq ?? 0 };
    },
  };
  let seq = 0;
  const add = (job: string, body: JobEvent['body'], kind: JobEvent['kind'] = 'state') => {
    stored.set(job, [...of(job), { seq: (seq += 1), at: '2026-01-01T00:00:00.000Z', kind, body }]);
    notify(job);
  };
  const stopped = new AbortController();
  const feed = createJobFeed({ events, queries });
  const running = feed.run(stopped.signal);
  const stop = () => {
    stopped.abort();
    return running;
  };
  return { feed, add, reads, stop };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const forever = () => new AbortController().signal;

async function collect(items: AsyncIterable<FeedItem>): Promise<(number | string)[]> {
  const seen: (number | string)[] = [];
  for await (const item of items) seen.push(item.kind === 'event' ? item.event.seq : item.state);
  return seen;
}

describe('the job feed', () => {
  it('reads at most twice for each change, however many follow the job', async () => {
    const { feed, add, reads, stop } = source();
    add('j', { state: 'planning' });
    const readers = Array.from({ length: 50 }, () => new AbortController());
    const lists = readers.map(async (reader) => {
      const seen: string[] = [];
      for await (const { state } of feed.changes(reader.signal)) seen.push(state);
      return seen;
    });
    const followers = Array.from({ length: 500 }, () => collect(feed.follow('j', 0, forever())));
    await settled();
    const states = ['awaiting-approval', 'queued', 'running', 'succeeded'];
    const before = reads.events + reads.heads;
    for (const state of states) {
      add('j', { state });
      await settled();
    }
    for (const seen of await Promise.all(followers)) expect(seen).toEqual([1, 2, 3, 4, 5, 'succeeded']);
    for (const reader of readers) reader.abort();
    for (const seen of await Promise.all(lists)) expect(seen).toEqual(states);
    expect(reads.events + reads.heads - before).toBeLessThanOrEqual(2 * states.length);
    await stop();
  });

  it('sends every event to a follower that is behind or joins late', async () => {
    const { feed, add, stop } = source();
    for (let i = 0; i < 4000; i++) add('j', { text: `${i}` }, 'record');
    add('j', { state: 'running' });
    const late = collect(feed.follow('j', 3999, forever()));
    await settled();
    const whole = collect(feed.follow('j', 0, forever()));
    await settled();
    add('j', { state: 'failed' });
    expect(await late).toEqual([4000, 4001, 4002, 'failed']);
    expect(await whole).toEqual([...Array.from({ length: 4002 }, (_, i) => i + 1), 'failed']);
    await stop();
  });

  it('accepts a number beyond every event', async () => {
    const { feed, add, stop } = source();
    add('j', { state: 'running' });
    const beyond = collect(feed.follow('j', 1_000_000, forever()));
    await settled();
    const other = collect(feed.follow('j', 0, forever()));
    await settled();
    add('j', { state: 'failed' });
    expect(await other).toEqual([1, 2, 'failed']);
    expect(await beyond).toEqual(['failed']);
    await stop();
  });

  it('ends at once for a job that has ended or does not exist', async () => {
    const { feed, add, stop } = source();
    add('j', { state: 'failed' });
    expect(await collect(feed.follow('j', 0, forever()))).toEqual([1, 'failed']);
    expect(await collect(feed.follow('none', 0, forever()))).toEqual(['gone']);
    await stop();
  });

  it('wakes everyone who waits for a change, from the call on', async () => {
    const { feed, add, stop } = source();
    const changed = feed.changed('j', 10_000);
    const other = feed.changed('k', 10);
    add('j', { state: 'planning' });
    expect([await changed, await other]).toEqual([true, false]);
    await stop();
  });
});
