import { labelledDigest, reasonDigest, type Salt } from '../digest.js';
import type { Job } from '../job.js';
import type { PersonRef } from '../people.js';
import { jobDigest, type BoundMembers } from '../request.js';

/** What a scan was submitted as: nothing of it changes later. */
export interface ScanRequest {
  readonly id: string;
  readonly runbook: Job['runbook'];
  readonly pool: string;
  readonly requester: PersonRef;
  readonly reason: string;
  readonly ticket?: string;
  readonly salt: Salt;
  /** Items of the frozen selection. */
  readonly count: number;
  /** `scanItemsDigest` of their jobs. */
  readonly itemsDigest: string;
}

/** The digest of the frozen selection: the request of each job, in order, with its target, its parameters and its place. */
export function scanItemsDigest(jobs: readonly BoundMembers[]): string {
  return labelledDigest('fixpoint-scan-items-v1', jobs.map(jobDigest));
}

/** The digest of everything that was asked for. It stands in the event `scan.submitted`. */
export function scanDigest(request: ScanRequest): string {
  const { id, runbook, pool, requester, count, itemsDigest: items } = request;
  return labelledDigest('fixpoint-scan-v1', {
    ...{ id, runbook, pool, requester, count, items },
    reason: reasonDigest(request.reason, request.salt),
    ticket: request.ticket ?? null,
  });
}
