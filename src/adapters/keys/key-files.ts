import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from '../../domain/digest.js';
import { readJson } from '../../platform/file-fault.js';
import { readOwnFile, SECRET_BYTES } from '../../platform/read-own-file.js';

/** The public half of a grant key as every process pins it. */
export interface PinnedKey {
  readonly kid: string;
  /** PEM, SPKI */
  readonly publicKey: string;
  /** Nothing that it signed counts any more. */
  readonly revoked?: boolean;
  /** Of a revoked key: number of the last event of the audit log in which its signatures are still trusted; default none. */
  readonly lastEvent?: number;
}

export interface PublicKeyFile {
  readonly keys: readonly PinnedKey[];
}

/**
 * What a signature is verified for: `now`, whether something may run by it, or `history`, whether the audit log held at that event.
 * A revoked key lets nothing run; up to its last event it still shows what was signed then.
 */
export type KeyUse = 'now' | 'history';

/** The pinned key of this id, for a signature in this event of the audit log; undefined where none counts. */
export type FindKey = (kid: string, seq?: number) => KeyObject | undefined;

/** Whether a key counts for a signature in this event. A signature in no event of the log is judged as of now. */
export function keyCounts({ revoked, lastEvent = 0 }: PinnedKey, use: KeyUse, seq = Infinity): boolean {
  return revoked !== true || (use === 'history' && seq <= lastEvent);
}

/** A new private grant key: PEM, PKCS #8. */
export function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of this key, as it is pinned. */
export function pinnedOf(publicKey: KeyObject): PinnedKey {
  return { kid: grantKidOf(publicKey), publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** The text of a file of public keys. */
export function publicKeyText(file: PublicKeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
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

/** The pinned public keys, by their ids. */
export function pinnedKeys(publicPath: string, use: KeyUse = 'now'): FindKey {
  const keys = new Map(
    readPublicKeys(publicPath).map((pinned) => [pinned.kid, { pinned, key: createPublicKey(pinned.publicKey) }]),
  );
  return (kid, seq) => {
    const found = keys.get(kid);
    return found && keyCounts(found.pinned, use, seq) ? found.key : undefined;
  };
}
