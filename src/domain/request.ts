import { parseEvent, type AuditEvent } from './audit.js';
import { writes } from './audit-writers.js';
import { labelledDigest, requestDigest } from './digest.js';
import { windowText } from './job-window.js';
import type { Job } from './job.js';
import { utcText } from './time.js';

/** The members of a job that its request fixes: no move changes them. */
export type BoundMembers = Pick<
  Job,
  | 'id'
  | 'kind'
  | 'rollbackOf'
  | 'runbook'
  | 'targetDigest'
  | 'pool'
  | 'parameters'
  | 'salt'
  | 'requester'
  | 'reason'
  | 'ticket'
  | 'supersedes'
  | 'follows'
  | 'window'
  | 'schedule'
  | 'rollout'
  | 'scan'
>;

/**
 * The digest of everything that was asked for, by whom and why. It stands in the event `job.submitted`, in the plan and in the grant:
 * another request under the same id is told at each of them.
 */
export function jobDigest(job: BoundMembers): string {
  const { id, kind, runbook, targetDigest: target, pool, requester } = job;
  return labelledDigest('fixpoint-job-v1', {
    ...{ id, kind, runbook, target, pool, requester },
    request: requestDigest(job.parameters, job.reason, job.salt),
    rollbackOf: job.rollbackOf ?? null,
    ticket: job.ticket ?? null,
    supersedes: job.supersedes ?? null,
    follows: job.follows ?? null,
    // A request without them has the digest that it had in versions that knew neither.
    ...(job.window ? { window: windowText(job.window) } : {}),
    ...(job.schedule ? { schedule: { id: job.schedule.id, instant: utcText(job.schedule.instant) } } : {}),
    // A job of a version before rollouts has the digest that it had.
    ...(job.rollout === undefined ? {} : { rollout: { id: job.rollout.id, index: job.rollout.index } }),
    ...(job.scan === undefined ? {} : { scan: { id: job.scan.id, index: job.scan.index } }),
  });
}

/** An event as the database holds it: its exact text, and the role that wrote it. */
export interface WrittenEvent {
  readonly writer: string;
  readonly event: string;
}

/** Whether this event was written by who writes such events, and says that exactly this job was submitted. */
export function isSubmissionOf(job: BoundMembers, { writer, event: text }: WrittenEvent): boolean {
  const event = parseEvent(text);
  return event?.action === 'job.submitted' && writes(writer, event.action) && submittedAs(job, event);
}

/** Whether a `job.submitted` fits the job. One of a version that did not have `jobSha256` is compared by what it has. */
export function submittedAs(job: BoundMembers, event: AuditEvent): boolean {
  if (event.job !== job.id || event.actor.id !== job.requester.id) return false;
  const { jobSha256, requestSha256, contentSha256 } = event.data;
  if (jobSha256 !== undefined) return jobSha256 === jobDigest(job);
  if (contentSha256 !== job.runbook.contentDigest) return false;
  return requestSha256 === undefined || requestSha256 === requestDigest(job.parameters, job.reason, job.salt);
}
