import { createPublicKey, sign, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isCanonical } from '../../domain/canonical.js';
import { grantMessage, type Grant, type SignedGrant } from '../../domain/grant.js';
import { fail, ok } from '../../domain/result.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeOnce } from '../../platform/own-files.js';
import { SettingsFault } from '../../platform/settings-fault.js';
import type { GrantSigner, GrantVerifier } from '../../ports/grants.js';
import { grantKidOf, newPrivateKey, pinnedOf, readPrivateKey } from './key-files.js';
import { pinnedKeys, publicKeyText, type KeyUse } from './public-keys.js';

export { followAdmissionVerifier, openAdmissionSigner, openAdmissionVerifier } from './admission-keys.js';

/**
 * Makes the signing key on first use: the private half at `privatePath` (0600), the public half at `publicPath`. An existing key is
 * left alone; a public half that is not there (a start that was killed between the two) is written from the private one.
 * @throws SettingsFault where the private key is lost, or its public half is not pinned or is revoked: no process would accept what it signs
 */
export async function ensureGrantKey(privatePath: string, publicPath: string): Promise<void> {
  // Only where a folder is missing: one that is there may be shared with other processes.
  if (!existsSync(dirname(privatePath))) ensureFolder(dirname(privatePath), PRIVATE_FOLDER);
  if (!existsSync(dirname(publicPath))) ensureFolder(dirname(publicPath), 0o755);
  if (!existsSync(privatePath)) {
    // Never made in silence: what people signed for would count no more, and nobody would know why.
    if (existsSync(publicPath)) throw new GrantKeyFault(`There is no private grant key ${privatePath}`, publicPath);
    writeOnce(privatePath, newPrivateKey(), PRIVATE_FILE);
  }
  const publicKey = createPublicKey(await readPrivateKey(privatePath));
  if (!existsSync(publicPath)) writeOnce(publicPath, publicKeyText({ keys: [pinnedOf(publicKey)] }), 0o644);
  if (pinnedKeys(publicPath)(grantKidOf(publicKey)).ok) return;
  throw new GrantKeyFault(
    `The grant key ${grantKidOf(publicKey)} of ${privatePath} is not pinned, or is revoked`,
    publicPath,
  );
}

/** The private grant key cannot be used. */
class GrantKeyFault extends SettingsFault {
  constructor(why: string, publicPath: string) {
    super(
      `${why}. ${publicPath} has the public grant keys. Put the private key back from where you keep it, or make a new one: ` +
        'fixpoint grant-key new (docs/guides/grant-key.md).',
    );
  }
}

/** @throws Error when the file is missing, is readable by others, or holds no Ed25519 key. */
export async function openGrantSigner(privatePath: string): Promise<GrantSigner> {
  const key = await readPrivateKey(privatePath);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${privatePath} holds no Ed25519 key`);
  return {
    kid: grantKidOf(createPublicKey(key)),
    sign: (bytes) => sign(null, grantMessage(bytes), key).toString('base64'),
  };
}

/** Verifies with pinned public keys only; what the bytes say of themselves is read after the signature held. */
export async function openGrantVerifier(publicPath: string, use?: KeyUse): Promise<GrantVerifier> {
  const keyOf = pinnedKeys(publicPath, use);
  return {
    verify(signed, seq) {
      const key = keyOf(signed.kid, seq);
      if (!key.ok) return fail({ kind: 'grant-invalid', why: `signed by a key that is ${key.error}` });
      const signature = Buffer.from(signed.signature, 'base64');
      if (!verify(null, grantMessage(signed.bytes), key.value, signature)) {
        return fail({ kind: 'grant-invalid', why: 'the signature does not verify' });
      }
      return readGrant(signed);
    },
  };
}

/** The grant of bytes whose signature held. */
export function readGrant(signed: SignedGrant): ReturnType<GrantVerifier['verify']> {
  const grant = JSON.parse(signed.bytes) as Grant;
  const whole = [1, 2].includes(grant.v) && isCanonical(grant, signed.bytes) && grant.kid === signed.kid;
  return whole ? ok(grant) : fail({ kind: 'grant-invalid', why: 'the grant has another version or form' });
}
