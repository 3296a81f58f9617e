import { targetMatch } from '../policy/matching.js';
import type { TargetScope } from '../policy/policy.js';
import type { Target } from '../target.js';

/** Whether a filter has a condition: one without any would mean every target. */
export const isBounded = (filter: TargetScope): boolean =>
  Object.values(filter).some((list: readonly unknown[] | undefined) => list !== undefined && list.length > 0);

/** The targets that a filter selects, in the order of their names. Each list of it must have the value of the target; of its tags, one. */
export function selectTargets(targets: readonly Target[], filter: TargetScope): readonly Target[] {
  return targets.filter((target) => targetMatch(filter, target) === 'yes');
}
