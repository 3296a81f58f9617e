import type { ErrorRequestHandler, Response } from 'express';
import type { DecisionFailure } from '../usecases/decide/record-decision.js';
import type { CancelFailure } from '../usecases/stop/cancel-job.js';
import type { RollbackFailure } from '../usecases/submit/request-rollback.js';
import type { SettleFailure } from '../usecases/settle/resolve-job.js';
import type { SubmitFailure } from '../usecases/submit/submit-job.js';

export type Failure =
  | SubmitFailure
  | DecisionFailure
  | CancelFailure
  | RollbackFailure
  | SettleFailure
  | { readonly kind: 'name-taken' | 'host-key-taken' | 'changed-meanwhile' | 'not-found' | 'token-not-found' };

/** A new kind of failure without a status does not compile. */
const STATUS = {
  'not-allowed': 403,
  'own-request': 403,
  'not-an-approver': 403,
  'service-token': 403,
  involved: 403,
  'local-refused': 403,
  'runbook-not-found': 404,
  'target-not-found': 404,
  'job-not-found': 404,
  'token-not-found': 404,
  'not-found': 404,
  'invalid-parameters': 400,
  'target-kind': 400,
  'execute-by': 400,
  'not-awaiting-approval': 409,
  'plan-changed': 409,
  'already-decided': 409,
  'already-ended': 409,
  'not-ended': 409,
  'nothing-to-undo': 409,
  'no-rollback': 409,
  'not-needing-attention': 409,
  'not-supersedable': 409,
  'precondition-missing': 409,
  'name-taken': 409,
  'host-key-taken': 409,
  locked: 409,
  'grant-used': 409,
  'already-told': 409,
  'approval-expired': 410,
  'changed-meanwhile': 412,
  'idempotency-mismatch': 422,
  frozen: 423,
  'too-many-requests': 429,
} as const satisfies Record<Failure['kind'], number>;

const TITLES: Partial<Record<Failure['kind'], string>> = {
  'not-allowed': 'You may not do this.',
  'own-request': 'You asked for this yourself: another person must approve it.',
  'not-an-approver': 'You are not an approver for this runbook and target.',
  'service-token': 'A service token never decides: sign in as a person.',
  involved: 'You asked for or approved this job: somebody else must settle it.',
  'local-refused': 'Transport local is for tests only.',
  'runbook-not-found': 'There is no such runbook. The catalogue is at /v1/runbooks.',
  'target-not-found': 'There is no such target in the inventory.',
  'job-not-found': 'There is no such job, or it is not yours to see.',
  'invalid-parameters': 'The parameters do not fit the runbook. Nothing was stored.',
  'target-kind': 'The runbook does not run on this kind of target.',
  'execute-by': 'executeBy must lie ahead and within what the runbook allows.',
  'not-awaiting-approval': 'The job does not wait for an approval.',
  'plan-changed': 'The plan is another one by now. Look at it and decide again.',
  'already-decided': 'You have decided on this plan already.',
  'already-ended': 'The job has ended already.',
  'not-ended': 'The job has not ended yet.',
  'nothing-to-undo': 'The job made no change that could be undone.',
  'no-rollback': 'This runbook cannot be rolled back.',
  'not-needing-attention': 'The job does not wait for a person.',
  'not-supersedable': 'The job to replace is not yours or no longer waits for approval.',
  'precondition-missing': 'The job to follow is not one that this may follow. Nothing was stored.',
  'name-taken': 'The inventory has a target of this name.',
  'host-key-taken': 'The inventory has a target with this host key: one machine, one entry.',
  'approval-expired': 'The time to decide is over.',
  'changed-meanwhile': 'Somebody changed it meanwhile. Read it again.',
  'idempotency-mismatch': 'This Idempotency-Key was used with another request.',
  frozen: 'All new work is frozen.',
  'too-many-requests': 'Too many requests for this target. Wait a little.',
};

export interface ProblemError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The one form of every error: RFC 9457 with a stable `code`. */
export function sendProblem(
  response: Response,
  status: number,
  code: string,
  title: string,
  more: { readonly detail?: string; readonly errors?: readonly ProblemError[] } = {},
): void {
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `https://fixpoint.example/problems/${code}`,
        title,
        status,
        code,
        detail: more.detail ?? title,
        ...(more.errors ? { errors: more.errors } : {}),
      }),
    );
}

export function sendFailure(response: Response, failure: Failure): void {
  const detail = detailOf(failure);
  if (failure.kind === 'too-many-requests') response.setHeader('Retry-After', String(failure.retryAfterS));
  sendProblem(response, STATUS[failure.kind], failure.kind, TITLES[failure.kind] ?? failure.kind, {
    ...(detail === undefined ? {} : { detail }),
    ...(failure.kind === 'invalid-parameters'
      ? { errors: failure.problems.map(({ path, code, message }) => ({ path: `/parameters${path}`, code, message })) }
      : {}),
  });
}

function detailOf(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'not-allowed':
      return failure.why;
    case 'target-kind':
      return `It runs on: ${failure.allowed.join(', ')}.`;
    case 'not-awaiting-approval':
    case 'already-ended':
    case 'not-ended':
    case 'not-needing-attention':
      return `It is ${failure.state}.`;
    case 'plan-changed':
      return `The current plan has the digest ${failure.current}.`;
    case 'frozen':
      return `Frozen by ${failure.by} at ${failure.at}: ${failure.reason}`;
    case 'precondition-missing':
    case 'no-rollback':
      return failure.why;
    default:
      return undefined;
  }
}

/** Bodies that are no JSON, too large or of another type; anything else is our fault and says nothing of the inside. */
export const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large')
    return sendProblem(response, 413, 'body-too-large', 'The body is larger than 256 kB.');
  if (type === 'entity.parse.failed')
    return sendProblem(response, 400, 'malformed-json', 'The body is not valid JSON.');
  if (error instanceof URIError || status === 400)
    return sendProblem(response, 400, 'malformed-request', 'The request cannot be read.');
  if (status === 415) return sendProblem(response, 415, 'unsupported-media-type', 'Send application/json in UTF-8.');
  (request as { log?: { error: (fields: object, message: string) => void } }).log?.error(
    { err: error },
    'request failed',
  );
  const { code } = error as { code?: string };
  const away = ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '53100', '08006'].includes(code ?? '');
  return away
    ? sendProblem(
        response,
        503,
        'record-unavailable',
        'The record cannot be reached or written; nothing was accepted. Try again.',
      )
    : sendProblem(
        response,
        500,
        'internal-error',
        'Something went wrong on our side. Nothing more is known to have changed.',
      );
};
