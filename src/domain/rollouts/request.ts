import { parseEvent } from '../audit.js';
import { writes } from '../audit-writers.js';
import { labelledDigest, reasonDigest, type Salt } from '../digest.js';
import type { Job } from '../job.js';
import type { PersonRef } from '../people.js';
import { jobDigest, type BoundMembers, type WrittenEvent } from '../request.js';
import { declarationValue, type Declaration } from './declaration.js';

/** An item of a rollout that its rollback leaves as it is. */
export interface LeftOut {
  /** In the rollout that is rolled back. */
  readonly index: number;
  /** Name of its target. */
  readonly target: string;
  /** Why it stays as it is, by a stable code. */
  readonly code: string;
}

/** What a rollout was submitted as: nothing of it changes later. */
export interface RolloutRequest {
  readonly id: string;
  readonly runbook: Job['runbook'];
  readonly pool: string;
  readonly requester: PersonRef;
  readonly reason: string;
  readonly ticket?: string;
  readonly salt: Salt;
  readonly declaration: Declaration;
  /** Items of the frozen selection. */
  readonly count: number;
  /** `itemsDigest` of their jobs. */
  readonly itemsDigest: string;
  /** The rollout whose failed, unknown and unreached items this one does again. */
  readonly retryOf?: string;
  /** The rollout that this one rolls back: each of its items undoes an item of that one. */
  readonly rollbackOf?: string;
  /** Of a rollback alone: the other items of that rollout, each with why it is not rolled back. */
  readonly leftOut?: readonly LeftOut[];
}

/** The digest of the frozen selection: the request of each job, in order, with its target, its parameters and its place. */
export function itemsDigest(jobs: readonly BoundMembers[]): string {
  return labelledDigest('fixpoint-rollout-items-v1', jobs.map(jobDigest));
}

/** The digest of everything that was asked for. It stands in the event `rollout.submitted`, and approvers sign it. */
export function rolloutDigest(request: RolloutRequest): string {
  const { id, runbook, pool, requester, declaration, count, itemsDigest: items } = request;
  return labelledDigest('fixpoint-rollout-v1', {
    ...{ id, runbook, pool, requester, count, items },
    declaration: declarationValue(declaration),
    reason: reasonDigest(request.reason, request.salt),
    ticket: request.ticket ?? null,
    retryOf: request.retryOf ?? null,
    // Another rollout has the digest that it had before there were rollbacks of rollouts.
    ...(request.rollbackOf === undefined ? {} : rollbackValue(request.rollbackOf, request.leftOut)),
  });
}

const rollbackValue = (rollbackOf: string, leftOut: readonly LeftOut[] = []) => ({
  ...{ kind: 'rollback', rollbackOf },
  leftOut: leftOut.map(({ index, target, code }) => ({ index, target, code })),
});

/** Whether this event was written by who writes such events, and says that exactly this rollout was submitted. */
export function isRolloutSubmission(request: RolloutRequest, { writer, event: text }: WrittenEvent): boolean {
  const event = parseEvent(text);
  if (event?.action !== 'rollout.submitted' || !writes(writer, event.action)) return false;
  const { rollout, rolloutSha256 } = event.data;
  return event.actor.id === request.requester.id && rollout === request.id && rolloutSha256 === rolloutDigest(request);
}

/**
 * Whether these jobs are the frozen selection: as many as were submitted, each at its place, of this rollout, its kind and its requester.
 * Of a rollback no two undo the same job; that each undoes an item is for `isRollbackOfItem`.
 * @param jobs in the order of their index
 */
export function areTheItems(request: RolloutRequest, jobs: readonly BoundMembers[]): boolean {
  const { id, count, requester, runbook, rollbackOf } = request;
  const kind = rollbackOf === undefined ? 'remediation' : 'rollback-of';
  return (
    jobs.length === count &&
    (rollbackOf === undefined || new Set(jobs.map((job) => job.rollbackOf)).size === count) &&
    jobs.every(
      (job, index) =>
        job.rollout?.id === id &&
        job.rollout.index === index &&
        job.kind === kind &&
        job.requester.id === requester.id &&
        job.runbook.contentDigest === runbook.contentDigest &&
        job.runbook.id === runbook.id,
    ) &&
    itemsDigest(jobs) === request.itemsDigest
  );
}
