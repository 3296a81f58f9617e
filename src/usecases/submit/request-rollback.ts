import type { NotAdmitted } from '../../domain/admission.js';
import type { Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import { admissionOf } from '../in-force.js';
import type { ApiContext } from '../api-context.js';
import { jobFacts } from '../job-rights.js';
import { orFirst, scopeOf } from './idempotency.js';
import { rollbackJob, undoProblem, type UndoProblem } from './undo-problem.js';

export type RollbackFailure =
  | Denial
  | SubmissionFailure
  | UndoProblem
  | { readonly kind: NotAdmitted['code']; readonly why?: string }
  | { readonly kind: 'job-not-found' }
  | { readonly kind: 'no-rollback'; readonly why: string };

/** A new job that puts back what an ended one made, newest first. It is planned and approved like any other. */
export async function requestRollback(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  key: string,
  reason: string,
): Promise<Result<Made<Job>, RollbackFailure>> {
  const scope = scopeOf(actor, `POST /v1/jobs/${jobId}/rollback`, key, { reason });
  const answer = await requestNew(context, actor, jobId, scope, reason);
  return orFirst(answer, () => context.submissions.first(scope));
}

async function requestNew(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  key: IdempotencyKey,
  reason: string,
): Promise<Result<Made<Job>, RollbackFailure>> {
  const view = await context.jobs.view(jobId);
  if (!view) return fail({ kind: 'job-not-found' });
  const { job: original } = view;
  const manifest = await context.catalogue.manifest(original.runbook.contentDigest);
  const rights = await context.rights.read();
  const asked = jobFacts(actor.person, original, manifest);
  const denial = rights.denial({ action: 'rollback', ...asked }) ?? rights.denial({ action: 'plan', ...asked });
  if (denial) return fail(denial);
  const rollback = manifest?.rollback;
  if (rollback !== 'script') return fail({ kind: 'no-rollback', why: rollback?.none ?? 'the runbook is not stored' });
  const problem = await undoProblem(context, view);
  if (problem) return fail(problem);
  const admission = await admissionOf(context, original.runbook.contentDigest);
  if (!admission.ok) return fail({ kind: admission.error.code, why: admission.error.detail });
  return context.submissions.submit(key, rollbackJob(context, actor, original, { reason }));
}
