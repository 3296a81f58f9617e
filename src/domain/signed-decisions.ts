import { keyProofProblem, type GrantedKeyProof, type KeyProofCode } from './decision-proof.js';
import { approvalProofProblem, isInItsList, type Grant, type GrantedApproval } from './grant.js';
import type { JudgedEvent } from './judged-time.js';
import type { LoggedKeys } from './logged-keys.js';
import { timeIn } from './time.js';

/**
 * What is wrong with the signatures of the decisions in an event.
 * @param keys those that the events before registered
 * @param grant that of an approval, verified
 */
export function decisionProblems({ event, at }: JudgedEvent, keys: LoggedKeys, grant?: Grant): readonly string[] {
  const keyOf = ({ registration }: GrantedKeyProof, when: number) => keys.byId(registration, when);
  const problemsOf = (name: string, code: KeyProofCode | undefined) =>
    code === undefined ? [] : [`the decision of ${name} is not what they signed: ${code}`];
  if (event.action === 'job.rejected') {
    const proof = event.data.proof as GrantedApproval['proof'] | undefined;
    if (proof?.kind !== 'key') return [];
    const { planSha256: planDigest = '', reasonSha256: reasonDigest = '' } = event.data as Readonly<
      Record<string, string>
    >;
    const { executeBy, onFailure } = proof;
    const job = event.job ?? '';
    const facts = { job, planDigest, decision: 'reject', reasonDigest, executeBy, onFailure } as const;
    const { id, name } = event.actor;
    return problemsOf(name, keyProofProblem(proof, facts, id, keyOf(proof, at)));
  }
  if (grant === undefined) return [];
  return [
    ...(isInItsList(grant) ? [] : ['the plan is not in the list that was approved']),
    ...(grant.approvals ?? []).flatMap((approval) => {
      const { proof, person, decidedAt } = approval;
      if (proof.kind !== 'key') return [];
      const key = keyOf(proof, timeIn(decidedAt, Infinity));
      return problemsOf(person.name, approvalProofProblem(grant, approval, proof, key));
    }),
  ];
}
