import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { machineOf, type Target } from '../../domain/target.js';
import type { ApiContext } from '../api-context.js';
import { unfitness, type Unfit } from './target-fit.js';

/** Why one of several targets is refused. `first`: index of the target that has the name or is the machine; absent: one of the inventory has it. */
export interface ImportProblem {
  readonly index: number;
  readonly failure: Unfit | Denial | { readonly kind: 'name-taken' | 'machine-taken'; readonly first?: number };
}

/** Everything that is wrong with these targets as far as it can be seen before they are stored. */
export async function targetProblems(
  context: ApiContext,
  actor: Actor,
  targets: readonly Target[],
): Promise<readonly ImportProblem[]> {
  return [...(await denied(context, actor, targets)), ...unfit(context, targets), ...repeated(targets)];
}

/** Targets that this person may not have in the inventory. */
async function denied({ rights }: ApiContext, { person }: Actor, targets: readonly Target[]) {
  const now = await rights.read();
  return targets.flatMap((target, index): ImportProblem[] => {
    const failure = now.denial({ action: 'edit-targets', person, target });
    return failure ? [{ index, failure }] : [];
  });
}

function unfit(context: ApiContext, targets: readonly Target[]): readonly ImportProblem[] {
  return targets.flatMap((target, index) => {
    const failure = unfitness(context, target);
    return failure ? [{ index, failure }] : [];
  });
}

/** Names and machines that an earlier one of these targets has. */
function repeated(targets: readonly Target[]): readonly ImportProblem[] {
  const problems: ImportProblem[] = [];
  const seen = new Map<string, number>();
  targets.forEach((target, index) => {
    const values = [['name-taken', target.name] as const, ['machine-taken', machineOf(target)] as const];
    for (const [kind, value] of values) {
      if (value === undefined) continue;
      const known = `${kind} ${value}`;
      const first = seen.get(known);
      if (first === undefined) seen.set(known, index);
      else problems.push({ index, failure: { kind, first } });
    }
  });
  return problems;
}
