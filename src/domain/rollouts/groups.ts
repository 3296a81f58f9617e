import { canonicalJson, type ValueObject } from '../canonical.js';
import { byUtf16Unit } from '../canonical.js';
import type { ActionRule, ChangeClass, Risk } from '../manifest.js';
import type { PlannedChange } from '../plan.js';

/** Changes that an approver may read as one: of one action, and equal in the fields that the manifest's `group` names. */
export interface ChangeKind {
  readonly action: string;
  readonly class: ChangeClass;
  readonly risk: Risk;
  /** The fields in which they are equal. An action without `group` has all of them: each such change is a kind of its own. */
  readonly fields: ValueObject;
  /** The fewest and the most changes of this kind in one item of the group. */
  readonly least: number;
  readonly most: number;
}

/** Items whose plans hold the same kinds of change. */
export interface PlanGroup {
  readonly kinds: readonly ChangeKind[];
  /** Their indexes in the selection, in order. */
  readonly items: readonly number[];
}

interface Planned {
  readonly index: number;
  readonly changes: readonly PlannedChange[];
}

const EVERY_FIELD = ['resource', 'property', 'before', 'after'] as const;

/** The plans of a rollout by what they do, the largest group first; every item is in exactly one. */
export function groupPlans(
  plans: readonly Planned[],
  actions: Readonly<Record<string, ActionRule>>,
): readonly PlanGroup[] {
  const groups = new Map<string, { readonly kinds: Map<string, ChangeKind>; readonly items: number[] }>();
  for (const { index, changes } of plans) {
    const counts = countKinds(changes, actions);
    const key = canonicalJson([...counts.keys()].sort(byUtf16Unit));
    const group = groups.get(key) ?? { kinds: new Map<string, ChangeKind>(), items: [] };
    groups.set(key, group);
    group.items.push(index);
    for (const [kind, { change, count }] of counts) {
      const known = group.kinds.get(kind);
      const least = Math.min(known?.least ?? count, count);
      const most = Math.max(known?.most ?? count, count);
      group.kinds.set(kind, { ...kindOf(change, actions), least, most });
    }
  }
  return [...groups.values()]
    .map(({ kinds, items }) => ({
      kinds: [...kinds.entries()].sort(([a], [b]) => byUtf16Unit(a, b)).map(([, kind]) => kind),
      items,
    }))
    .sort((a, b) => b.items.length - a.items.length || (a.items[0] ?? 0) - (b.items[0] ?? 0));
}

function countKinds(changes: readonly PlannedChange[], actions: Readonly<Record<string, ActionRule>>) {
  const counts = new Map<string, { readonly change: PlannedChange; readonly count: number }>();
  for (const change of changes) {
    const { action, fields } = kindOf(change, actions);
    const key = canonicalJson({ action, fields });
    counts.set(key, { change, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return counts;
}

/** What the manifest does not name counts as the worst and is shown whole. */
function kindOf(change: PlannedChange, actions: Readonly<Record<string, ActionRule>>) {
  const rule = Object.hasOwn(actions, change.action) ? actions[change.action] : undefined;
  const names = (rule?.group ?? EVERY_FIELD).filter((name) => name !== 'action');
  const fields: ValueObject = Object.fromEntries(names.map((name) => [name, change[name]]));
  return { action: change.action, class: rule?.class ?? 'irreversible', risk: rule?.risk ?? 'R3', fields } as const;
}
