import { createPublicKey, sign, verify } from 'node:crypto';
import { fail, ok } from '../../domain/result.js';
import { rolloutGrantBytes, rolloutGrantMessage, type RolloutGrant } from '../../domain/rollout-grant.js';
import type { RolloutGrantSigner, RolloutGrantVerifier } from '../../ports/rollouts.js';
import { grantKidOf, readPrivateKey } from './key-files.js';
import { pinnedKeys, type KeyUse } from './public-keys.js';

/**
 * What signs the grants of rollouts and verifies them.
 * @throws Error when a file is missing, the private one is readable by others, or one holds no key
 */
export async function openRolloutGrants(
  privatePath: string,
  publicPath: string,
): Promise<RolloutGrantSigner & RolloutGrantVerifier> {
  return { ...(await openRolloutGrantSigner(privatePath)), ...openRolloutGrantVerifier(publicPath) };
}

async function openRolloutGrantSigner(privatePath: string): Promise<RolloutGrantSigner> {
  const key = await readPrivateKey(privatePath);
  return {
    kid: grantKidOf(createPublicKey(key)),
    signRollout: (bytes) => sign(null, rolloutGrantMessage(bytes), key).toString('base64'),
  };
}

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export function openRolloutGrantVerifier(publicPath: string, use?: KeyUse): RolloutGrantVerifier {
  const keyOf = pinnedKeys(publicPath, use);
  return {
    verifyRollout({ jti, rollout, bytes, signature, kid }, seq) {
      const key = keyOf(kid, seq);
      if (!key.ok) return fail({ why: `the grant of the rollout is signed by a key that is ${key.error}` });
      if (!verify(null, rolloutGrantMessage(bytes), key.value, Buffer.from(signature, 'base64')))
        return fail({ why: 'the signature of the grant of the rollout does not verify' });
      const grant = JSON.parse(bytes) as RolloutGrant;
      const whole = Number(grant.v) === 1 && rolloutGrantBytes(grant) === bytes && grant.kid === kid;
      const isThis = grant.jti === jti && grant.rollout === rollout;
      return whole && isThis ? ok(grant) : fail({ why: 'the grant of the rollout has another version or form' });
    },
  };
}
