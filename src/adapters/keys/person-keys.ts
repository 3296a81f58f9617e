import { createPublicKey, sign, verify } from 'node:crypto';
import {
  confirmationMessage,
  kidOf,
  personKeyBytes,
  personKeyMessage,
  type KeyConfirmation,
  type PersonKey,
} from '../../domain/person-key.js';
import { fail, ok } from '../../domain/result.js';
import type { PersonKeySigner, PersonKeyVerifier } from '../../ports/person-keys.js';
import { grantKidOf, readPrivateKey } from './key-files.js';
import { pinnedKeys, type KeyUse } from './public-keys.js';

/**
 * The key of `authority` signs registrations of keys of persons, and confirms the first one. Each text begins with its own label, so
 * that none is ever a grant, a checkpoint or another of these.
 * @throws Error when the file is missing, is readable by others, or holds no private key
 */
export async function openPersonKeySigner(privatePath: string): Promise<PersonKeySigner> {
  const key = await readPrivateKey(privatePath);
  const signedBy = grantKidOf(createPublicKey(key));
  return {
    signPersonKey(registration) {
      const bytes = personKeyBytes(registration);
      return { bytes, signature: sign(null, personKeyMessage(bytes), key).toString('base64'), signedBy };
    },
  };
}

/** The confirmation of a first key, with the private grant key. */
export async function signFirst(
  privatePath: string,
  confirmation: KeyConfirmation,
): Promise<{ readonly kid: string; readonly signature: string }> {
  const key = await readPrivateKey(privatePath);
  const signature = sign(null, confirmationMessage(confirmation), key).toString('base64');
  return { kid: grantKidOf(createPublicKey(key)), signature };
}

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export async function openPersonKeyVerifier(publicPath: string, use?: KeyUse): Promise<PersonKeyVerifier> {
  const keyOf = pinnedKeys(publicPath, use);
  const holds = (kid: string, message: Buffer, signature: string, seq?: number) => {
    const key = keyOf(kid, seq);
    return key.ok && verify(null, message, key.value, Buffer.from(signature, 'base64'));
  };
  return {
    verifyPersonKey({ bytes, signature, signedBy }, seq) {
      if (!holds(signedBy, personKeyMessage(bytes), signature, seq))
        return fail({ why: 'the signature of its registration does not verify' });
      const key = JSON.parse(bytes) as PersonKey;
      const whole = key.v === 1 && personKeyBytes(key) === bytes && kidOf(key.publicKey) === key.kid;
      return whole ? ok(key) : fail({ why: 'its registration has another version or form' });
    },
    verifyFirst: (confirmation, kid, signature) => holds(kid, confirmationMessage(confirmation), signature),
  };
}
