import type { DecisionProof } from './decision-proof.js';
import type { PersonRef } from './people.js';

/** One of the people who admitted a version, and how that is known. */
export interface AdmittingPerson {
  readonly person: PersonRef;
  readonly decidedAt: string;
  readonly reasonSha256: string;
  readonly proof: DecisionProof;
}
