import type { Declaration } from './declaration.js';
import type { ItemStatus } from './item-status.js';
import type { SplitWave } from './split.js';
import { durationMs } from '../time.js';
import { withPlace } from './places.js';

/** Why `authority` pauses a rollout. */
export type PauseCode =
  /** More results of a kind than the budget allows. */
  | 'budget-exceeded'
  /** Nothing of the wave was fixed, so that it shows nothing about the fix. */
  | 'wave-not-proved'
  /** The next wave asks for the approval of a person. */
  | 'approval-due';

/** An item of the list by its position. */
export interface ItemView {
  readonly status: ItemStatus;
  /** Where its target was when the rollout was submitted. */
  readonly site: string;
  /** Something may still start or change by itself. */
  readonly exposed: boolean;
  /** A person decided that its result does not count against the budget. */
  readonly excused: boolean;
}

/** A rollout after its approval, as `authority` reads it. */
export interface RolloutView {
  readonly declaration: Pick<Declaration, 'budget' | 'atOnce' | 'perSite'>;
  readonly waves: readonly SplitWave[];
  readonly items: readonly ItemView[];
  /** When each wave was proved, in their order. */
  readonly proved: readonly Date[];
  /** The pauses of `authority` that a person ended, each as `passKey`. */
  readonly passed: ReadonlySet<string>;
  /** A pause that nobody has ended. */
  readonly held: boolean;
  readonly aborted: boolean;
  /** Nothing starts from then on. */
  readonly until: Date;
  readonly now: Date;
}

export type Ending = 'finished' | 'aborted' | 'window-over';

export type Step =
  /** Sign the grants of these positions. */
  | { readonly kind: 'start'; readonly wave: number; readonly positions: readonly number[] }
  /** Record that this wave is proved, then look again. */
  | { readonly kind: 'prove'; readonly wave: number }
  /** Nothing starts before a person has ended this pause. `wave`: the one that does not begin, or did not end well. */
  | { readonly kind: 'pause'; readonly code: PauseCode; readonly wave: number; readonly positions: readonly number[] }
  /** `until`: the end of the soak time; absent: something has to end, or a person to decide. */
  | { readonly kind: 'wait'; readonly for: 'results' | 'place' | 'soak' | 'person'; readonly until?: Date }
  | { readonly kind: 'end'; readonly as: Ending };

export const passKey = (wave: number, code: PauseCode): string => `${wave} ${code}`;

/** What happens next. Decided by nothing but the view, so that a process that was killed decides the same again. */
export function nextStep(view: RolloutView): Step {
  const { items, aborted, held, until, now } = view;
  const isExposed = items.some(({ exposed }) => exposed);
  const over = (as: Ending): Step => (isExposed ? { kind: 'wait', for: 'results' } : { kind: 'end', as });
  if (aborted) return over('aborted');
  if (!isExposed && !items.some(({ status }) => status === 'ready')) return { kind: 'end', as: 'finished' };
  if (now >= until) return over('window-over');
  if (held) return { kind: 'wait', for: 'person' };
  return overBudget(view) ?? inWave(view, view.proved.length);
}

function inWave(view: RolloutView, wave: number): Step {
  const { waves, items, declaration, passed } = view;
  const declared = waves[wave];
  // What is exposed after the last wave was proved are outcomes that somebody excused.
  if (!declared) return { kind: 'wait', for: 'results' };
  const positions = range(declared.from, declared.to);
  const ready = positions.filter((at) => items[at]?.status === 'ready');
  if (ready.length > 0) {
    // Asked for a wave that has begun too: what opened it holds.
    const shut = shutGate(view, wave, declared);
    if (shut) return shut;
    const starting = withPlace(ready, items, declaration);
    return starting.length > 0 ? { kind: 'start', wave, positions: starting } : { kind: 'wait', for: 'place' };
  }
  if (!positions.every((at) => hasEnded(items[at]))) return { kind: 'wait', for: 'results' };
  if (showsTheFix(view, positions) || passed.has(passKey(wave, 'wave-not-proved'))) return { kind: 'prove', wave };
  return { kind: 'pause', code: 'wave-not-proved', wave, positions };
}

/** What keeps a wave from its begin. */
function shutGate({ proved, passed, now }: RolloutView, wave: number, { soak, approval }: SplitWave): Step | undefined {
  const before = proved[wave - 1];
  if (before && soak !== undefined) {
    const until = new Date(before.getTime() + durationMs(soak));
    if (now < until) return { kind: 'wait', for: 'soak', until };
  }
  if (approval === true && !passed.has(passKey(wave, 'approval-due')))
    return { kind: 'pause', code: 'approval-due', wave, positions: [] };
  return undefined;
}

/** Whether its result is there: an unknown outcome is none unless a person excused it. */
function hasEnded(item: ItemView | undefined): boolean {
  if (!item || item.exposed || item.status === 'ready') return false;
  return item.status !== 'unknown' || item.excused;
}

/**
 * A wave of which nothing was started shows nothing either: whoever may take items out must not open the next wave by it, past its soak
 * time and its approval.
 */
const showsTheFix = ({ items }: RolloutView, positions: readonly number[]): boolean =>
  positions.some((at) => items[at]?.status === 'fixed');

/** Positions whose results count against the budget, by what they count as. */
export function countedResults(items: readonly ItemView[]) {
  const of = (...statuses: readonly ItemStatus[]) =>
    items.flatMap(({ status, excused }, at) => (!excused && statuses.includes(status) ? [at] : []));
  return { failed: of('failed', 'unknown'), unknown: of('unknown'), unreached: of('unreached') };
}

/** The pause of a rollout that has used up its budget; undefined while it has not. */
export function overBudget({ items, declaration: { budget }, proved }: RolloutView): Step | undefined {
  const counted = countedResults(items);
  for (const kind of ['failed', 'unknown', 'unreached'] as const)
    if (counted[kind].length > budget[kind])
      return { kind: 'pause', code: 'budget-exceeded', wave: proved.length, positions: counted[kind] };
  return undefined;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
