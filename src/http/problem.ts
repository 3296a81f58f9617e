import type { ErrorRequestHandler, Response } from 'express';
import { CODES, type Code } from '../domain/codes/index.js';
import { PeopleUnreadable } from '../domain/people.js';
import { PolicyUnreadable } from '../domain/policy/policy.js';
import { isDatabaseUnavailable } from '../platform/database-unavailable.js';
import type { DecisionFailure } from '../usecases/decide/record-decision.js';
import type { CancelFailure } from '../usecases/stop/cancel-job.js';
import type { RollbackFailure } from '../usecases/submit/request-rollback.js';
import type { RolloutDecisionFailure } from '../usecases/rollouts/refused-as.js';
import type { StopFailure } from '../usecases/rollouts/stop-rollout.js';
import type { RolloutFailure } from '../usecases/rollouts/submit-rollout.js';
import type { KeyFailure } from '../usecases/keys/key-failure.js';
import type { ResolveFailure } from '../usecases/reconcile/resolve-job.js';
import type { SubmitFailure } from '../usecases/submit/check-request.js';
import type { ImportFailure } from '../usecases/inventory/import-targets.js';
import type { Unfit } from '../usecases/inventory/target-fit.js';
import type { BatchFailure } from '../usecases/submit/submit-batch.js';
import { importErrors, limitText, memberErrors, refusedText, transportsOf, underParameters } from './member-errors.js';
import type { AdmissionRequestFailure } from '../usecases/admission/request-admission.js';
import type { ConfirmFailure } from '../usecases/admission/confirm-admission.js';
import type { TargetsRequestFailure } from '../usecases/admission/request-targets.js';
import type { UnknownName } from '../usecases/unknown-names.js';
import type { CalendarFailure } from '../usecases/schedules/edit-calendars.js';
import type { ChangeScheduleFailure } from '../usecases/schedules/change-schedule.js';
import type { CreateScheduleFailure } from '../usecases/schedules/create-schedule.js';
import type { ProblemError } from './problem-error.js';

export type Failure =
  | SubmitFailure
  | BatchFailure
  | DecisionFailure
  | CancelFailure
  | RollbackFailure
  | ResolveFailure
  | AdmissionRequestFailure
  | ConfirmFailure
  | KeyFailure
  | CreateScheduleFailure
  | ChangeScheduleFailure
  | CalendarFailure
  | RolloutFailure
  | RolloutDecisionFailure
  | StopFailure
  | { readonly kind: 'invalid-query'; readonly errors: readonly ProblemError[] }
  | Unfit
  | ImportFailure
  | TargetsRequestFailure
  | { readonly kind: 'admission-required' | 'name-taken' | 'host-key-taken' | 'etag-mismatch' | 'not-found' };

/** A new kind of failure without a status does not compile. */
const STATUS = {
  'not-allowed': 403,
  'own-request': 403,
  'not-an-approver': 403,
  'proof-invalid': 403,
  'key-required': 403,
  'key-unknown': 403,
  'key-revoked': 403,
  'signature-invalid': 403,
  'decision-stale': 403,
  'decision-replayed': 403,
  'of-a-rollout': 409,
  'rollout-not-found': 404,
  'selection-empty': 400,
  'selection-unbounded': 400,
  'selection-unclear': 400,
  'declaration-refused': 400,
  'rollout-refused': 400,
  'rollout-too-large': 400,
  'not-for-rollouts': 400,
  'not-repeatable': 409,
  'count-mismatch': 409,
  'not-ended-rollout': 409,
  'rollout-ended': 409,
  'list-changed': 409,
  'not-paused': 409,
  'item-started': 409,
  'budget-exceeded': 409,
  'too-many-rollouts': 429,
  'key-weak': 403,
  'own-key': 403,
  'not-an-admin': 403,
  'first-key-exists': 403,
  'first-key-not-admin': 403,
  'key-owner-unknown': 403,
  'key-not-found': 404,
  'key-taken': 409,
  'key-not-pending': 409,
  'service-token': 403,
  'separation-of-duties': 403,
  'local-refused': 403,
  'runbook-not-admitted': 409,
  'runbook-disabled': 409,
  'admission-revoked': 409,
  'admission-expired': 409,
  'admission-invalid': 409,
  'runbook-not-found': 404,
  'target-not-found': 404,
  'job-not-found': 404,
  'not-found': 404,
  'runbook-unreadable': 400,
  'version-needed': 400,
  'version-changed': 409,
  'request-ended': 409,
  'invalid-parameters': 400,
  'batch-refused': 400,
  'import-refused': 400,
  'invalid-query': 400,
  'transport-not-allowed': 400,
  'target-kind': 400,
  'schedule-refused': 400,
  'calendar-refused': 400,
  'schedule-not-found': 404,
  'calendar-not-found': 404,
  'schedule-name-taken': 409,
  'calendar-name-taken': 409,
  'schedule-changed': 409,
  'schedule-ended': 409,
  'calendar-in-use': 409,
  'execute-by': 400,
  'window-refused': 400,
  'not-awaiting-approval': 409,
  'plan-changed': 409,
  'plan-outdated': 409,
  'request-changed': 409,
  'already-decided': 409,
  'already-ended': 409,
  'not-ended': 409,
  'nothing-to-undo': 409,
  'values-erased': 409,
  'already-rolled-back': 409,
  'no-rollback': 409,
  'not-needing-attention': 409,
  'not-supersedable': 409,
  'precondition-missing': 409,
  'target-not-admitted': 409,
  'admission-required': 409,
  'name-taken': 409,
  'host-key-taken': 409,
  locked: 409,
  'grant-used': 409,
  'duplicate-event': 409,
  'approval-expired': 410,
  'etag-mismatch': 412,
  'idempotency-mismatch': 422,
  frozen: 423,
  'too-many-requests': 429,
} as const satisfies Record<Failure['kind'], number>;

export type { ProblemError };

/** More errors than a person reads. A schema looks for one more (`MOST_PROBLEMS`), so that it shows that there are others. */
const MOST_ERRORS = 100;

interface ProblemDetails {
  /** The next step of the code where it is not given. */
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The one form of every error: RFC 9457 with a stable `code`. */
export function problemText(status: number, code: Code, { detail, errors = [] }: ProblemDetails = {}): string {
  const { en: title, next } = CODES[code];
  const cut = errors.length > MOST_ERRORS ? ` Only the first ${MOST_ERRORS} errors are listed.` : '';
  return JSON.stringify({
    type: `https://fixpoint.example/problems/${code}`,
    title,
    status,
    code,
    detail: `${detail ?? next.en}${cut}`,
    ...(errors.length > 0 ? { errors: errors.slice(0, MOST_ERRORS) } : {}),
  });
}

export function sendProblem(response: Response, status: number, code: Code, details: ProblemDetails = {}): void {
  response
    .status(status)
    .type(PROBLEM_TYPE)
    .send(problemText(status, code, details));
}

export function sendFailure(response: Response, failure: Failure): void {
  const detail = detailOf(failure);
  if (failure.kind === 'too-many-requests') response.setHeader('Retry-After', String(failure.retryAfterS));
  sendProblem(response, STATUS[failure.kind], failure.kind, {
    ...(detail === undefined ? {} : { detail }),
    ...(failure.kind === 'invalid-parameters' ? { errors: underParameters('', failure.problems) } : {}),
    ...(failure.kind === 'rollout-refused'
      ? { errors: failure.members.flatMap((one) => memberErrors(one, 'items')) }
      : {}),
    ...(failure.kind === 'declaration-refused'
      ? { errors: failure.problems.map((one) => ({ path: one.path, code: 'value', message: one.message })) }
      : {}),
    ...(failure.kind === 'batch-refused' ? { errors: failure.members.flatMap((one) => memberErrors(one)) } : {}),
    ...(failure.kind === 'import-refused' ? { errors: failure.targets.map(importErrors) } : {}),
    ...(failure.kind === 'schedule-refused' || failure.kind === 'calendar-refused'
      ? { errors: failure.problems.map(({ path, message }) => ({ path, code: 'value', message })) }
      : {}),
    ...(failure.kind === 'invalid-query' ? { errors: failure.errors } : {}),
  });
}

/** A cursor that no page of this list gave out. */
export const invalidCursor = {
  kind: 'invalid-query',
  errors: [{ path: '/cursor', code: 'cursor', message: 'is not the `next` of a page of this list' }],
} as const satisfies Failure;

/** A filter that names nothing that there is or was: an empty answer would hide the slip. */
export const noSuchName = (unknown: readonly UnknownName[]) =>
  ({
    kind: 'invalid-query',
    errors: unknown.map(({ member, name }) => ({
      ...{ path: `/${member}`, code: 'unknown' },
      message: `names no ${member === 'requester' ? 'person' : member} that there is or was: ${name}`,
    })),
  }) satisfies Failure;

function detailOf(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'not-allowed':
      return failure.why;
    case 'runbook-not-found':
      return refusedText(failure);
    case 'transport-not-allowed':
      return transportsOf(failure);
    case 'target-kind':
      return `The runbook runs on: ${failure.allowed.join(', ')}.`;
    case 'not-awaiting-approval':
    case 'already-ended':
    case 'not-ended':
    case 'not-needing-attention':
      return `The job is ${failure.state}.`;
    case 'plan-changed':
      return `Review the plan with the digest ${failure.current} and decide again.`;
    case 'already-rolled-back':
      return `Job ${failure.by} put back what it made.`;
    case 'request-ended':
      return `It is ${failure.status}.`;
    case 'schedule-ended':
      return `The schedule is ${failure.status}.`;
    case 'calendar-not-found':
      return failure.name === undefined ? undefined : `There is no calendar ${failure.name}.`;
    case 'too-many-requests':
      return `${limitText(failure)} Wait ${failure.retryAfterS} s.`;
    case 'frozen':
      return `Frozen by ${failure.by} at ${failure.at}: ${failure.reason}`;
    case 'count-mismatch':
      return `It has ${failure.count} now. Look at the selection, then type that number.`;
    case 'too-many-rollouts':
      return `A person may have ${failure.limit} rollouts that have not ended.`;
    case 'precondition-missing':
    case 'window-refused':
    case 'no-rollback':
    case 'runbook-not-admitted':
    case 'runbook-disabled':
    case 'admission-revoked':
    case 'admission-expired':
    case 'admission-invalid':
    case 'target-not-admitted':
      return failure.why;
    default:
      return undefined;
  }
}

/** Answers for a body that cannot be read, for an unavailable database, people file or policy, and for bugs, whose details go to the log only. */
export const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') return sendProblem(response, 413, 'body-too-large');
  if (type === 'entity.parse.failed') return sendProblem(response, 400, 'malformed-json');
  if (error instanceof URIError || status === 400) return sendProblem(response, 400, 'malformed-request');
  if (status === 415) return sendProblem(response, 415, 'unsupported-media-type');
  (request as { log?: { error: (fields: object, message: string) => void } }).log?.error(
    { err: error },
    'request failed',
  );
  if (error instanceof PeopleUnreadable) return sendProblem(response, 503, 'people-unreadable');
  if (error instanceof PolicyUnreadable) return sendProblem(response, 503, 'policy-unreadable');
  return isDatabaseUnavailable(error)
    ? sendProblem(response, 503, 'service-unavailable')
    : sendProblem(response, 500, 'internal-error');
};
