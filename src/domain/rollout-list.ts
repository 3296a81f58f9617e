import { canonicalJson } from './canonical.js';
import { inclusionProof, isIncluded, leafHash, rootOf } from './merkle.js';

/** One item of what is approved: a job of the rollout and the plan that an approver read. */
export interface ListedPlan {
  /** Place in the frozen selection. */
  readonly index: number;
  readonly job: string;
  /** Digest of the plan. */
  readonly plan: string;
}

/** The plans that are approved together, in the order of the selection. */
export type PlanList = readonly ListedPlan[];

/**
 * The label keeps a leaf from being one of another tree of the product, such as the audit log's. The count is part of it, since a proof
 * alone may hold for two sizes of a tree.
 */
const leafOf = ({ index, job, plan }: ListedPlan, count: number) =>
  leafHash(`fixpoint-rollout-plan-v1\0${canonicalJson({ index, job, plan, count })}`);

const leavesOf = (list: PlanList) => list.map((plan) => leafOf(plan, list.length));

/** What an approver signs in place of the digest of one plan: the root of the Merkle tree (RFC 6962) over the list, in hex. */
export function listRoot(list: PlanList): string {
  return rootOf(leavesOf(list)).toString('hex');
}

/** The exact text that is stored under its root. */
export function listBytes(list: PlanList): string {
  return canonicalJson(list.map(({ index, job, plan }) => [index, job, plan]));
}

/** The list that these bytes are; undefined for anything but a list in its one form and order, each job and index once. */
export function readList(bytes: string): PlanList | undefined {
  try {
    const rows = JSON.parse(bytes) as unknown;
    if (!Array.isArray(rows)) return undefined;
    const list = rows.map((row) => listed(row as unknown));
    const whole = list.filter((each) => each !== undefined);
    if (whole.length !== rows.length || listBytes(whole) !== bytes) return undefined;
    const inOrder = whole.slice(1).every(({ index }, at) => index > (whole[at] as ListedPlan).index);
    return inOrder && new Set(whole.map(({ job }) => job)).size === whole.length ? whole : undefined;
  } catch {
    return undefined;
  }
}

function listed(row: unknown): ListedPlan | undefined {
  if (!Array.isArray(row) || row.length !== 3) return undefined;
  const [index, job, plan] = row as readonly unknown[];
  const sound =
    Number.isSafeInteger(index) && (index as number) >= 0 && typeof job === 'string' && typeof plan === 'string';
  return sound ? { index: index as number, job, plan } : undefined;
}

/** The proofs that the plans at these positions are in the list: hashes in hex, from the leaf upwards. */
export function listProofs(list: PlanList, positions: readonly number[]): readonly (readonly string[])[] {
  const leaves = leavesOf(list);
  return positions.map((at) => inclusionProof(leaves, at).map((hash) => hash.toString('hex')));
}

const HASH = /^[0-9a-f]{64}$/;

/** Whether a plan stands at this position of the list with that root and count. */
export function isListed(
  plan: ListedPlan,
  {
    position,
    count,
    root,
    proof,
  }: {
    readonly position: number;
    readonly count: number;
    readonly root: string;
    readonly proof: readonly string[];
  },
): boolean {
  if (!HASH.test(root) || !proof.every((hash) => HASH.test(hash))) return false;
  const hashes = proof.map((hash) => Buffer.from(hash, 'hex'));
  return isIncluded(leafOf(plan, count), position, count, hashes, Buffer.from(root, 'hex'));
}
