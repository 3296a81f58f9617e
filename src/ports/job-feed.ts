import type { Job, State } from '../domain/job.js';
import type { JobEvent } from './job-events.js';

/** What a list of jobs needs to know of one that changed. */
export type JobHead = Pick<Job, 'id' | 'state' | 'requester' | 'target'>;

/** A job event, or the state in which the job ended: then nothing follows. */
export type FeedItem =
  { readonly kind: 'event'; readonly event: JobEvent } | { readonly kind: 'end'; readonly state: State | 'gone' };

/**
 * Changes of jobs as this process learns of them. Whoever follows the same job shares one read for each of its changes, so the
 * cost of a change does not grow with the number of followers.
 */
export interface JobFeed {
  /**
   * True at the next change of the job, false when `withinMs` milliseconds pass without one or the signal aborts. It listens from
   * the call on: call it before reading what may change, and await it afterwards.
   */
  changed(jobId: string, withinMs: number, signal?: AbortSignal): Promise<boolean>;
  /** The events of a job after a sequence number, then its end; stops when the signal aborts. No event is left out. */
  follow(jobId: string, after: number, signal: AbortSignal): AsyncIterable<FeedItem>;
  /** Jobs that change from now on; stops when the signal aborts. A reader more than 1,000 changes behind misses some. */
  changes(signal: AbortSignal): AsyncIterable<JobHead>;
  /** Listens to the database until the signal aborts. Without it changes are seen only by the look every 5 seconds. */
  run(signal: AbortSignal): Promise<void>;
}
