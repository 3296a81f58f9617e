import type { SetOptions } from './common.js';

/**
 * How much of everything is played: `small` with the suites, `usual` before a change lands, a share of a release run's counts
 * (above 0, at most 1) for hours.
 */
export type Counts = 'small' | 'usual' | { readonly release: number };

/** How often each fault happens in a release run; elsewhere each set has its own count. */
const RELEASE: Readonly<Record<string, number>> = {
  rounds: 10_000,
  points: 100,
  redis: 500,
  postgres: 300,
  stop: 1000,
};

/** A few of each: what is broken for good shows. */
export const SMALL: Readonly<Record<string, number>> = {
  rounds: 8,
  points: 1,
  redis: 4,
  postgres: 2,
  stop: 4,
  keys: 12,
  deciders: 2,
  doubles: 6,
  forged: 2,
  poison: 1,
  disk: 1,
  ssh: 3,
  winrm: 3,
  progress: 1,
};
/** Before a change lands: each fail point once, and fewer rounds than the set's own count. Every other set at its own count. */
const USUAL: Readonly<Record<string, number>> = { points: 1, rounds: 30, keys: 80 };
/** That part of the fail points, another for another seed. */
const SMALL_SHARE = 0.1;
/** One for each ledger that the checker reads, and the quickest of them. */
export const SMALL_MUTANTS = ['grant-use', 'audit-in-transaction', 'idempotency-key'];

/** The options of one set at these counts. */
export function countsOf(counts: Counts, set: string): Partial<SetOptions> {
  const rounds =
    counts === 'usual'
      ? USUAL[set]
      : counts === 'small'
        ? SMALL[set]
        : RELEASE[set] === undefined
          ? undefined
          : Math.ceil(RELEASE[set] * counts.release);
  return {
    ...(rounds === undefined ? {} : { rounds }),
    ...(counts === 'small' ? { share: SMALL_SHARE } : {}),
  };
}

export function isPlayed(counts: Counts, mutant: string): boolean {
  return counts !== 'small' || SMALL_MUTANTS.includes(mutant);
}
