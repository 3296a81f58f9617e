import type { KeyProofCode } from '../../domain/decision-proof.js';
import type { Denial } from '../../domain/policy/rights.js';

/** Why `authority` registers no key although somebody confirmed it. */
export type RegistrationCode =
  | KeyProofCode
  | 'decision-stale'
  | 'key-weak'
  | 'own-key'
  | 'not-an-admin'
  | 'key-owner-unknown'
  | 'key-taken'
  | 'first-key-exists'
  | 'first-key-not-admin';

/** Why a key was not asked for, confirmed or revoked. */
export type KeyFailure =
  Denial | { readonly kind: RegistrationCode | 'key-not-found' | 'key-not-pending' | 'service-token' };
