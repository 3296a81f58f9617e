import type { Grant, SignedGrant } from '../domain/grant.js';
import type { Result } from '../domain/result.js';

/** Judges a signed grant with the pinned public keys only: signature, key, version. `seq` is the event of the audit log in which it stands. */
export interface GrantVerifier {
  verify(signed: SignedGrant, seq?: number): Result<Grant, { readonly kind: 'grant-invalid'; readonly why: string }>;
}

/** The holder of the private key. */
export interface GrantSigner {
  readonly kid: string;
  /** base64 signature over the grant message. */
  sign(bytes: string): string;
}
