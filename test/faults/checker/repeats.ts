import { fits, type Change, type Made } from './changes.js';
import { compact, type Fact } from './history.js';

/** `once`: at most one effect. `ensure`: no effect without an intent of its own on record. */
export function findRepeats(
  effects: readonly Made[],
  facts: readonly Fact[],
  plans: ReadonlyMap<string, readonly Change[]>,
): string[] {
  const changes = new Map([...plans.values()].flat().map((change) => [change.id, change]));
  const groups = new Map<string, Made[]>();
  for (const effect of effects) {
    const key = `${effect.job} ${effect.word} ${effect.object} ${effect.value}`;
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  const problems: string[] = [];
  for (const [key, group] of groups) {
    const [first] = group;
    if (!first) continue;
    const intents = facts.filter(({ action, job, data }) => {
      const change = changes.get(data.change);
      return (
        action === 'change.intent' &&
        first.by.includes(compact(job)) &&
        change !== undefined &&
        fits(change, first, data)
      );
    });
    const once = intents.some(({ data }) => changes.get(data.change)?.action === 'send');
    if (once && group.length > 1)
      problems.push(`${key}: a change that must not be repeated was made ${group.length} times`);
    if (group.length > Math.max(1, intents.length))
      problems.push(`${key}: ${group.length} effects, ${intents.length} intents`);
  }
  return problems;
}
