import type { NotAdmitted } from '../../domain/admission.js';
import { isTerminal, type Job } from '../../domain/job.js';
import { madeAndNotUndone } from '../../domain/journal.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, type Result } from '../../domain/result.js';
import type { TargetNotAdmitted } from '../../domain/subject-admission.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import { admissionOf, admittedTarget } from '../in-force.js';
import type { ApiContext } from '../api-context.js';
import { jobFacts } from '../job-rights.js';
import { orFirst, scopeOf } from './idempotency.js';
import { newJob, submissionOf } from './new-job.js';

export type RollbackFailure =
  | Denial
  | SubmissionFailure
  | { readonly kind: NotAdmitted['code'] | TargetNotAdmitted['code']; readonly why?: string }
  | { readonly kind: 'job-not-found' | 'nothing-to-undo' | 'values-erased' }
  | { readonly kind: 'already-rolled-back'; readonly by: string }
  | { readonly kind: 'not-ended'; readonly state: Job['state'] }
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
  const { job: original, journal } = view;
  const manifest = await context.catalogue.manifest(original.runbook.contentDigest);
  const rights = await context.rights.read();
  const asked = jobFacts(actor.person, original, manifest);
  const denial = rights.denial({ action: 'rollback', ...asked }) ?? rights.denial({ action: 'plan', ...asked });
  if (denial) return fail(denial);
  const rollback = manifest?.rollback;
  if (rollback !== 'script') return fail({ kind: 'no-rollback', why: rollback?.none ?? 'the runbook is not stored' });
  if (!isTerminal(original.state)) return fail({ kind: 'not-ended', state: original.state });
  if (original.kind !== 'remediation' || madeAndNotUndone(journal).length === 0)
    return fail({ kind: 'nothing-to-undo' });
  const by = await context.rollbacks.doneBy(original.id);
  if (by !== undefined) return fail({ kind: 'already-rolled-back', by });
  if (original.erasedAt) return fail({ kind: 'values-erased' });
  const admission = await admissionOf(context, original.runbook.contentDigest);
  if (!admission.ok) return fail({ kind: admission.error.code, why: admission.error.detail });
  const admitted = await admittedTarget(context, original.target);
  if (!admitted.ok) return fail({ kind: admitted.error.code, why: admitted.error.detail });
  const { runbook, target, targetDigest, pool, parameters, supplied, salt } = original;
  const job = newJob(context, actor, {
    kind: 'rollback-of',
    rollbackOf: original.id,
    ...{ runbook, target, targetDigest, pool, parameters, reason },
    ...(supplied ? { supplied } : {}),
    // A change that is put back has the id that it has in the original.
    ...(salt === undefined ? {} : { salt }),
  });
  return context.submissions.submit(key, submissionOf(context, job, 2, { rollbackOf: original.id }));
}
