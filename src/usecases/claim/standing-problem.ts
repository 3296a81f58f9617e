import type { GrantedStanding } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import type { Plan } from '../../domain/plan.js';
import { standingApproval } from '../standing/standing-approval.js';
import { utcText } from '../../domain/time.js';
import type { WorkerContext } from '../worker-context.js';
import { blocked, type CheckedJob } from './check-job.js';

/**
 * Why a grant without approvals does not count although `authority` signed it: the standing approval that it names is judged anew, from
 * the statement, the envelope and the signatures of the people. Undefined where it covers the plan.
 */
export async function standingProblem(
  context: WorkerContext,
  job: Job,
  plan: Plan,
  granted: GrantedStanding,
  { bundle: { manifest }, rights }: Pick<CheckedJob, 'bundle' | 'rights'>,
): Promise<ReturnType<typeof blocked> | undefined> {
  const { keyRequired } = context.settings;
  const approval = await standingApproval(context, { job, plan, manifest, rights, keyRequired, at: new Date() });
  if (!approval.ok) return blocked('not-covered', approval.error.join('; '));
  const { statement, envelope } = approval.value;
  const same =
    granted.schedule === envelope.schedule.id &&
    granted.admission === statement.id &&
    granted.envelopeSha256 === statement.sha256 &&
    granted.instant === (job.schedule && utcText(job.schedule.instant));
  return same ? undefined : blocked('not-covered', 'another standing approval took the place of the one in the grant');
}
