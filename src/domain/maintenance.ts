/** Longest maintenance of a target (milliseconds): 90 days. It is given another end while it lasts. */
export const MOST_MAINTENANCE_MS = 90 * 24 * 3_600_000;
/** Shortest one (milliseconds): a minute. */
export const LEAST_MAINTENANCE_MS = 60_000;
