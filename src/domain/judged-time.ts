import type { AuditEvent, ChainedEvent } from './audit.js';
import { MOST_SIGNED_APART_MS } from './decision-proof.js';
import { timeIn } from './time.js';

/** An event of a log and when it counts as written (milliseconds). */
export interface JudgedEvent {
  readonly seq: number;
  readonly event: AuditEvent;
  readonly at: number;
}

/**
 * When the events of a log count as written: at their own time, but not long before what authority wrote before them. Who writes an
 * event sets its time, and the log its place.
 */
export function judgedTimes() {
  /** The latest time of an event by authority so far. */
  let latest = -Infinity;
  /** A text that is no time is later than every time. */
  return ({ seq, writer }: Pick<ChainedEvent, 'seq' | 'writer'>, event: AuditEvent): JudgedEvent => {
    // The clocks of two processes differ.
    const at = Math.max(timeIn(event.at, Infinity), latest - MOST_SIGNED_APART_MS);
    if (writer === 'fixpoint_authority') latest = Math.max(latest, timeIn(event.at, -Infinity));
    return { seq, event, at };
  };
}
