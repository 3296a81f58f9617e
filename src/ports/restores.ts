import type { RestoreStatement, SignedRestore, VerifyRestore } from '../domain/restore-statement.js';

/** Signs that a backup was restored, with the key of `authority`. */
export interface RestoreSigner {
  readonly kid: string;
  signRestore(statement: RestoreStatement): SignedRestore;
}

/** Verifies with the pinned public keys. */
export interface RestoreVerifier {
  readonly verifyRestore: VerifyRestore;
}
