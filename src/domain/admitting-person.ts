import type { DecisionProof } from './decision-proof.js';
import type { PersonRef } from './people.js';

/** One of the people who admitted a version, and how that is known. */
export interface AdmittingPerson {
  readonly person: PersonRef;
  readonly decidedAt: string;
  readonly reasonSha256: string;
  readonly proof: DecisionProof;
}

/** Whether each of them signed with a key of their own: a proof by token of development mode counts for nothing in production. */
export const allSigned = (people: readonly AdmittingPerson[]): boolean =>
  people.every(({ proof }) => proof.kind === 'key');
