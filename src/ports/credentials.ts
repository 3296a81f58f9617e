import type { Result } from '../domain/result.js';
import type { Target } from '../domain/target.js';
import type { KerberosTicket } from './powershell-host.js';

export type CredentialUse = 'detect' | 'apply';

/** Why a credential is of no use; each is a stable code. */
export type CredentialFailureKind =
  | 'credential-out-of-scope'
  | 'credential-unavailable'
  /** A password for a directory, and its entry does not allow it to be sent there. */
  | 'simple-bind-refused'
  | KerberosFailureKind;

/** Why the KDC gave no ticket. */
export type KerberosFailureKind = 'kerberos-refused' | 'kerberos-skew' | 'kerberos-missing' | 'kdc-unreachable';

export interface CredentialFailure {
  readonly kind: CredentialFailureKind;
  readonly name: string;
  readonly why: string;
}

/** What a credential name stands for once resolved, at the last moment. */
export type Access =
  | { readonly kind: 'none' }
  | { readonly kind: 'ssh'; readonly identityFile: string }
  | { readonly kind: 'password'; readonly userName: string; readonly password: string }
  /** Absolute paths of PEM files. */
  | { readonly kind: 'certificate'; readonly certificateFile: string; readonly keyFile: string }
  | {
      readonly kind: 'kerberos';
      readonly principal: string;
      readonly ticket: KerberosTicket;
      /** Gets another ticket into the same place when the end of this one is near. */
      renew(): Promise<Result<unknown, CredentialFailure>>;
    };

/** The worker's own file: names to references and scopes. Nothing here comes from the database. */
export interface Credentials {
  /** Digest of what the target's two names stand for: the references and the users. A name outside its scope fails. */
  scope(target: Target): Promise<Result<string, CredentialFailure>>;
  resolve(target: Target, use: CredentialUse): Promise<Result<Access, CredentialFailure>>;
  /** A folder that holds exactly the CA certificate with this fingerprint (SHA-256 of its DER, lower-case hex). */
  caDirectory(fingerprint: string): Promise<Result<string, CredentialFailure>>;
}
