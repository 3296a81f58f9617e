import { createPublicKey, sign, verify } from 'node:crypto';
import { restoreMessage } from '../../domain/restore-statement.js';
import type { RestoreSigner, RestoreVerifier } from '../../ports/restores.js';
import { grantKidOf, pinnedKeys, readPrivateKey } from './key-files.js';

/** @throws Error when the file is missing, is readable by others, or holds no private key */
export async function openRestoreSigner(privatePath: string): Promise<RestoreSigner> {
  const key = await readPrivateKey(privatePath);
  const kid = grantKidOf(createPublicKey(key));
  return {
    kid,
    signRestore(statement) {
      const signature = sign(null, restoreMessage(statement), key).toString('base64');
      return { ...statement, signature, kid };
    },
  };
}

/** A restore is a word about the past: one by a revoked key counts up to the last event of that key. */
export function openRestoreVerifier(publicPath: string): RestoreVerifier {
  const keyOf = pinnedKeys(publicPath, 'history');
  return {
    verifyRestore(signed, seq) {
      const [key, bytes] = [keyOf(signed.kid, seq), Buffer.from(signed.signature, 'base64')];
      const inOneForm = bytes.toString('base64') === signed.signature;
      return key !== undefined && inOneForm && verify(null, restoreMessage(signed), key, bytes);
    },
  };
}
