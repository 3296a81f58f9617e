import type { Seen } from './job-view.js';

/** A look that is older is not used again. */
const FRESH_MS = 1000;
const MOST_KEPT = 200;

/**
 * What this process saw of jobs a moment ago, so that a move right after a look does not look again. It is safe to use whatever
 * happened since: a move is written only over the version of the row that was seen, and everything that belongs to a job changes
 * its row. The two times go on with a clock that never jumps. Each look is used once.
 */
export function createRecentLooks() {
  const kept = new Map<string, { readonly seen: Seen; readonly at: number }>();
  return {
    keep(seen: Seen): Seen {
      const { id } = seen.view.job;
      kept.delete(id);
      kept.set(id, { seen, at: performance.now() });
      // Kept in the order of their times: the first ones are the oldest.
      for (const [oldest, { at }] of kept) {
        if (kept.size <= MOST_KEPT && performance.now() - at <= FRESH_MS) break;
        kept.delete(oldest);
      }
      return seen;
    },
    take(id: string): Seen | undefined {
      const look = kept.get(id);
      kept.delete(id);
      const ageMs = look === undefined ? Infinity : performance.now() - look.at;
      if (look === undefined || ageMs > FRESH_MS) return undefined;
      const { view, version } = look.seen;
      const later = (time: Date) => new Date(time.getTime() + Math.floor(ageMs));
      return { version, view: { ...view, now: later(view.now), latest: later(view.latest) } };
    },
  };
}

export type RecentLooks = ReturnType<typeof createRecentLooks>;
