import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from '../../domain/digest.js';
import { readOwnFile, SECRET_BYTES } from '../../platform/read-own-file.js';

/** A new private grant key: PEM, PKCS #8. */
export function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of this key, as it is pinned. */
export function pinnedOf(publicKey: KeyObject): { readonly kid: string; readonly publicKey: string } {
  return { kid: grantKidOf(publicKey), publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** The id of a grant key: the first 16 hex digits of the SHA-256 of the public key's DER. */
export function grantKidOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

/** @throws Error when the file is missing, is readable by others, or holds no private key */
export async function readPrivateKey(path: string): Promise<KeyObject> {
  return createPrivateKey(await readOwnFile(path, { most: SECRET_BYTES, closed: true }));
}
