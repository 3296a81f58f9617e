/**
 * Without news for this long a job that needs a worker is sent for again, unless its message is still in the carrier
 * (milliseconds). A carrier gives up the message of a killed worker after 13 s at most: a job that is looked at sooner is found to
 * be on its way and waits twice.
 */
export const NUDGE_MS = 15_000;
