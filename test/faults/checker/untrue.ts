import { fits, type Change, type Made } from './changes.js';
import { compact, type Fact } from './history.js';
import type { Ledgers } from './ledgers.js';

/** A result that was recorded as `changed`, and a job that says `fixed`, have their effects in the ledger. */
export function findUntrue(
  { jobs }: Ledgers,
  effects: readonly Made[],
  facts: readonly Fact[],
  plans: ReadonlyMap<string, readonly Change[]>,
): string[] {
  const changes = new Map([...plans.values()].flat().map((change) => [change.id, change]));
  const problems: string[] = [];
  const claimed = new Set<string>();
  for (const { action, job, data, seq } of facts) {
    if (action !== 'change.result' || data.result !== 'changed') continue;
    claimed.add(job);
    const change = changes.get(data.change);
    const made = change && effects.some((effect) => effect.by.includes(compact(job)) && fits(change, effect, data));
    if (!made)
      problems.push(
        `event ${seq}: job ${job} says that it changed ${change?.resource ?? data.change}; the target does not`,
      );
  }
  for (const { id, state, outcome } of jobs) {
    if (state === 'succeeded' && outcome === 'fixed' && !claimed.has(id))
      problems.push(`job ${id} says fixed and changed nothing`);
  }
  return problems;
}
