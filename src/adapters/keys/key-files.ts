import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sha256 } from '../../domain/digest.js';
import { readJson } from '../../platform/file-fault.js';
import { readOwnFile, SECRET_BYTES } from '../../platform/read-own-file.js';

/** The public half as the worker pins it. */
export interface PublicKeyFile {
  readonly keys: readonly { readonly kid: string; readonly publicKey: string; readonly revoked?: boolean }[];
}

/** The id of a grant key: the first 16 hex digits of the SHA-256 of the public key's DER. */
export function grantKidOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

/** @throws Error when the file is missing, is readable by others, or holds no private key */
export async function readPrivateKey(path: string): Promise<KeyObject> {
  return createPrivateKey(await readOwnFile(path, { most: SECRET_BYTES, closed: true }));
}

export function readPublicKeys(path: string): PublicKeyFile['keys'] {
  return (readJson(path) as PublicKeyFile).keys;
}

/** The pinned public keys that were not revoked, by their ids. */
export function pinnedKeys(publicPath: string): ReadonlyMap<string, KeyObject> {
  const keys = readPublicKeys(publicPath).filter(({ revoked }) => revoked !== true);
  return new Map(keys.map(({ kid, publicKey }) => [kid, createPublicKey(publicKey)]));
}
