import { digestedVoteMessage, type AdmissionRequestKind } from './admission-request.js';
import type { AdmittingPerson } from './admitting-person.js';
import { signedProblem } from './decision-proof.js';
import type { LoggedKeys } from './logged-keys.js';
import type { SubjectAdmission } from './subject-admission.js';
import { timeIn } from './time.js';

function kindOf({ subject, sha256 }: SubjectAdmission): AdmissionRequestKind {
  if (subject === 'policy') return 'admit-policy';
  if (subject === 'standing') return sha256 === null ? 'withdraw-standing' : 'approve-standing';
  return sha256 === null ? 'remove-targets' : 'admit-targets';
}

/** Two different people, each with their signature over the whole request; one is enough to take something away. */
export function peopleProblems(statement: SubjectAdmission, keys: LoggedKeys): readonly string[] {
  const { by, request } = statement;
  const kind = kindOf(statement);
  const [first, second] = by;
  const enough =
    kind === 'remove-targets' || kind === 'withdraw-standing'
      ? by.length === 1
      : by.length === 2 && first?.person.id !== second?.person.id;
  if (!enough) return ['the admission does not name the people that it needs'];
  const problemOf = ({ person, decidedAt, reasonSha256, proof }: AdmittingPerson, decision: 'request' | 'confirm') => {
    const about = (why: string) => [`the word of ${person.name} for the admission does not hold: ${why}`];
    if (proof.kind === 'token') return proof.tokenId === '' ? about('no proof') : [];
    const facts = { kind, about: '', contentDigest: request.contentDigest, decision, reasonDigest: reasonSha256 };
    const registered = keys.byKid(proof.kid, timeIn(decidedAt, Infinity));
    const code = signedProblem(proof, digestedVoteMessage(facts, proof), person.id, registered);
    return code === undefined ? [] : about(code);
  };
  return by.flatMap((person, i) => problemOf(person, i === 0 ? 'request' : 'confirm'));
}
