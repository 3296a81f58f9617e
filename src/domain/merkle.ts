import { createHash } from 'node:crypto';

/** The Merkle tree of RFC 6962 (section 2.1) over SHA-256. Hashes are 32 bytes. */
export type Hash = Buffer;

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export const leafHash = (data: string | Uint8Array): Hash => createHash('sha256').update(LEAF).update(data).digest();
const nodeHash = (left: Hash, right: Hash): Hash =>
  createHash('sha256').update(NODE).update(left).update(right).digest();
const EMPTY_ROOT: Hash = createHash('sha256').digest();

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
      let hash = leaf;
      // Each trailing one bit of the old size is a full subtree that the new leaf completes to one twice as large.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(full.pop() as Hash, hash);
      full.push(hash);
      size += 1;
    },
    root() {
      let hash: Hash | undefined;
      for (const left of full.toReversed()) hash = hash === undefined ? left : nodeHash(left, hash);
      return hash ?? EMPTY_ROOT;
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
