import type { SignedCheckpoint } from '../domain/checkpoint.js';

/** Signs checkpoints with the key of `authority`. */
export interface CheckpointSigner {
  /** @param body as `checkpointBody` makes it @returns the whole note */
  signCheckpoint(body: string): string;
}

/** Verifies checkpoints with the pinned public keys; one that is revoked there counts no more. */
export interface CheckpointVerifier {
  verifyCheckpoint(checkpoint: SignedCheckpoint): boolean;
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
