import { approvalProofProblem, isInItsList, type Grant } from '../../domain/grant.js';
import { verifiedKey } from '../keys/registered-key.js';
import type { WorkerContext } from '../worker-context.js';
import { blocked } from './check-job.js';

/**
 * Why the approvals in a grant do not count although `authority` signed it: each signature of an approver is verified again from the
 * bytes of the grant, under a registration that is verified here and a key that is not revoked. Undefined where all of them hold.
 */
export async function approvalProblem(
  context: Pick<WorkerContext, 'keys' | 'registrations' | 'settings'>,
  grant: Grant,
): Promise<ReturnType<typeof blocked> | undefined> {
  if (!isInItsList(grant)) return blocked('grant-invalid', 'the plan is not in the list that was approved');
  const seen = new Set<string>();
  for (const approval of grant.approvals) {
    const { person, proof } = approval;
    if (proof.kind === 'token') {
      if (context.settings.keyRequired) return blocked('key-required', `${person.name} did not sign the approval`);
      continue;
    }
    const stored = await context.keys.byId(proof.registration);
    const code = approvalProofProblem(grant, approval, proof, verifiedKey(context.registrations, stored));
    if (code !== undefined) return blocked(code, `the approval by ${person.name} does not verify`);
    // Text order is time order.
    if (seen.has(proof.kid) || (proof.executeBy !== null && grant.executeBy > proof.executeBy))
      return blocked('signature-invalid', `the grant goes beyond what ${person.name} signed`);
    seen.add(proof.kid);
    // Whoever completed the quorum said what happens on failure, or left it to the runbook.
    const isLast = person.id === grant.approvals.at(-1)?.person.id;
    if (isLast && proof.onFailure !== null && proof.onFailure !== grant.onFailure)
      return blocked('signature-invalid', `on failure: not what ${person.name} signed`);
  }
  return undefined;
}
