import type { Risk } from '../manifest.js';

/** Items of one rollout, at most, whatever their risk. */
export const MOST_ITEMS = 500;
/** The same by the highest risk among the plans of the list. */
const MOST_BY_RISK: Readonly<Record<Risk, number>> = { R0: MOST_ITEMS, R1: MOST_ITEMS, R2: 50, R3: 10 };
/** A list of more items needs two approvers. */
const ONE_APPROVER_ITEMS = 10;
/** Items that were started and have not ended, at most. */
export const MOST_AT_ONCE = 50;
/** Longest time between two waves (milliseconds): a day. */
export const MOST_SOAK_MS = 24 * 60 * 60_000;
export const MOST_WAVES = 10;

/** Items that a list may have whose highest risk is this one. */
export const mostItems = (risk: Risk): number => MOST_BY_RISK[risk];

/** Approvers that a list needs: what its plans demand, and two where it has more than 10 items. */
export function approvalsForList(count: number, demanded: number): number {
  return Math.max(demanded, count > ONE_APPROVER_ITEMS ? 2 : 1);
}

/** The largest first wave: one item, or a tenth of the list. */
export const mostInFirstWave = (count: number): number => Math.max(1, Math.floor(count / 10));
