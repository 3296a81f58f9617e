import { canonicalJson, type Value } from '../../domain/canonical.js';
import type { PlannedChange } from '../../domain/plan.js';

const MEMBERS = ['resource', 'property', 'before', 'after', 'action', 'label'] as const;
const MOST_CHARS = 200;

/** What a list of changes has that another has not, a line for each difference. */
export function differences(expected: readonly PlannedChange[], found: readonly PlannedChange[]): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    const [wanted, got] = [expected[i], found[i]];
    const number = `change ${i + 1}`;
    if (!got) lines.push(`${number} is missing: ${wanted ? titleOf(wanted) : ''}`);
    else if (!wanted) lines.push(`${number} is not expected: ${titleOf(got)}`);
    else
      for (const member of MEMBERS) {
        const [want, have] = [shown(wanted[member] ?? null), shown(got[member] ?? null)];
        if (want !== have) lines.push(`${number}, ${member}: expected ${cut(want)}, planned ${cut(have)}`);
      }
  }
  return lines;
}

const shown = (value: Value) => canonicalJson(value);
const cut = (text: string) => (text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text);
const titleOf = ({ resource, property, before, after }: PlannedChange) =>
  `${property} of ${resource}, ${cut(shown(before))} to ${cut(shown(after))}`;
