import { canonicalJson } from '../canonical.js';
import type { BoundMembers } from '../request.js';

/**
 * Whether a job is exactly the rollback of an item of a rollout: of the same version of the runbook on the same target, with the same
 * parameters and the same salt, without which a change would have another id than the one it puts back.
 * @param original the job that it names, as it was submitted
 * @param undone id of the rollout that is rolled back
 */
export function isRollbackOfItem(job: BoundMembers, original: BoundMembers, undone: string): boolean {
  return (
    job.kind === 'rollback-of' &&
    job.rollbackOf === original.id &&
    original.kind === 'remediation' &&
    original.rollout?.id === undone &&
    job.targetDigest === original.targetDigest &&
    job.runbook.contentDigest === original.runbook.contentDigest &&
    job.runbook.id === original.runbook.id &&
    job.pool === original.pool &&
    job.salt === original.salt &&
    canonicalJson(job.parameters) === canonicalJson(original.parameters)
  );
}
