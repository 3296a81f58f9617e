import type { ErrorRequestHandler, Response } from 'express';
import { CODES, type Code } from '../domain/codes/index.js';
import { PeopleUnreadable } from '../domain/people.js';
import { PolicyUnreadable } from '../domain/policy/policy.js';
import { isDatabaseUnavailable } from '../platform/database-unavailable.js';
import {
  importErrors,
  itemErrors,
  leftOutErrors,
  limitText,
  memberErrors,
  refusedText,
  transportsOf,
  underParameters,
} from './member-errors.js';
import type { UnknownName } from '../usecases/unknown-names.js';
import type { ProblemError } from './problem-error.js';
import { STATUS, type Failure } from './failure.js';

export type { Failure, ProblemError };

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
    ...(failure.kind === 'rollout-refused' || failure.kind === 'scan-refused'
      ? { errors: failure.members.flatMap(itemErrors) }
      : {}),
    ...(failure.kind === 'nothing-to-roll-back' || failure.kind === 'count-mismatch'
      ? { errors: leftOutErrors(failure.leftOut) }
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
    case 'selection-not-found':
      return failure.name === undefined ? undefined : `There is no selection ${failure.name}.`;
    case 'too-many-requests':
      return `${limitText(failure)} Wait ${failure.retryAfterS} s.`;
    case 'frozen':
      return `Frozen by ${failure.by} at ${failure.at}: ${failure.reason}`;
    case 'count-mismatch':
      return `It has ${failure.count} now. Look at the selection, then type that number.`;
    case 'too-many-rollouts':
      return `A person may have ${failure.limit} rollouts that have not ended.`;
    case 'too-many-scans':
      return `A person may have ${failure.limit} scans that have not ended.`;
    case 'transport-unfit':
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
