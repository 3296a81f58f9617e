import { isTerminal, type Job } from '../job.js';

/** What a scan found of an item. `cancelled`: somebody stopped its job before it was read. */
export const ITEM_STATUSES = ['planning', 'compliant', 'drifted', 'failed', 'unreached', 'cancelled'] as const;
export type ScanItemStatus = (typeof ITEM_STATUSES)[number];

/** How many items have each status. */
export type ScanCounts = Readonly<Record<ScanItemStatus, number>>;

/** Codes of a job that ended because its target could not be read in time: they say nothing about the target's state. */
const UNREACHED: readonly string[] = ['deferral-expired', 'unreachable', 'kdc-unreachable'];

/** What a scan found of an item, by the state of its job. An end that a scan cannot have counts as failed. */
export function scanStatusOf({ state, code }: Pick<Job, 'state' | 'code'>): ScanItemStatus {
  if (state === 'compliant' || state === 'drifted' || state === 'cancelled') return state;
  if (!isTerminal(state)) return 'planning';
  return state === 'blocked' && code !== undefined && UNREACHED.includes(code) ? 'unreached' : 'failed';
}

export function countStatuses(statuses: readonly ScanItemStatus[]): ScanCounts {
  const counts = { planning: 0, compliant: 0, drifted: 0, failed: 0, unreached: 0, cancelled: 0 };
  for (const status of statuses) counts[status] += 1;
  return counts;
}
