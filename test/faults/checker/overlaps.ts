import type { LedgerLine } from './ledgers.js';

/** One try at a change: from its begin to the last line that it wrote, its end unless it was killed half-way. Places in the ledger. */
interface Try {
  readonly job: string;
  readonly object: string;
  readonly first: number;
  last: number;
}

/**
 * Two jobs are never at work on one object at a time. A job may try again after it was killed and another had its turn: each of its
 * tries counts by itself. Of a try that was killed only what it wrote is known, so it covers that.
 */
export function findOverlaps(lines: readonly LedgerLine[]): string[] {
  const tries: Try[] = [];
  lines.forEach(({ word, job, object }, i) => {
    const mine = tries.findLast((other) => other.job === job && other.object === object);
    if (word === 'begin') tries.push({ job, object, first: i, last: i });
    else if (mine) mine.last = i;
  });
  return tries.flatMap((one, i) =>
    tries
      .slice(i + 1)
      .filter((later) => later.object === one.object && later.job !== one.job && later.first < one.last)
      .map((later) => `${one.job} and ${later.job} were at work on ${one.object} at a time`),
  );
}
