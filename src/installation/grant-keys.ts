import { createPublicKey } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { grantKidOf, newPrivateKey, pinnedOf, readPrivateKey } from '../adapters/keys/key-files.js';
import { publicKeyText, readPublicKeys, trustedCheckpoint, type PinnedKey } from '../adapters/keys/public-keys.js';
import { PRIVATE_FILE, replaceWhole } from '../platform/own-files.js';
import { grantKeyFile } from './first-key.js';
import { publicKeysPath } from './public-files.js';
import { readCheckpoints } from './read-log.js';

/** A grant key of this installation. */
export interface GrantKey {
  readonly kid: string;
  /** `signs`: authority signs with it. `verifies`: what it signed before counts. `revoked`: nothing that it signed counts now. */
  readonly status: 'signs' | 'verifies' | 'revoked';
  /** Of a revoked key: the last event of the audit log in which its signatures are trusted; 0: none. */
  readonly lastEvent?: number;
}

/** The pinned grant keys, the oldest first. @throws Error where there are none yet */
export async function grantKeys(): Promise<readonly GrantKey[]> {
  const [keys, current] = [pinned(), await currentKid()];
  return keys.map((key) => {
    if (key.revoked === true) return { kid: key.kid, status: 'revoked', lastEvent: lastEventOf(key) };
    return { kid: key.kid, status: key.kid === current ? 'signs' : 'verifies' };
  });
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
 * @param file of checkpoints that were kept elsewhere: the audit log is trusted up to the newest; undefined: no signature of the key is
 * @returns the last event that is trusted, and the files of public keys that were written
 * @throws Error for a key that is not pinned, for a file without a checkpoint, and for a key that was revoked with an earlier event
 */
export async function revokeGrantKey(
  kid: string,
  file: string | undefined,
): Promise<{ readonly lastEvent: number; readonly written: readonly string[] }> {
  const keys = pinned();
  const found = keys.find((key) => key.kid === kid);
  if (!found) throw new Error(`There is no grant key ${kid}: fixpoint grant-key list`);
  const trusted = file === undefined ? undefined : await newestIn(file);
  const lastEvent = trusted?.size ?? 0;
  if (found.revoked === true && lastEventOf(found) < lastEvent)
    throw new Error(
      `The grant key ${kid} was revoked with event ${lastEventOf(found)}: name a checkpoint of that one or of an earlier one.`,
    );
  const { kid: id, publicKey } = found;
  const revoked: PinnedKey = { kid: id, publicKey, revoked: true, ...(trusted ? { checkpoint: trusted.note } : {}) };
  return { lastEvent, written: pin(keys.map((key) => (key === found ? revoked : key))) };
}

const lastEventOf = (key: PinnedKey): number => trustedCheckpoint(key)?.size ?? 0;

async function newestIn(file: string) {
  const kept = await readCheckpoints(file, publicKeysPath());
  const [newest] = [...kept].sort((a, b) => b.size - a.size);
  if (!newest) throw new Error(`${file} holds no checkpoint that a grant key signed which counts.`);
  return newest;
}

/** The key with which authority signs; undefined where its file is not there. */
async function currentKid(): Promise<string | undefined> {
  const path = grantKeyFile();
  return existsSync(path) ? grantKidOf(createPublicKey(await readPrivateKey(path))) : undefined;
}

/** @throws Error where there are none yet, and where two files of this machine differ: a revocation in one of them would be undone */
function pinned(): readonly PinnedKey[] {
  const [path, ...others] = publicFiles();
  if (path === undefined)
    throw new Error(`There is no ${publicKeysPath()}: authority makes its key at its first start.`);
  const keys = readPublicKeys(path);
  const other = others.find((one) => !isDeepStrictEqual(readPublicKeys(one), keys));
  if (other !== undefined)
    throw new Error(
      `${path} and ${other} hold different public keys. Put the right file in both places, then ask again.`,
    );
  return keys;
}

/** The files of public keys on this machine: the one that commands read, and the one beside the private key, which authority reads. */
function publicFiles(): readonly string[] {
  const beside = join(dirname(grantKeyFile()), 'grant-public.json');
  const there = [publicKeysPath(), beside].filter((path) => existsSync(path));
  // A link stays: the file to which it leads is the one that is read.
  return [...new Set(there.map((path) => realpathSync(path)))];
}

function pin(keys: readonly PinnedKey[]): readonly string[] {
  const files = publicFiles();
  for (const path of files) replaceWhole(path, publicKeyText({ keys }), 0o644);
  return files;
}
