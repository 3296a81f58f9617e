import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
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
  options: KeyOptions,
): Promise<KeyProof | undefined> {
  return signWith(options, (once) => decisionMessage({ ...decided, reasonDigest: reasonDigest(reason, salt) }, once));
}

/**
 * A signature over a message that holds the nonce and the time; undefined where no key is to sign.
 * @throws Refusal when the key cannot be opened; CommanderError (usage) where nobody can be asked for its passphrase
 */
export async function signWith(
  { key, passphraseFile }: KeyOptions,
  message: (once: Pick<KeyProof, 'nonce' | 'at'>) => Buffer,
): Promise<KeyProof | undefined> {
  const file = key ?? defaultKeyFile();
  if (file === false || (key === undefined && !existsSync(file))) return undefined;
  const own = await openOwnKey(file, passphraseFile);
  const once = { nonce: randomBytes(16).toString('hex'), at: utcText(new Date()) };
  return { kind: 'key', kid: own.kid, ...once, signature: own.sign(message(once)) };
}

/** The options of a command that signs. */
export const keyOptions = (command: Command): Command =>
  command
    .option(
      '--key <file>',
      'sign with this key of yours; default key.pem in the folder fixpoint of $XDG_CONFIG_HOME or ~/.config, where it is',
    )
    .option('--no-key', 'do not sign; in production that is refused')
    .option('--passphrase-file <file>', 'file (mode 0600) with the passphrase of the key, where nobody can be asked');
