import type { NotAdmitted } from '../../domain/admission.js';
import type { ValueObject } from '../../domain/canonical.js';
import { windowProblem, type JobWindow } from '../../domain/job-window.js';
import type { Firing, Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import { runbookFacts } from '../../domain/policy/request.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { TargetNotAdmitted } from '../../domain/subject-admission.js';
import { digestOfTarget, poolOf } from '../../domain/target.js';
import { utcText } from '../../domain/time.js';
import type { RefusedRunbook } from '../../ports/catalogue.js';
import type { SubmissionFailure, NewJob } from '../../ports/submissions.js';
import type { ValueProblem } from '../../ports/values.js';
import type { ApiContext } from '../api-context.js';
import { mayFollow, type FollowFailure } from './may-follow.js';
import { newJob, submissionOf } from './new-job.js';
import type { RequestFacts } from './request-facts.js';

export interface JobRequest {
  readonly runbook: string;
  /** Id or name of a target of the inventory. */
  readonly target: string;
  readonly parameters: ValueObject;
  readonly reason: string;
  readonly ticket?: string;
  readonly supersedes?: string;
  /** A job of the same person that this one is the next step of. */
  readonly follows?: string;
  /** Absent: it may run as soon as it is approved. */
  readonly window?: JobWindow;
  /** The firing of a schedule that it comes from: no person names one. */
  readonly schedule?: Firing;
}

/** `refused`: its folder is there, and was refused when it was last read. */
export interface RunbookNotFound {
  readonly kind: 'runbook-not-found';
  readonly refused?: RefusedRunbook | undefined;
}

/** Why one request of a person is refused by what it asks for. */
export type RequestFailure =
  | Denial
  | FollowFailure
  | RunbookNotFound
  | { readonly kind: NotAdmitted['code'] | TargetNotAdmitted['code']; readonly why?: string }
  | { readonly kind: 'target-not-found' | 'local-refused' }
  | { readonly kind: 'window-refused'; readonly why: string }
  | { readonly kind: 'target-kind'; readonly allowed: readonly string[] }
  | { readonly kind: 'invalid-parameters'; readonly problems: readonly ValueProblem[] }
  /** `limit`: requests of one person for one target in a minute. */
  | { readonly kind: 'too-many-requests'; readonly retryAfterS: number; readonly limit: number };

export type SubmitFailure = RequestFailure | SubmissionFailure;

/**
 * The job that a request makes, or why it makes none: decided by facts that were read before, without any read of its own.
 * `ahead`: requests of the same batch for the same target that come before it. The last argument: the item of a
 * rollout or a scan that the job is.
 */
export function checkRequest(
  context: Pick<ApiContext, 'values' | 'settings' | 'newId'>,
  actor: Actor,
  request: JobRequest,
  facts: RequestFacts,
  ahead = 0,
  { rollout, scan }: Pick<Job, 'rollout' | 'scan'> = {},
): Result<NewJob, RequestFailure> {
  const runbook = facts.runbook(request.runbook);
  if (!runbook) return fail({ kind: 'runbook-not-found', refused: facts.refused(request.runbook) });
  const target = facts.target(request.target);
  if (!target) return fail({ kind: 'target-not-found' });
  const { manifest, contentDigest } = runbook;
  const asked = { person: actor.person, target, runbook: runbookFacts(manifest) };
  const { rights } = facts;
  const action = scan === undefined ? 'submit' : 'scan';
  const denial = rights.denial({ action, ...asked }) ?? rights.denial({ action: 'plan', ...asked });
  if (denial) return fail(denial);
  const admission = facts.admission(contentDigest);
  if (!admission.ok) return fail({ kind: admission.error.code, why: admission.error.detail });
  const admitted = facts.admitted(target);
  if (!admitted.ok) return fail({ kind: admitted.error.code, why: admitted.error.detail });
  if (!manifest.runsOn.kinds.includes(target.kind))
    return fail({ kind: 'target-kind', allowed: manifest.runsOn.kinds });
  if (target.transport.type === 'local' && !context.settings.allowLocal) return fail({ kind: 'local-refused' });
  const parameters = context.values.check(manifest.parameters, request.parameters);
  if (!parameters.ok) return fail({ kind: 'invalid-parameters', problems: parameters.error });
  const { submitPerMinute: limit } = context.settings;
  if (facts.recent(target.id) + ahead >= limit) return fail({ kind: 'too-many-requests', retryAfterS: 60, limit });
  const { follows, supersedes, ticket, reason, window, schedule } = request;
  const why = window && windowProblem(window, new Date());
  if (why !== undefined) return fail({ kind: 'window-refused', why });
  if (follows !== undefined) {
    const allowed = mayFollow(manifest, target, actor.person.id, facts.job(follows));
    if (!allowed.ok) return allowed;
  }
  const job = newJob(context, actor, {
    kind: scan === undefined ? 'remediation' : 'scan',
    runbook: { id: manifest.id, version: manifest.version, contentDigest },
    target,
    targetDigest: digestOfTarget(target),
    pool: poolOf(target, context.settings.pool),
    parameters: parameters.value,
    reason,
    ...(ticket === undefined ? {} : { ticket }),
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(follows === undefined ? {} : { follows }),
    ...(window === undefined ? {} : { window }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(rollout === undefined ? {} : { rollout }),
    ...(scan === undefined ? {} : { scan }),
  });
  const data = {
    ...(follows === undefined ? {} : { follows }),
    ...(schedule === undefined ? {} : { schedule: schedule.id, instant: utcText(schedule.instant) }),
    ...(rollout && { rollout: rollout.id }),
    ...(scan && { scan: scan.id }),
  };
  // Nobody waits for a scan: what somebody asked for goes first.
  return ok(submissionOf(context, job, scan === undefined ? 4 : 5, data));
}
