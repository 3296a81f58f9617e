import type { Grant, SignedGrant } from '../domain/grant.js';
import type { Result } from '../domain/result.js';

/** Judges a signed grant with the pinned public key only: signature, key, version. */
export interface GrantVerifier {
  verify(signed: SignedGrant): Result<Grant, { readonly kind: 'grant-invalid'; readonly why: string }>;
}

/** The holder of the private key. */
export interface GrantSigner {
  readonly kid: string;
  /** base64 signature over the grant message. */
  sign(bytes: string): string;
}
