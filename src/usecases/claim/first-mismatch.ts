import type { Code } from '../../domain/codes/index.js';
import { canonicalJson } from '../../domain/canonical.js';
import { parametersDigest } from '../../domain/digest.js';
import type { Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { planBytes, planDigest } from '../../domain/plan.js';
import { blocked, type Blocked } from './check-job.js';

/** The first member of the job that is not what its grant was signed for; undefined where all are. Compares, reads nothing. */
export function firstMismatch(
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
  const pairs: readonly (readonly [code: Code, what: string, now: unknown, approved: unknown])[] = [
    ['grant-invalid', 'job', job.id, grant.job],
    ['grant-invalid', 'jti', job.grantJti, grant.jti],
    ['grant-invalid', 'worker pool', pool, grant.aud],
    ['runbook-changed', 'runbook', job.runbook.contentDigest, grant.runbook.contentSha256],
    [
      'parameters-changed',
      'parameters',
      parametersDigest(job.parameters, job.supplied, job.salt),
      grant.parametersSha256,
    ],
    ['target-changed', 'target', job.targetDigest, grant.targetSha256],
    ['plan-changed', 'plan', plan.plan.job, grant.job],
    ['plan-changed', 'plan salt', plan.plan.salt, job.salt ?? null],
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
