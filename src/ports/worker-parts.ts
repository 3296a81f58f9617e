import type { ValueObject } from '../domain/canonical.js';
import type { Grant, SignedGrant } from '../domain/grant.js';
import type { JsonSchema } from '../domain/manifest.js';
import type { People } from '../domain/people.js';
import type { Result } from '../domain/result.js';
import type { Target } from '../domain/target.js';

export type CredentialUse = 'detect' | 'apply';

export type CredentialFailure =
  | { readonly kind: 'credential-out-of-scope'; readonly name: string; readonly why: string }
  | { readonly kind: 'credential-unavailable'; readonly name: string; readonly why: string };

/** What a credential name stands for once resolved, at the last moment. */
export type Access =
  | { readonly kind: 'none' }
  | { readonly kind: 'ssh'; readonly identityFile: string }
  | { readonly kind: 'password'; readonly userName: string; readonly password: string };

/** The worker's own file: names to references and scopes. Nothing here comes from the database. */
export interface Credentials {
  /** Digest of the scope entries of the target's two names; a name outside its scope fails. */
  scope(target: Target): Promise<Result<string, CredentialFailure>>;
  resolve(target: Target, use: CredentialUse): Promise<Result<Access, CredentialFailure>>;
  /** A folder that holds exactly the CA certificate with this fingerprint (SHA-256 of its DER, lower-case hex). */
  caDirectory(fingerprint: string): Promise<Result<string, CredentialFailure>>;
}

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

export interface ValueProblem {
  /** JSON Pointer. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Shape (RULES 1), then JSON Schema: the one way a value from outside becomes one we use. */
export interface ValueChecker {
  check(schema: JsonSchema, value: unknown): Result<ValueObject, readonly ValueProblem[]>;
}

/** The people file as it is now. */
export interface PeopleSource {
  read(): Promise<People>;
}
