import type { AuditEvent } from './audit.js';
import { labelled } from './person-key.js';

/** What a restore from a backup signs with the private grant key, so that nobody else can say that there was one. */
export interface RestoreStatement {
  /** The last event of the backup; of one without events the number 0 and no hash. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** How many events `record.restored` the log has before it. */
  readonly restores: number;
}

/** As it stands in the log: the number of restores is that of its place. */
export interface SignedRestore extends RestoreStatement {
  /** base64 */
  readonly signature: string;
  readonly kid: string;
}

/** Whether a pinned key signed it that counts for this event of the audit log. */
export type VerifyRestore = (signed: SignedRestore, seq: number) => boolean;

/** What is signed: Ed25519 over `fixpoint-restore-v1\0` and the canonical JSON of these fields. */
export const restoreMessage = ({ head: { seq, hash }, restores }: RestoreStatement): Buffer =>
  labelled('fixpoint-restore-v1', { head: { seq, hash }, restores });

/**
 * What a `record.restored` says; undefined where it is not signed, and for one in another form.
 * @param restores how many come before it
 */
export function signedRestoreIn({ data }: AuditEvent, restores: number): SignedRestore | undefined {
  const { head, signature, kid } = data;
  const { seq, hash } = (head ?? {}) as { readonly seq?: unknown; readonly hash?: unknown };
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0 || typeof hash !== 'string') return undefined;
  if (typeof signature !== 'string' || typeof kid !== 'string') return undefined;
  return { head: { seq, hash }, restores, signature, kid };
}
