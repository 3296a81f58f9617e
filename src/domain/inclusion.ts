import type { ChainedEvent } from './audit.js';
import { eventLeaf, parseCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { isIncluded } from './merkle.js';

/** That one event stands in the log of a checkpoint: what an auditor gets instead of the whole log. */
export interface InclusionProof {
  readonly v: 1;
  readonly seq: number;
  readonly writer: string;
  /** The exact text of the event. */
  readonly event: string;
  /** The signed checkpoint, as it was kept. */
  readonly checkpoint: string;
  /** Hashes from the leaf upwards, in base64. */
  readonly hashes: readonly string[];
}

/** Reads a proof; undefined for anything that has not its shape. */
export function parseInclusionProof(text: string): InclusionProof | undefined {
  try {
    const proof = JSON.parse(text) as Partial<InclusionProof>;
    const texts = [proof.writer, proof.event, proof.checkpoint, ...(proof.hashes ?? [undefined])];
    const sound = proof.v === 1 && Number.isSafeInteger(proof.seq) && texts.every((each) => typeof each === 'string');
    return sound ? (proof as InclusionProof) : undefined;
  } catch {
    return undefined;
  }
}

/** The checkpoint under which the event stands; undefined where the proof does not lead there. The signature is for the caller. */
export function provenUnder(proof: InclusionProof): SignedCheckpoint | undefined {
  const checkpoint = parseCheckpoint(proof.checkpoint);
  if (!checkpoint) return undefined;
  const hashes = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
  const leaf = eventLeaf(proof satisfies Pick<ChainedEvent, 'writer' | 'event'>);
  return isIncluded(leaf, proof.seq - 1, checkpoint.size, hashes, checkpoint.root) ? checkpoint : undefined;
}
