import type { AuditEvent } from './audit.js';
import { keyProofProblem, type GrantedKeyProof, type KeyProofCode } from './decision-proof.js';
import { approvalProofProblem, isInItsList, type Grant, type GrantedApproval } from './grant.js';
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
  const keyOf = ({ registration }: GrantedKeyProof, { decidedAt }: Decided) => keys.byId(registration, decidedAt);
  const problemsOf = ({ person }: Decided, code: KeyProofCode | undefined) =>
    code === undefined ? [] : [`the decision of ${person.name} is not what they signed: ${code}`];
  if (event.action === 'job.rejected') {
    const proof = event.data.proof as GrantedApproval['proof'] | undefined;
    if (proof?.kind !== 'key') return [];
    const { planSha256: planDigest = '', reasonSha256: reasonDigest = '' } = event.data as Readonly<
      Record<string, string>
    >;
    const { executeBy, onFailure } = proof;
    const job = event.job ?? '';
    const facts = { job, planDigest, decision: 'reject', reasonDigest, executeBy, onFailure } as const;
    const decided = { person: event.actor, decidedAt: event.at };
    return problemsOf(decided, keyProofProblem(proof, facts, event.actor.id, keyOf(proof, decided)));
  }
  if (grant === undefined) return [];
  return [
    ...(isInItsList(grant) ? [] : ['the plan is not in the list that was approved']),
    ...(grant.approvals ?? []).flatMap((approval) => {
      const { proof } = approval;
      if (proof.kind !== 'key') return [];
      return problemsOf(approval, approvalProofProblem(grant, approval, proof, keyOf(proof, approval)));
    }),
  ];
}
