import type { Job, State } from '../domain/job.js';
import type { JobHead } from './job-feed.js';

/** Reads of jobs for people. */
export interface JobQueries {
  list(filter: {
    /** The first characters of the id. */
    readonly id?: string;
    readonly state?: State;
    readonly runbook?: string;
    /** Id of a target. */
    readonly target?: string;
    /** The name that the target had when the job was submitted. */
    readonly targetName?: string;
    readonly ticket?: string;
    readonly requester?: string;
    readonly submittedFrom?: Date;
    readonly submittedTo?: Date;
    /** Id of the last job of the page before (newest first). */
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly Job[]>;
  /** What a list shows of one job, and the sequence number of its newest event (0: none). */
  head(id: string): Promise<(JobHead & { readonly lastEvent: number }) | undefined>;
  /** Jobs of one requester on each of these targets since a time, for the rate limit of submissions; a target without any is left out. */
  countRecent(requester: string, targets: readonly string[], since: Date): Promise<ReadonlyMap<string, number>>;
  /** These jobs without their plans; an id that no job has is left out. */
  byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Job>>;
}
