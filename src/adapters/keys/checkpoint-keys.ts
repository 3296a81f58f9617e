import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { KEY_NAME, keyHashOf, noteText } from '../../domain/checkpoint.js';
import type { CheckpointSigner, CheckpointVerifier } from '../../ports/checkpoints.js';
import { readPrivateKey } from './key-files.js';
import { keyCounts, readPublicKeys, type PinnedKey } from './public-keys.js';

/** The 32 bytes of an Ed25519 public key. */
function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

/**
 * The key of `authority` signs grants and checkpoints: the text of a grant begins with its label, that of a checkpoint with its origin,
 * so neither is ever the other.
 */
export async function openCheckpointSigner(privatePath: string): Promise<CheckpointSigner> {
  const key = await readPrivateKey(privatePath);
  const keyHash = keyHashOf(KEY_NAME, rawKey(createPublicKey(key)));
  return { signCheckpoint: (body) => noteText(body, KEY_NAME, keyHash, sign(null, Buffer.from(body), key)) };
}

/** A checkpoint is a word about the past: one of a revoked key counts up to the checkpoint that was trusted then. */
export async function openCheckpointVerifier(publicPath: string): Promise<CheckpointVerifier> {
  const known = new Map<string, { readonly pinned: PinnedKey; readonly key: KeyObject }>();
  for (const pinned of readPublicKeys(publicPath)) {
    const key = createPublicKey(pinned.publicKey);
    known.set(keyHashOf(KEY_NAME, rawKey(key)).toString('hex'), { pinned, key });
  }
  return {
    verifyCheckpoint({ body, size, signatures }) {
      const held = signatures.flatMap(({ name, keyHash, signature }) => {
        const found = name === KEY_NAME ? known.get(keyHash) : undefined;
        return found && verify(null, Buffer.from(body), found.key, signature) ? found.pinned : [];
      });
      if (held.length === 0) return 'unsigned';
      return held.some((pinned) => keyCounts(pinned, 'history', size)) ? 'signed' : 'revoked';
    },
  };
}
