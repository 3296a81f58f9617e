import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { decisionMessage, type DecidedFacts, type KeyProof } from '../domain/decision-proof.js';
import { reasonDigest, type Salt } from '../domain/digest.js';
import { utcText } from '../domain/time.js';
import { defaultKeyFile, openOwnKey } from './own-key.js';

/** Which key signs: `key` false none, a path that one, undefined the default file where there is one. */
export interface KeyOptions {
  readonly key?: string | false;
  readonly passphraseFile?: string;
}

/**
 * The signature of the person's own key over exactly what they decide, by the plan that they read; undefined where no key is to sign.
 * @throws Refusal when the key cannot be opened; CommanderError (usage) where nobody can be asked for its passphrase
 */
export async function signDecision(
  { reason, salt, ...decided }: Omit<DecidedFacts, 'reasonDigest'> & { readonly reason: string; readonly salt: Salt },
  { key, passphraseFile }: KeyOptions,
): Promise<KeyProof | undefined> {
  const file = key ?? defaultKeyFile();
  if (file === false || (key === undefined && !existsSync(file))) return undefined;
  const own = await openOwnKey(file, passphraseFile);
  const once = { nonce: randomBytes(16).toString('hex'), at: utcText(new Date()) };
  const message = decisionMessage({ ...decided, reasonDigest: reasonDigest(reason, salt) }, once);
  return { kind: 'key', kid: own.kid, ...once, signature: own.sign(message) };
}
