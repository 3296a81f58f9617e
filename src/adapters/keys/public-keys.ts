import { createPublicKey, type KeyObject } from 'node:crypto';
import { parseCheckpoint, type SignedCheckpoint } from '../../domain/checkpoint.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { readJson } from '../../platform/file-fault.js';
import { SettingsFault } from '../../platform/settings-fault.js';
import { grantKidOf } from './key-files.js';

/** The public half of a grant key as every process pins it. */
export interface PinnedKey {
  readonly kid: string;
  /** PEM, SPKI */
  readonly publicKey: string;
  /** Nothing that it signed lets anything run any more. */
  readonly revoked?: true;
  /**
   * Of a revoked key: the checkpoint up to which the audit log is trusted, as a signed note that was kept elsewhere. Its root fixes every
   * event up to there: whoever has the key can sign others. Without one no signature of the key shows anything.
   */
  readonly checkpoint?: string;
}

/** A file of public keys. */
export interface PublicKeyFile {
  readonly keys: readonly PinnedKey[];
}

const MEMBERS: readonly string[] = ['kid', 'publicKey', 'revoked', 'checkpoint'] satisfies (keyof PinnedKey)[];

/** @throws SettingsFault for a file that is not exactly a file of public keys: a revocation that is misspelt would count for nothing */
export function readPublicKeys(path: string): PublicKeyFile['keys'] {
  const { keys } = (readJson(path) ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys)) throw new SettingsFault(`${path} holds no list of public keys.`);
  keys.forEach((key: unknown, i) => {
    const why = faultOf(key);
    if (why !== undefined) throw new SettingsFault(`${path}: key ${i + 1} ${why}.`);
  });
  const pinned = keys as PublicKeyFile['keys'];
  const twice = pinned.find(({ kid }, i) => pinned.findIndex((other) => other.kid === kid) < i);
  if (twice) throw new SettingsFault(`${path} holds the key ${twice.kid} twice.`);
  return pinned;
}

function faultOf(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null) return 'is no object';
  const { kid, publicKey, revoked, checkpoint } = key as Readonly<Record<string, unknown>>;
  const other = Object.keys(key).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) return `has a member ${JSON.stringify(other)}, which means nothing`;
  const read = typeof publicKey === 'string' ? keyOf(publicKey) : undefined;
  if (!read) return 'has no Ed25519 key (publicKey: PEM)';
  if (kid !== grantKidOf(read)) return `has not the id of its key, which is ${grantKidOf(read)}`;
  if (revoked !== undefined && revoked !== true) return 'is neither revoked (revoked: true) nor without that member';
  if (checkpoint === undefined) return undefined;
  const sound = revoked === true && typeof checkpoint === 'string' && parseCheckpoint(checkpoint) !== undefined;
  return sound ? undefined : 'has a checkpoint that is none, or is not revoked';
}

function keyOf(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey(text);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file of public keys. */
export function publicKeyText(file: PublicKeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The checkpoint of a revoked key; undefined of one that is not revoked, or of which nothing is trusted. */
export function trustedCheckpoint({ checkpoint }: PinnedKey): SignedCheckpoint | undefined {
  return checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
}

/** What every audit log of this installation must fit, whatever else is kept of it. */
export function trustedCheckpoints(publicPath: string): readonly SignedCheckpoint[] {
  return readPublicKeys(publicPath).flatMap((key) => trustedCheckpoint(key) ?? []);
}

/**
 * What a signature is verified for: `now`, whether something may run by it, or `history`, whether the audit log held at that event.
 * A revoked key lets nothing run; up to its checkpoint it still shows what was signed then.
 */
export type KeyUse = 'now' | 'history';

/** Whether a key counts for a signature in this event. A signature in no event of the log is judged as of now. */
export function keyCounts(key: PinnedKey, use: KeyUse, seq = Infinity): boolean {
  return key.revoked !== true || (use === 'history' && seq <= (trustedCheckpoint(key)?.size ?? 0));
}

/** Why no key is found: none of this id is pinned, or the one that is was revoked. */
export type NoKey = 'unknown' | 'revoked';

/** The pinned key of this id, for a signature in this event of the audit log. */
export type FindKey = (kid: string, seq?: number) => Result<KeyObject, NoKey>;

/** The pinned public keys, by their ids. @throws SettingsFault */
export function pinnedKeys(publicPath: string, use: KeyUse = 'now'): FindKey {
  const keys = new Map(
    readPublicKeys(publicPath).map((pinned) => [pinned.kid, { pinned, key: createPublicKey(pinned.publicKey) }]),
  );
  return (kid, seq) => {
    const found = keys.get(kid);
    if (!found) return fail('unknown');
    return keyCounts(found.pinned, use, seq) ? ok(found.key) : fail('revoked');
  };
}
