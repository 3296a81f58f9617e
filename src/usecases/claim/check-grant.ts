import { canonicalJson } from '../../domain/canonical.js';
import { parametersDigest } from '../../domain/digest.js';
import type { Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { authorise } from '../../domain/people.js';
import { approvalsRequired, planBytes, planDigest } from '../../domain/plan.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { checkJob, type Blocked, type CheckedJob } from './check-job.js';
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
  const signed = job.grantJti === undefined ? undefined : await context.jobs.grant(job.grantJti);
  if (!signed) return blocked('grant-missing', 'there is no grant for this job');
  if (signed.revokedAt) return blocked('grant-revoked', 'the grant was revoked');
  const verified = context.grants.verify(signed);
  if (!verified.ok) return blocked(verified.error.kind, verified.error.why);
  const grant = verified.value;
  const checked = await checkJob(context, job);
  if (!checked.ok) return checked;
  const { bundle, credentialScope } = checked.value;
  const mismatch = firstMismatch(job, grant, credentialScope, context.settings.pool);
  if (mismatch) return mismatch;
  const plan = job.plan?.plan;
  if (!plan) return blocked('plan-changed', 'the job has no plan');
  const needed = approvalsRequired(plan.changes, bundle.manifest);
  const approvers = new Set(grant.approvals.map(({ person }) => person.id));
  if (approvers.has(job.requester.id)) return blocked('own-request', 'the requester is among the approvers');
  if (approvers.size < needed) {
    return blocked('approvals-missing', `${approvers.size} of ${needed} approvals`);
  }
  const people = await context.people.read();
  for (const id of approvers) {
    const person = people.find(id);
    if (!person || authorise(person, 'decide', job.target)) {
      return blocked('approver-lost-rights', 'an approver may no longer approve this');
    }
  }
  return ok({ bundle, credentialScope, grant });
}

function firstMismatch(
  job: Job,
  grant: Grant,
  credentialScope: string,
  pool: string,
): { readonly ok: false; readonly error: Blocked } | undefined {
  if (grant.job !== job.id) return blocked('grant-invalid', 'the grant belongs to another job');
  const plan = job.plan;
  if (!plan || planBytes(plan.plan) !== plan.bytes || planDigest(plan.plan) !== grant.planSha256) {
    return blocked('plan-changed', 'the stored plan is not the approved one');
  }
  const { credentials } = job.target;
  const pairs: readonly (readonly [code: string, what: string, now: unknown, approved: unknown])[] = [
    ['grant-invalid', 'job', job.id, grant.job],
    ['grant-invalid', 'jti', job.grantJti, grant.jti],
    ['grant-invalid', 'worker pool', pool, grant.aud],
    ['runbook-changed', 'runbook', job.runbook.contentDigest, grant.runbook.contentSha256],
    ['parameters-changed', 'parameters', parametersDigest(job.parameters, job.supplied), grant.parametersSha256],
    ['target-changed', 'target', job.targetDigest, grant.targetSha256],
    ['plan-changed', 'plan', plan.plan.job, grant.job],
    ['plan-changed', 'plan runbook', plan.plan.runbook, grant.runbook.contentSha256],
    ['plan-changed', 'plan parameters', plan.plan.parameters, grant.parametersSha256],
    ['plan-changed', 'plan target', plan.plan.target, grant.targetSha256],
    ['plan-changed', 'locks', plan.plan.locks, grant.locks],
    [
      'credential-changed',
      'credential names',
      [credentials.detect, credentials.apply],
      [grant.credentials.detect, grant.credentials.apply],
    ],
    ['credential-changed', 'credential scope', credentialScope, grant.credentials.scopeSha256],
    ['grant-invalid', 'requester', job.requester.id, grant.requester.id],
    ['grant-invalid', 'on failure', job.onFailure ?? 'leave', grant.onFailure],
  ];
  for (const [code, what, now, approved] of pairs) {
    if (canonicalJson(now ?? null) !== canonicalJson(approved)) return blocked(code, `${what}: not what was approved`);
  }
  if (plan.plan.changes.length > grant.limits.maxChanges) return blocked('plan-changed', 'more changes than approved');
  return undefined;
}

function blocked(code: string, detail: string): { readonly ok: false; readonly error: Blocked } {
  return fail({ code, detail });
}
