import type { AuditEvent } from './audit.js';
import { keyProofProblem, type DecidedFacts, type GrantedKeyProof } from './decision-proof.js';
import { approvedFacts, type Grant, type GrantedApproval } from './grant.js';
import type { LoggedKeys } from './logged-keys.js';

interface Decided {
  readonly person: { readonly id: string; readonly name: string };
  readonly decidedAt: string;
}

/**
 * What is wrong with the signatures of the decisions in an event.
 * @param keys those that the events before registered
 * @param grant that of an approval, verified
 */
export function decisionProblems(event: AuditEvent, keys: LoggedKeys, grant?: Grant): readonly string[] {
  const problemOf = (facts: DecidedFacts, { person, decidedAt }: Decided, proof: GrantedKeyProof) => {
    const code = keyProofProblem(proof, facts, person.id, keys.byId(proof.registration, decidedAt));
    return code === undefined ? [] : [`the decision of ${person.name} is not what they signed: ${code}`];
  };
  if (event.action === 'job.rejected') {
    const proof = event.data.proof as GrantedApproval['proof'] | undefined;
    if (proof?.kind !== 'key') return [];
    const { planSha256: planDigest = '', reasonSha256: reasonDigest = '' } = event.data as Readonly<
      Record<string, string>
    >;
    const { executeBy, onFailure } = proof;
    const job = event.job ?? '';
    const facts = { job, planDigest, decision: 'reject', reasonDigest, executeBy, onFailure } as const;
    return problemOf(facts, { person: event.actor, decidedAt: event.at }, proof);
  }
  return (grant?.approvals ?? []).flatMap((approval) => {
    const { proof, reasonSha256 } = approval;
    if (grant === undefined || proof.kind !== 'key') return [];
    return problemOf(approvedFacts(grant, reasonSha256, proof), approval, proof);
  });
}
