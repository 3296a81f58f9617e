import { existsSync, readFileSync } from 'node:fs';
import { openCheckpointVerifier } from '../adapters/keys/checkpoint-keys.js';
import { eventLeaf } from '../domain/checkpoint.js';
import { parseInclusionProof, provenUnder, type InclusionProof } from '../domain/inclusion.js';
import { inclusionProof, rootOf, type Hash } from '../domain/merkle.js';
import { count } from '../platform/count.js';
import { publicKeysPath } from './public-files.js';
import { linksOf, readCheckpoints } from './read-log.js';

export interface ProveOptions {
  /** JSON Lines of an export; absent: the database of this machine. */
  readonly file?: string;
  /** A file of checkpoints, or a folder of such files; default the file of this home. */
  readonly checkpoints?: string;
  /** Public keys; default those of this home. */
  readonly keys?: string;
}

/**
 * The proof that one event stands in the log, under the oldest checkpoint that covers it.
 * @throws Error where no checkpoint covers it yet, or where the log is not the one of the checkpoint
 */
export async function proveEvent(
  seq: number,
  { file, checkpoints, keys = publicKeysPath() }: ProveOptions,
): Promise<InclusionProof> {
  const kept = [...(await readCheckpoints(checkpoints, keys))].sort((a, b) => a.size - b.size);
  const over = kept.find(({ size }) => size >= seq);
  if (!over) throw new Error(`No checkpoint covers event ${seq} yet. One is made within a minute.`);
  const leaves: Hash[] = [];
  let found: Pick<InclusionProof, 'writer' | 'event'> | undefined;
  for await (const links of linksOf(file)) {
    for (const link of links.filter((each) => each.seq <= over.size)) {
      leaves.push(eventLeaf(link));
      if (link.seq === seq) found = { writer: link.writer, event: link.event };
    }
    if ((links.at(-1)?.seq ?? 0) > over.size) break;
  }
  if (!found) throw new Error(`There is no event ${seq} in the log.`);
  if (!rootOf(leaves).equals(over.root))
    throw new Error(
      `The log is not the one that the checkpoint over ${count(over.size, 'event')} was signed for. Verify it.`,
    );
  const hashes = inclusionProof(leaves, seq - 1).map((hash) => hash.toString('base64'));
  return { v: 1, seq, ...found, checkpoint: over.note, hashes };
}

/** What a proof shows; undefined where it shows nothing. @throws Error for a file that is no proof */
export async function verifyProof(
  file: string,
  { keys = publicKeysPath() }: Pick<ProveOptions, 'keys'>,
): Promise<Pick<InclusionProof, 'seq' | 'writer' | 'event'> | undefined> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  if (!existsSync(keys)) throw new Error(`There is no ${keys}. Name the public keys with --keys.`);
  const proof = parseInclusionProof(readFileSync(file, 'utf8'));
  if (!proof) throw new Error(`${file} is no proof. Make one with: fixpoint audit prove.`);
  const under = provenUnder(proof);
  const { verifyCheckpoint } = await openCheckpointVerifier(keys);
  if (!under || verifyCheckpoint(under) !== 'signed') return undefined;
  const { seq, writer, event } = proof;
  return { seq, writer, event };
}
