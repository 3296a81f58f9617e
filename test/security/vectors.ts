import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { sha256 } from '../../src/domain/digest.js';
import { checkpointBody, eventLeaf, KEY_NAME, keyHashOf, noteText } from '../../src/domain/checkpoint.js';
import { inclusionProof } from '../../src/domain/merkle.js';
import { chain, checkpointsOf, entriesOf } from './tampering.js';

/** The private key of the vectors: the seed 00 01 … 1f in the PKCS #8 of Ed25519. Everybody knows it. */
const SEED = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, SEED]), format: 'der', type: 'pkcs8' });
const publicKey = createPublicKey(privateKey);

/** The files of docs/reference/audit-vectors, by name. */
export function vectors(): Readonly<Record<string, string>> {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const kid = sha256(publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16);
  const entries = entriesOf(2, privateKey, kid);
  const links = chain(entries);
  const notes = checkpointsOf(links, 5).map((checkpoint) => {
    const body = checkpointBody(checkpoint);
    return noteText(body, KEY_NAME, keyHashOf(KEY_NAME, raw), sign(null, Buffer.from(body), privateKey));
  });
  const [{ writer = '', event = '' } = {}] = links.slice(2, 3);
  const hashes = inclusionProof(links.slice(0, 5).map(eventLeaf), 2).map((hash) => hash.toString('base64'));
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return {
    'audit.jsonl': lines(links),
    'checkpoints.txt': notes.join(''),
    'grant-public.json': `${JSON.stringify({ keys: [{ kid, publicKey: pem }] }, null, 2)}\n`,
    'proof-3.json': lines([{ v: 1, seq: 3, writer, event, checkpoint: notes[0], hashes }]),
  };
}
