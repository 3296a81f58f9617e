import { createPublicKey, sign, verify } from 'node:crypto';
import { restoresOf } from '../../domain/checkpoint.js';
import { restoreMessage } from '../../domain/restore-statement.js';
import type { RestoreSigner, RestoreVerifier } from '../../ports/restores.js';
import { grantKidOf, readPrivateKey } from './key-files.js';
import { pinnedKeys, trustedCheckpoints } from './public-keys.js';

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

/**
 * How many restores the newest log has of which a checkpoint is trusted although a key was revoked: after more of them the log is
 * another one, for which such a key shows nothing. Any number where no key was revoked with a checkpoint.
 */
export function trustedRestores(publicPath: string): number {
  const numbers = trustedCheckpoints(publicPath).map(({ origin }) => restoresOf(origin) ?? 0);
  return numbers.length === 0 ? Infinity : Math.max(...numbers);
}

/** A restore by a revoked key counts where a trusted checkpoint covers it: whoever has the key could make another one, which took that away. */
export function openRestoreVerifier(publicPath: string): RestoreVerifier {
  const [now, history] = [pinnedKeys(publicPath), pinnedKeys(publicPath, 'history')];
  const most = trustedRestores(publicPath);
  return {
    verifyRestore(signed, seq) {
      const { kid, restores, signature } = signed;
      const key = restores < most ? history(kid, seq) : now(kid);
      const bytes = Buffer.from(signature, 'base64');
      const inOneForm = bytes.toString('base64') === signature;
      return key.ok && inOneForm && verify(null, restoreMessage(signed), key.value, bytes);
    },
  };
}
