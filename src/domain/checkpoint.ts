import { createHash } from 'node:crypto';
import type { ChainedEvent } from './audit.js';
import { leafHash, type Hash } from './merkle.js';

/**
 * A signed head of the audit log, in the form of C2SP tlog-checkpoint: origin, size and root in a signed note
 * (docs/reference/audit-format.md). Whoever keeps one can tell whether a log is the same up to there.
 */
export interface Checkpoint {
  readonly origin: string;
  /** Number of events. */
  readonly size: number;
  readonly root: Hash;
}

/** A checkpoint with the text that was signed and its signatures. */
export interface SignedCheckpoint extends Checkpoint {
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** First 4 bytes of SHA-256(name, line feed, 0x01, public key). */
  readonly keyHash: string;
  readonly signature: Buffer;
}

/** The name under which `authority` signs. */
export const KEY_NAME = 'fixpoint-authority';
/** Of Ed25519 in a signed note. */
const ED25519 = Buffer.from([1]);

/** What one event is in the tree: its writer, a line feed, its exact text. */
export function eventLeaf({ writer, event }: Pick<ChainedEvent, 'writer' | 'event'>): Hash {
  return leafHash(`${writer}\n${event}`);
}

/**
 * The name of a log: its first link, and how often it was restored from a backup. After a restore other events follow than before:
 * that is another log, and checkpoints of the one say nothing about the other beyond the point where they part.
 */
export function originOf(firstHash: string, restores: number): string {
  return `fixpoint/${firstHash.slice(0, 16)}/${restores}`;
}

const ORIGIN = /^fixpoint\/[0-9a-f]{16}\/(\d{1,9})$/;
/** The number of restores in an origin; undefined for anything but an origin of a Fixpoint log. */
export function restoresOf(origin: string): number | undefined {
  const found = ORIGIN.exec(origin)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The text that is signed. */
export function checkpointBody({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** @param publicKey the 32 bytes of an Ed25519 key */
export function keyHashOf(name: string, publicKey: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);
}

/** The note: the signed text, an empty line, and a line for the signature. */
export function noteText(body: string, name: string, keyHash: Uint8Array, signature: Uint8Array): string {
  return `${body}\n\u2014 ${name} ${Buffer.concat([keyHash, signature]).toString('base64')}\n`;
}

const SIGNATURE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
const SIZE = /^(0|[1-9]\d{0,14})$/;

/** Reads one note; undefined for anything but a checkpoint in its only form. Says nothing about the signatures. */
export function parseCheckpoint(note: string): SignedCheckpoint | undefined {
  const [origin = '', size = '', root64 = '', empty, ...rest] = note.split('\n');
  const root = Buffer.from(root64, 'base64');
  const lines = rest.slice(0, -1);
  const sound = restoresOf(origin) !== undefined && SIZE.test(size) && root.length === 32 && empty === '';
  if (!sound || root.toString('base64') !== root64 || rest.at(-1) !== '' || lines.length === 0) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name = '', text = ''] = SIGNATURE.exec(line) ?? [];
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length !== 68 || bytes.toString('base64') !== text) return undefined;
    signatures.push({ name, keyHash: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) });
  }
  const checkpoint = { origin, size: Number(size), root };
  return { ...checkpoint, body: checkpointBody(checkpoint), signatures };
}

const NOTE = /^fixpoint\/[^\n]*\n\d+\n[^\n]+\n\n(?:\u2014 [^\n]*\n)+/gmu;

/** The notes of a file that holds one after the other; a note that a crash cut short is ignored. */
export function notesIn(text: string): readonly string[] {
  return text.match(NOTE) ?? [];
}
