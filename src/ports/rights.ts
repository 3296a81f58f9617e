import type { Rights } from '../domain/policy/rights.js';

/** The policy as it is now. */
export interface RightsSource {
  /** @throws PolicyUnreadable where the policy file cannot be used: nobody may do anything then */
  read(): Promise<Rights>;
}
