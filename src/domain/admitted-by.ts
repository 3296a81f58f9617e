import type { Admission } from './admission.js';
import type { AdmittingPerson } from './admitting-person.js';
import { digestedVoteMessage } from './admission-request.js';
import { signedProblem } from './decision-proof.js';
import type { LoggedKeys } from './logged-keys.js';
import { timeIn } from './time.js';

/**
 * What is wrong with the people whom an admission names: there are two, each with a proof, and a signature is that of one's own key
 * over exactly this version.
 * @param keys those that the log registered before
 */
export function admittedByProblems({ runbook, by, before }: Admission, keys: LoggedKeys): readonly string[] {
  if (by.how === 'development') return [];
  const [first, second, ...more] = by.people;
  if (!first || !second || more.length > 0 || first.person.id === second.person.id)
    return ['the admission does not name two different people'];
  const problemOf = ({ person, decidedAt, reasonSha256, proof }: AdmittingPerson, decision: 'request' | 'confirm') => {
    const about = (why: string) => [`the word of ${person.name} for the admission does not hold: ${why}`];
    if (proof.kind === 'token') return proof.tokenId === '' ? about('no proof') : [];
    const { id, contentSha256: contentDigest } = runbook;
    const facts = { kind: 'admit', about: id, contentDigest, before, decision, reasonDigest: reasonSha256 } as const;
    const registered = keys.byKid(proof.kid, timeIn(decidedAt, Infinity));
    const code = signedProblem(proof, digestedVoteMessage(facts, proof), person.id, registered);
    return code === undefined ? [] : about(code);
  };
  return [...problemOf(first, 'request'), ...problemOf(second, 'confirm')];
}
