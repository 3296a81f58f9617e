import type { Freeze } from '../../../ports/freeze.js';
import type { RolloutGrantSigner, RolloutGrantVerifier, Rollouts } from '../../../ports/rollouts.js';
import type { AuthorityContext } from '../../decide/authorise-decision.js';

/** What `authority` needs to judge decisions about rollouts and to start their items. */
export interface RolloutAuthority extends AuthorityContext {
  readonly rollouts: Rollouts;
  readonly rolloutGrants: RolloutGrantSigner & RolloutGrantVerifier;
  readonly freeze: Pick<Freeze, 'read'>;
}
