import type { RolloutGrant } from '../rollout-grant.js';
import { approvalsForList } from './limits.js';

/**
 * Whether ending these pauses lets more happen than was approved, so that an approver has to decide it: one of them was written by
 * `authority`, or results are left out of the budget.
 */
export function needsApprover(
  ended: readonly ({ readonly person?: object } | undefined)[],
  exclude: readonly number[],
): boolean {
  return exclude.length > 0 || ended.some((stop) => stop?.person === undefined);
}

/** Approvers that such a resume needs: as many as the list itself. */
export function approvalsToResume({
  count,
  approvals,
  needed,
}: Pick<RolloutGrant, 'count' | 'approvals' | 'needed'>): number {
  const approvers = new Set(approvals.map(({ person }) => person.id));
  return approvalsForList(count, needed ?? approvers.size);
}

/** What a person says with a resume. */
export interface SaidResume {
  readonly ends: readonly string[];
  readonly exclude: readonly number[];
  readonly person: { readonly id: string };
}

type Said = Pick<SaidResume, 'ends' | 'exclude'>;

/** Whether two resumes end the same pauses and leave the same items out, in whatever order they name them. */
export function isSameResume(one: Said, other: Said): boolean {
  return isSameSet<string | number>(one.ends, other.ends) && isSameSet<string | number>(one.exclude, other.exclude);
}

function isSameSet<T>(one: readonly T[], other: readonly T[]): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && [...a].every((each) => b.has(each));
}

/** One resume of each person who said the same as this one, the requester apart: whoever asked approves nothing. */
export function sayingTheSame<T extends SaidResume>(of: Said, resumes: readonly T[], requester: string): readonly T[] {
  const same = resumes.filter((each) => each.person.id !== requester && isSameResume(each, of));
  return [...new Map(same.map((each) => [each.person.id, each])).values()];
}

/** What resumes are counted by. */
export interface Counting {
  readonly stops: readonly { readonly id: string; readonly kind: string; readonly person?: object }[];
  readonly requester: string;
  /** `approvalsToResume` of the grant. */
  readonly needed: number;
}

/** How many more people have to sign exactly this, by those who did already; 0: it ends its pauses. */
export function missingToResume(
  of: Said,
  signed: readonly SaidResume[],
  { stops, requester, needed }: Counting,
): number {
  const ended = of.ends.map((id) => stops.find((stop) => stop.id === id && stop.kind === 'pause'));
  if (!needsApprover(ended, of.exclude)) return 0;
  return Math.max(0, needed - sayingTheSame(of, signed, requester).length);
}
