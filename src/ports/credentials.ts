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
  /** Digest of what the target's two names stand for: the references and the users. A name outside its scope fails. */
  scope(target: Target): Promise<Result<string, CredentialFailure>>;
  resolve(target: Target, use: CredentialUse): Promise<Result<Access, CredentialFailure>>;
  /** A folder that holds exactly the CA certificate with this fingerprint (SHA-256 of its DER, lower-case hex). */
  caDirectory(fingerprint: string): Promise<Result<string, CredentialFailure>>;
}
