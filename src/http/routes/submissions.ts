import { NOT_ADMITTED } from '../../domain/admission.js';
import type { Job } from '../../domain/job.js';
import type { Result } from '../../domain/result.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { submitBatch } from '../../usecases/submit/submit-batch.js';
import { submitJob } from '../../usecases/submit/submit-job.js';
import type { Failure } from '../problem.js';
import { failure, route, type Reply, type Route } from '../route.js';
import { BatchBody, SubmitBody } from '../schemas/requests.js';
import { BatchAccepted, JobSummary } from '../schemas/responses.js';
import { jobSummary, type ShownSummary } from '../views/job.js';

/** Codes of every new job. */
export const SUBMISSION = ['not-allowed', 'idempotency-mismatch', 'frozen', 'not-supersedable'] as const;
/** Codes of what a new job asks for. */
export const SUBMIT = [
  ...(['runbook-not-found', 'target-not-found', 'local-refused', 'target-kind'] as const),
  ...(['invalid-parameters', 'too-many-requests', 'precondition-missing', 'window-refused'] as const),
  ...NOT_ADMITTED,
  'target-not-admitted',
] as const;

/** 4 KiB for each of its 500 members on average. */
const BATCH_BYTES = 2 * 1024 * 1024;

/** A request with its times as times. */
function asked<B extends { readonly window?: { readonly from: string; readonly to: string } }>({ window, ...body }: B) {
  return { ...body, ...(window ? { window: { from: new Date(window.from), to: new Date(window.to) } } : {}) };
}

export function submissionRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/jobs',
      summary: 'Submit a request; planning follows, nothing is changed before an approval.',
      action: 'submit',
      body: SubmitBody,
      answers: 201,
      answer: JobSummary,
      problems: [...SUBMISSION, ...SUBMIT],
      handle: async ({ actor, body, idempotencyKey }) =>
        created(await submitJob(context, actor, idempotencyKey, asked(body))),
    }),
    route({
      method: 'post',
      path: '/jobs:batch',
      summary: 'Submit 1 to 500 requests together: all become jobs, or none does.',
      action: 'submit',
      body: BatchBody,
      bodyBytes: BATCH_BYTES,
      answers: 201,
      answer: BatchAccepted,
      problems: ['not-allowed', 'idempotency-mismatch', 'frozen', 'batch-refused'],
      handle: async ({ actor, body, idempotencyKey }) => {
        const result = await submitBatch(context, actor, idempotencyKey, body.requests.map(asked));
        if (!result.ok) return failure(result.error);
        const items = result.value.made.map(({ id, state }) => ({ id, state, location: `/v1/jobs/${id}` }));
        return { kind: 'answer', body: { items } };
      },
    }),
  ];
}

/** The response for a new job, or for the one that its key made before. */
export function created(result: Result<{ readonly made: Job }, Failure>): Reply<ShownSummary> {
  if (!result.ok) return failure(result.error);
  const { made } = result.value;
  return { kind: 'answer', body: jobSummary(made), headers: { Location: `/v1/jobs/${made.id}` } };
}
