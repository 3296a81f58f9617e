import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  grantKidOf,
  newPrivateKey,
  pinnedOf,
  publicKeyText,
  readPrivateKey,
  readPublicKeys,
  type PinnedKey,
} from '../adapters/keys/key-files.js';
import { PRIVATE_FILE, replaceWhole } from '../platform/own-files.js';
import { grantKeyFile } from './first-key.js';
import { publicKeysPath } from './public-files.js';

/** A grant key of this installation. */
export interface GrantKey extends PinnedKey {
  /** `signs`: authority signs with it. `verifies`: what it signed before counts. `revoked`: nothing that it signed counts now. */
  readonly status: 'signs' | 'verifies' | 'revoked';
}

/** The pinned grant keys, the oldest first. @throws Error where there are none yet */
export async function grantKeys(): Promise<readonly GrantKey[]> {
  const [keys, current] = [pinned(), await currentKid()];
  return keys.map((key) => ({
    ...key,
    status: key.revoked === true ? 'revoked' : key.kid === current ? 'signs' : 'verifies',
  }));
}

/**
 * Makes a new private grant key in the place of the one there is, which is gone then, and pins its public half beside the others.
 * `authority` signs with it from its next start.
 * @returns its id, and the files of public keys that were written
 */
export function renewGrantKey(): { readonly kid: string; readonly written: readonly string[] } {
  const keys = pinned();
  const text = newPrivateKey();
  const fresh = pinnedOf(createPublicKey(text));
  // The public half first: a key that is pinned and signs nothing does no harm, and one that signs and is not pinned stops everything.
  const written = pin([...keys, fresh]);
  replaceWhole(grantKeyFile(), text, PRIVATE_FILE);
  return { kid: fresh.kid, written };
}

/**
 * Takes a grant key out of force. It is never put back.
 * @param lastEvent number of the last event of the audit log in which its signatures are still trusted; 0: none
 * @returns the files of public keys that were written
 * @throws Error for a key that is not pinned, and for one that was revoked with an earlier event
 */
export function revokeGrantKey(kid: string, lastEvent: number): readonly string[] {
  const keys = pinned();
  const found = keys.find((key) => key.kid === kid);
  if (!found) throw new Error(`There is no grant key ${kid}: fixpoint grant-key list`);
  if (found.revoked === true && (found.lastEvent ?? 0) < lastEvent)
    throw new Error(
      `The grant key ${kid} was revoked with event ${found.lastEvent ?? 0}: name that one or an earlier one.`,
    );
  return pin(keys.map((key) => (key === found ? { ...key, revoked: true, lastEvent } : key)));
}

/** The key with which authority signs; undefined where its file is not there. */
async function currentKid(): Promise<string | undefined> {
  const path = grantKeyFile();
  return existsSync(path) ? grantKidOf(createPublicKey(await readPrivateKey(path))) : undefined;
}

function pinned(): readonly PinnedKey[] {
  const path = publicKeysPath();
  if (!existsSync(path)) throw new Error(`There is no ${path}: authority makes its key at its first start.`);
  return readPublicKeys(path);
}

/** Every file of public keys on this machine: the one that commands read, and the one beside the private key, which authority reads. */
function pin(keys: readonly PinnedKey[]): readonly string[] {
  const beside = join(dirname(grantKeyFile()), 'grant-public.json');
  const files = [...new Set([publicKeysPath(), beside])].filter((path) => existsSync(path));
  for (const path of files) replaceWhole(path, publicKeyText({ keys }), 0o644);
  return files;
}
