import { hash } from 'node:crypto';

/** The Merkle tree of RFC 6962 (section 2.1) over SHA-256. Hashes are 32 bytes. */
export type Hash = Buffer;

const LEAF = Buffer.from([0]);
/** 0x01 and two hashes: filled anew for each node. */
const node = Buffer.alloc(65, 1);

/** @param data bytes, or text by its UTF-8 bytes */
export const leafHash = (data: string | Uint8Array): Hash =>
  hash('sha256', typeof data === 'string' ? `\0${data}` : Buffer.concat([LEAF, data]), 'buffer');

function nodeHash(left: Hash, right: Hash): Hash {
  node.set(left, 1);
  node.set(right, 33);
  return hash('sha256', node, 'buffer');
}

const EMPTY_ROOT: Hash = hash('sha256', '', 'buffer');

/** A tree that grows: of what was added it keeps one hash for each full subtree, so at most as many as the size has bits. */
export interface GrowingTree {
  readonly size: number;
  add(leaf: Hash): void;
  root(): Hash;
}

export function growingTree(): GrowingTree {
  const full: Hash[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(leaf) {
      let subtree = leaf;
      // Each trailing one bit of the old size is a full subtree that the new leaf completes to one twice as large.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) subtree = nodeHash(full.pop() as Hash, subtree);
      full.push(subtree);
      size += 1;
    },
    root() {
      let right: Hash | undefined;
      for (const left of full.toReversed()) right = right === undefined ? left : nodeHash(left, right);
      return right ?? EMPTY_ROOT;
    },
  };
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

export function rootOf(leaves: readonly Hash[]): Hash {
  const tree = growingTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** The hashes that lead from the leaf at `index` to the root, from below upwards. */
export function inclusionProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  if (leaves.length <= 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...inclusionProof(left, index), rootOf(right)]
    : [...inclusionProof(right, index - half), rootOf(left)];
}

/** Whether this leaf stands at `index` of the tree with that size and root. */
export function isIncluded(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const steps = [...proof];
  const climb = (at: number, of: number): Hash | undefined => {
    if (of === 1) return leaf;
    const half = split(of);
    const side = steps.pop();
    const below = at < half ? climb(at, half) : climb(at - half, of - half);
    if (side === undefined || below === undefined || side.length !== 32) return undefined;
    return at < half ? nodeHash(below, side) : nodeHash(side, below);
  };
  const reached = climb(index, size);
  return steps.length === 0 && reached !== undefined && reached.equals(root);
}
