import type { Job } from '../job.js';

/** Longest time for which an item of a scan waits for its target (milliseconds): 15 minutes. */
const MOST_SCAN_DEFERRAL_MS = 15 * 60_000;

/**
 * How long a job is put off at most (milliseconds), where its runbook says `upTo`. A scan says how things are now: a target that comes
 * back tomorrow belongs to the next one.
 */
export const longestDeferral = ({ kind }: Pick<Job, 'kind'>, upTo: number): number =>
  kind === 'scan' ? Math.min(upTo, MOST_SCAN_DEFERRAL_MS) : upTo;

/** Scans of one person that have not ended, at most. */
export const MOST_OPEN_SCANS = 5;
