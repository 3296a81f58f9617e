import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { KEY_NAME, keyHashOf, noteText } from '../../domain/checkpoint.js';
import type { CheckpointSigner, CheckpointVerifier } from '../../ports/checkpoints.js';
import { readPrivateKey, readPublicKeys } from './key-files.js';

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

export async function openCheckpointVerifier(publicPath: string): Promise<CheckpointVerifier> {
  const known = new Map<string, KeyObject>();
  for (const { publicKey, revoked } of readPublicKeys(publicPath)) {
    const key = createPublicKey(publicKey);
    if (revoked !== true) known.set(keyHashOf(KEY_NAME, rawKey(key)).toString('hex'), key);
  }
  return {
    verifyCheckpoint: ({ body, signatures }) =>
      signatures.some(({ name, keyHash, signature }) => {
        const key = name === KEY_NAME ? known.get(keyHash) : undefined;
        return key !== undefined && verify(null, Buffer.from(body), key, signature);
      }),
  };
}
