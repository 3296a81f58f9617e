import { keyProofProblem, type DecidedFacts, type GrantedKeyProof } from './decision-proof.js';
import { approvedFacts, type Grant, type GrantedApproval } from './grant.js';
import type { JudgedEvent } from './judged-time.js';
import type { LoggedKeys } from './logged-keys.js';
import { timeIn } from './time.js';

interface Decided {
  readonly person: { readonly id: string; readonly name: string };
  /** Milliseconds. */
  readonly at: number;
}

/**
 * What is wrong with the signatures of the decisions in an event.
 * @param keys those that the events before registered
 * @param grant that of an approval, verified
 */
export function decisionProblems({ event, at }: JudgedEvent, keys: LoggedKeys, grant?: Grant): readonly string[] {
  const problemOf = (facts: DecidedFacts, decided: Decided, proof: GrantedKeyProof) => {
    const { id, name } = decided.person;
    const code = keyProofProblem(proof, facts, id, keys.byId(proof.registration, decided.at));
    return code === undefined ? [] : [`the decision of ${name} is not what they signed: ${code}`];
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
    return problemOf(facts, { person: event.actor, at }, proof);
  }
  return (grant?.approvals ?? []).flatMap((approval) => {
    const { person, decidedAt, proof, reasonSha256 } = approval;
    if (grant === undefined || proof.kind !== 'key') return [];
    return problemOf(approvedFacts(grant, reasonSha256, proof), { person, at: timeIn(decidedAt, Infinity) }, proof);
  });
}
