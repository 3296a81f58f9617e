import { createHash } from 'node:crypto';

/** One plan of a list that is approved as a whole. */
export interface ListedPlan {
  /** Place of the item in the rollout. */
  readonly index: number;
  readonly job: string;
  /** Digest of the plan. */
  readonly plan: string;
}

const hashOf = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const nodeOf = (left: Buffer, right: Buffer) => hashOf('\x01', left, right);

/** As docs/reference/audit-format.md describes a leaf; the members are in canonical order. */
const leafOf = ({ index, job, plan }: ListedPlan, count: number) =>
  hashOf('\x00', 'fixpoint-rollout-plan-v1\0', JSON.stringify({ count, index, job, plan }));

/** The root of a list (RFC 6962), in hex: what an approver decides about. The list is not empty. */
export function rootOf(list: readonly ListedPlan[]): string {
  return treeOf(list.map((each) => leafOf(each, list.length))).toString('hex');
}

function treeOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) throw new Error('an empty list has no root');
  if (leaves.length === 1) return only;
  const left = leftPart(leaves.length);
  return nodeOf(treeOf(leaves.slice(0, left)), treeOf(leaves.slice(left)));
}

/** Leaves on the left side of a tree of so many: the largest power of two below. */
function leftPart(count: number): number {
  let part = 1;
  while (part * 2 < count) part *= 2;
  return part;
}

/** Where a plan is said to stand in a list, and the hashes (hex) that lead from it to the root. */
export interface PlanPlace {
  readonly root: string;
  readonly count: number;
  readonly position: number;
  readonly proof: readonly string[];
}

/** Whether the proof leads from this plan to the root. */
export function isListed(plan: ListedPlan, { root, count, position, proof }: PlanPlace): boolean {
  if (position < 0 || position >= count) return false;
  const path = proof.map((hash) => Buffer.from(hash, 'hex'));
  return rootFrom(leafOf(plan, count), position, count, path)?.toString('hex') === root;
}

function rootFrom(leaf: Buffer, position: number, count: number, path: readonly Buffer[]): Buffer | undefined {
  if (count === 1) return path.length === 0 ? leaf : undefined;
  const beside = path.at(-1);
  if (beside === undefined) return undefined;
  const left = leftPart(count);
  const isLeft = position < left;
  const below = rootFrom(leaf, isLeft ? position : position - left, isLeft ? left : count - left, path.slice(0, -1));
  if (below === undefined) return undefined;
  return isLeft ? nodeOf(below, beside) : nodeOf(beside, below);
}
