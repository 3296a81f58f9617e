import { canonicalJson } from '../canonical.js';
import type { Job } from '../job.js';
import type { Manifest } from '../manifest.js';
import type { Plan } from '../plan.js';
import { poolOf } from '../target.js';
import { durationMs, utcText } from '../time.js';
import { isOpen, nextClosing } from './calendar.js';
import { actionProblem, hoursOf, type Envelope } from './envelope.js';
import { scheduleDigest, type Schedule } from './schedule.js';
import { isInstant } from './when.js';

/** What a plan is compared with an envelope by: each as whoever judges it read or computed it. */
export interface StandingFacts {
  readonly job: Job;
  readonly plan: Plan;
  readonly manifest: Manifest;
  /** The schedule that the job names; undefined where there is none. */
  readonly schedule: Pick<Schedule, 'id' | 'spec' | 'owner'> | undefined;
  /** Changes that grants under this envelope allowed before this one. */
  readonly used: number;
  /** When a grant would be given, or when a job would begin. */
  readonly at: Date;
}

/**
 * Why a plan is not covered by an envelope: every reason, as a sentence that begins with what is wrong. None: a grant may be given
 * without a decision. `authority` and the worker ask the same; neither believes the other, nor a row.
 */
export function misfits(envelope: Envelope, facts: StandingFacts): readonly string[] {
  return [...timeMisfits(envelope, facts), ...requestMisfits(envelope, facts), ...planMisfits(envelope, facts)];
}

/** Until when a job that begins at this time may begin its changes: hours, window and the end of the envelope. */
export function standingUntil(envelope: Envelope, { window }: Pick<Job, 'window'>, at: Date): Date {
  const end = Math.min(Date.parse(envelope.notAfter), window?.to.getTime() ?? Infinity);
  return nextClosing([hoursOf(envelope)], at, new Date(end));
}

function timeMisfits(envelope: Envelope, { job, schedule, at }: StandingFacts): readonly string[] {
  const now = utcText(at);
  return [
    ...(now >= envelope.notBefore ? [] : [`the standing approval begins at ${envelope.notBefore}`]),
    ...(now < envelope.notAfter ? [] : [`the standing approval ended at ${envelope.notAfter}`]),
    ...(isOpen([hoursOf(envelope)], at) ? [] : ['it is outside of the hours of the standing approval']),
    ...firingMisfits(envelope, job, schedule),
  ];
}

/** Whether the job is what the schedule that people approved makes at one of its instants. */
function firingMisfits(envelope: Envelope, job: Job, schedule: StandingFacts['schedule']): readonly string[] {
  if (!job.schedule || !schedule) return ['the job comes from no schedule'];
  const known =
    job.schedule.id === envelope.schedule.id &&
    schedule.id === envelope.schedule.id &&
    scheduleDigest(schedule) === envelope.schedule.sha256;
  if (!known) return ['the schedule is not the one that was approved'];
  const { when, jitter, misfire, window } = schedule.spec;
  if (!isInstant(when, job.schedule.instant)) return ['the schedule has no such instant'];
  const latest =
    job.schedule.instant.getTime() +
    durationMs(jitter) +
    (misfire.policy === 'run-once' ? durationMs(misfire.within) : 0);
  const { from, to } = job.window ?? { from: new Date(0), to: new Date(0) };
  const inTime = from >= job.schedule.instant && from.getTime() <= latest;
  const longEnough = to.getTime() - from.getTime() <= durationMs(window);
  return inTime && longEnough ? [] : ['the window is not one of the schedule'];
}

function requestMisfits(envelope: Envelope, { job, schedule }: StandingFacts): readonly string[] {
  const target = envelope.targets.find(({ id }) => id === job.target.id);
  const { runbook } = envelope;
  return [
    ...(job.kind === 'remediation' ? [] : ['a rollback is approved by people']),
    ...(job.follows === undefined && job.supersedes === undefined ? [] : ['it follows or replaces another job']),
    ...(schedule === undefined || job.requester.id === schedule.owner.id
      ? []
      : ['the requester is not the owner of the schedule']),
    ...(job.runbook.id === runbook.id && job.runbook.contentDigest === runbook.contentSha256
      ? []
      : ['the runbook is another version than the approved one']),
    ...(schedule === undefined || isAskedAs(job, schedule)
      ? []
      : ['the reason or the ticket is not that of the schedule']),
    ...(job.pool === poolOf(job.target, job.pool) ? [] : ['the pool is not that of the target']),
    ...(target === undefined ? ['the target is not one of those that were approved'] : []),
    ...(target !== undefined && target.sha256 !== job.targetDigest
      ? ['the target was changed since the approval']
      : []),
    ...(canonicalJson(job.parameters) === canonicalJson(envelope.parameters)
      ? []
      : ['the parameters are not the approved ones']),
  ];
}

const isAskedAs = (job: Job, { spec: { action } }: Pick<Schedule, 'spec'>): boolean =>
  action.kind === 'job' && job.reason === action.reason && job.ticket === action.ticket;

function planMisfits(
  { actions, most }: Envelope,
  { plan: { changes }, manifest, used }: StandingFacts,
): readonly string[] {
  const outside = [...new Set(changes.map(({ action }) => action))].flatMap((action) => {
    if (!actions.includes(action)) return [`the action ${action} is not one of those that were approved`];
    const problem = actionProblem(action, manifest);
    return problem === undefined ? [] : [`the action ${problem}`];
  });
  return [
    ...(changes.length === 0 ? ['the plan is empty'] : []),
    ...outside,
    ...(changes.length <= most.perTarget
      ? []
      : [`the plan has ${changes.length} changes, and ${most.perTarget} is the most`]),
    ...(used + changes.length <= most.inAll
      ? []
      : [`with this plan ${used + changes.length} changes were allowed, and ${most.inAll} is the most`]),
  ];
}
