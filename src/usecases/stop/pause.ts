import { isPartial } from '../../domain/journal.js';
import type { JobView, Move } from '../../domain/move.js';
import { deferred } from '../../domain/moves.js';
import { workerEvent, type Ids } from '../facts.js';

/** A job that was paused with its grant ends after this long, where nothing ends it earlier. */
const MOST_PAUSE_MS = 24 * 3_600_000;
/** How often a job is looked at while all work is frozen. */
const FROZEN_EVERY_MS = 15_000;
/** When a paused job is looked at although its message was lost. */
const LOST_MESSAGE_MS = 5000;

/** Pauses a job that keeps its grant: until the freeze ends, or for another worker at once. */
export function paused(ids: Ids, { job, journal, now }: JobView, code: 'frozen' | 'worker-stopped'): Move {
  const partial = isPartial(journal);
  const later = (ms: number) => new Date(now.getTime() + ms);
  const events = [workerEvent(ids, 'job.deferred', job, { data: { code, partial } })];
  const until = job.until ?? later(MOST_PAUSE_MS);
  const nextTryAt = code === 'frozen' ? later(FROZEN_EVERY_MS) : now;
  const move = deferred({ code }, nextTryAt, until, { set: { partial }, events });
  return code === 'frozen' ? move : { ...move, message: { priority: 2 }, wakeAt: later(LOST_MESSAGE_MS) };
}

/** Given back by a worker that ends while it only planned: whoever comes next starts again. */
export function unplanned({ now }: JobView): Move {
  const wakeAt = new Date(now.getTime() + LOST_MESSAGE_MS);
  return { to: 'planning', set: { leaseUntil: null }, events: [], message: { priority: 3 }, wakeAt };
}
