import type { Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { approvalsRequired } from '../../domain/plan.js';
import { approvalsForList } from '../../domain/rollouts/limits.js';
import { runbookFacts } from '../../domain/policy/request.js';
import { ok, type Result } from '../../domain/result.js';
import { blocked, checkJob, type Blocked, type CheckedJob } from './check-job.js';
import { approvalProblem } from './approval-problem.js';
import { firstMismatch } from './first-mismatch.js';
import { standingProblem } from './standing-problem.js';
import { jobFacts } from '../job-rights.js';
import type { WorkerContext } from '../worker-context.js';

export interface CheckedGrant extends CheckedJob {
  readonly grant: Grant;
}

/**
 * The worker's check before each claim: the signature by the pinned key, then every digest recomputed from the bytes at hand and
 * compared with what was signed. Rows of the database are claims; the grant is the authority. Expiry is judged in the claim, by
 * the database's clock.
 */
export async function checkGrant(context: WorkerContext, job: Job): Promise<Result<CheckedGrant, Blocked>> {
  if (job.kind === 'scan') return blocked('scan-only', 'a scan reads only: no grant lets it change anything');
  const signed = job.grantJti === undefined ? undefined : await context.jobs.grant(job.grantJti);
  if (!signed) return blocked('grant-missing', 'there is no grant for this job');
  if (signed.revokedAt) return blocked('grant-revoked', 'the grant was revoked');
  const verified = context.grants.verify(signed);
  if (!verified.ok) return blocked(verified.error.kind, verified.error.why);
  const grant = verified.value;
  const checked = await checkJob(context, job);
  if (!checked.ok) return checked;
  const { bundle, rights } = checked.value;
  const mismatch = firstMismatch(job, grant, checked.value, context.settings.pool);
  if (mismatch) return mismatch;
  const plan = job.plan?.plan;
  if (!plan) return blocked('plan-changed', 'the job has no plan');
  const { manifest } = bundle;
  if (grant.standing) {
    const problem = await standingProblem(context, job, plan, grant.standing, checked.value);
    return problem ?? ok({ ...checked.value, grant });
  }
  const about = { target: job.target, runbook: runbookFacts(manifest) };
  const demanded = rights.approvals(approvalsRequired(plan.changes, manifest), about);
  const needed = grant.rollout === undefined ? demanded : approvalsForList(grant.rollout.count, demanded);
  if (grant.rollout && grant.changeClasses.some((one) => one !== 'ensure'))
    return blocked('grant-invalid', 'a rollout makes no change that cannot be repeated');
  const approvers = new Set(grant.approvals.map(({ person }) => person.id));
  if (approvers.has(job.requester.id)) return blocked('own-request', 'the requester is among the approvers');
  if (approvers.size < needed) {
    return blocked('approvals-missing', `${approvers.size} of ${needed} approvals`);
  }
  const people = await context.people.read();
  for (const id of approvers) {
    const person = people.find(id);
    if (!person || rights.denial({ action: 'decide', ...jobFacts(person, job, manifest) })) {
      return blocked('approver-lost-rights', 'an approver may no longer approve this');
    }
  }
  const problem = await approvalProblem(context, grant);
  return problem ?? ok({ ...checked.value, grant });
}
