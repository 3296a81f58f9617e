import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { sha256 } from '../../src/domain/digest.js';
import {
  checkpointBody,
  eventLeaf,
  KEY_NAME,
  keyHashOf,
  noteText,
  type Checkpoint,
} from '../../src/domain/checkpoint.js';
import { inclusionProof } from '../../src/domain/merkle.js';
import { chain, entriesOf, keyOfSeed, type LogSigner } from './logs.js';
import { checkpointsOf } from './tampering.js';

/** The private key of the vectors: the seed 00 01 … 1f. Everybody knows it. */
const privateKey = keyOfSeed(0);
const publicKey = createPublicKey(privateKey);

/** Who signs the log of the vectors. */
export const VECTOR_SIGNER: LogSigner = {
  key: privateKey,
  kid: sha256(publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16),
};

const kidOf = (key: KeyObject) => sha256(createPublicKey(key).export({ type: 'spki', format: 'der' })).slice(0, 16);

/** Another grant key, as it is pinned, with its private half. */
export function otherKey(): { readonly pinned: object; readonly signer: LogSigner } {
  const key = keyOfSeed(77);
  const publicHalf = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { pinned: { kid: kidOf(key), publicKey: publicHalf }, signer: { key, kid: kidOf(key) } };
}

/** Checkpoints as `VECTOR_SIGNER` signs them, or another key. */
export function notesOf(checkpoints: readonly Checkpoint[], key = privateKey): readonly string[] {
  const raw = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
  return checkpoints.map((checkpoint) => {
    const body = checkpointBody(checkpoint);
    return noteText(body, KEY_NAME, keyHashOf(KEY_NAME, raw), sign(null, Buffer.from(body), key));
  });
}

/** The files of docs/reference/audit-vectors, by name. */
export function vectors(): Readonly<Record<string, string>> {
  const links = chain(entriesOf(2, VECTOR_SIGNER));
  const notes = notesOf(checkpointsOf(links, 5));
  const [{ writer = '', event = '' } = {}] = links.slice(2, 3);
  const hashes = inclusionProof(links.slice(0, 5).map(eventLeaf), 2).map((hash) => hash.toString('base64'));
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return {
    'audit.jsonl': lines(links),
    'checkpoints.txt': notes.join(''),
    'grant-public.json': `${JSON.stringify({ keys: [{ kid: VECTOR_SIGNER.kid, publicKey: pem }] }, null, 2)}\n`,
    'proof-3.json': lines([{ v: 1, seq: 3, writer, event, checkpoint: notes[0], hashes }]),
  };
}
