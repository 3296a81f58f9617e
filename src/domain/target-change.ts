import { canonicalJson } from './canonical.js';
import { labelledDigest } from './digest.js';
import { digestOfTarget, type Target } from './target.js';

/** One target of a request: its form before, by digest, and after. */
export interface TargetChange {
  readonly id: string;
  /** null: the inventory has no such target yet. */
  readonly before: string | null;
  /** null: the target is to be removed. */
  readonly after: Target | null;
}

/** The digest that people sign who ask for these changes or confirm them: it covers each target whole, before and after. */
export function targetChangesDigest(changes: readonly TargetChange[]): string {
  return labelledDigest(
    'fixpoint-target-changes-v1',
    changes.map(({ id, before, after }) => ({ id, before, after: after && digestOfTarget(after) })),
  );
}

/** As a request keeps them. */
export const targetChangesText = (changes: readonly TargetChange[]): string => canonicalJson(changes);

/** The changes that a request keeps; none where the text is no such list, which no digest is that of. */
export function readTargetChanges(text: string | undefined): readonly TargetChange[] {
  try {
    const read = JSON.parse(text ?? '[]') as unknown;
    return Array.isArray(read) && read.every(isChange) ? read : [];
  } catch {
    return [];
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value has the members of a change, and its target those that digests and rights read. */
function isChange(value: unknown): value is TargetChange {
  if (!isObject(value) || typeof value.id !== 'string') return false;
  if (value.before !== null && typeof value.before !== 'string') return false;
  const { after } = value;
  if (after === null) return true;
  return isObject(after) && typeof after.name === 'string' && isObject(after.transport) && Array.isArray(after.tags);
}

/** Every target that the changes touch, as it is known and as it is to be: nobody moves one out of what they may change, nor into it. */
export function targetsTouched(
  changes: readonly TargetChange[],
  known: ReadonlyMap<string, { readonly target: Target }>,
): readonly Target[] {
  return changes.flatMap(({ id, after }) => [...[known.get(id)?.target ?? []].flat(), ...[after ?? []].flat()]);
}

/** What people read in a list: the name, or how many. */
export function targetsNamed(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `${names.length} targets`;
}
