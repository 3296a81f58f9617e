import type { SignedCheckpoint } from '../domain/checkpoint.js';

/** Signs checkpoints with the key of `authority`. */
export interface CheckpointSigner {
  /** @param body as `checkpointBody` makes it @returns the whole note */
  signCheckpoint(body: string): string;
}

/** `revoked`: a pinned key signed it that counts no more for so many events. `unsigned`: no pinned key signed it. */
export type CheckpointVerdict = 'signed' | 'revoked' | 'unsigned';

/** Verifies checkpoints with the pinned public keys. */
export interface CheckpointVerifier {
  verifyCheckpoint(checkpoint: SignedCheckpoint): CheckpointVerdict;
}

/** Where checkpoints are kept outside the database. */
export interface CheckpointSink {
  /** For people: a path or an address. */
  readonly name: string;
  /** @throws Error when the note is not kept */
  keep(note: string): Promise<void>;
  /** Every note that is kept, oldest first; none where the sink cannot be read back. */
  kept(): Promise<readonly string[]>;
}
