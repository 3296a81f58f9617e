import { latest, type JournalEntry } from './journal.js';
import type { ChangeClass } from './manifest.js';

/** The answer of the residual-plan rule (RULES 5) to a fresh Detect + Plan. */
export type Residual =
  /** Go on with these granted changes, in the grant's order; `inPlace` are there already and not ours. */
  | { readonly kind: 'go-on'; readonly todo: readonly string[]; readonly inPlace: readonly string[] }
  | { readonly kind: 'nothing-left'; readonly inPlace: readonly string[] }
  /** A non-repeatable change without a result is still listed: a person decides. */
  | { readonly kind: 'outcome-unknown-once'; readonly changeId: string }
  | { readonly kind: 'drift'; readonly why: string };

/**
 * @param granted ids of the granted plan, in order
 * @param fresh ids of a fresh Detect + Plan, in order
 * @param classOf class of a granted change
 */
export function residual(
  granted: readonly string[],
  fresh: readonly string[],
  journal: readonly JournalEntry[],
  classOf: (changeId: string) => ChangeClass,
): Residual {
  const applied = latest(journal, 'apply');
  const done = (id: string) => {
    const result = applied.get(id)?.result;
    return result === 'changed' || result === 'noop';
  };
  for (const id of fresh) {
    if (!granted.includes(id)) return { kind: 'drift', why: 'the plan now lists a change that was not approved' };
    if (done(id)) return { kind: 'drift', why: 'a change that was made is listed again' };
  }
  const todo = granted.filter((id) => fresh.includes(id));
  if (todo.some((id, i) => id !== fresh[i])) return { kind: 'drift', why: 'the order of the changes differs' };
  for (const id of todo) {
    const entry = applied.get(id);
    if (entry && entry.result === undefined && classOf(id) !== 'ensure')
      return { kind: 'outcome-unknown-once', changeId: id };
  }
  const inPlace = granted.filter((id) => !fresh.includes(id) && !done(id));
  return todo.length === 0 ? { kind: 'nothing-left', inPlace } : { kind: 'go-on', todo, inPlace };
}
