import type { Operation } from './document.js';
import type { Draft } from './draft.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** One way in which a request that is fine becomes another one. */
export interface Mutation {
  readonly name: string;
  /** Whether it says anything about an operation; about every one where it is left out. */
  readonly fits?: (operation: Operation) => boolean;
  readonly change: (draft: Draft, random: Random, world: World) => Draft;
  /** Whether what comes out must be refused, whatever it is about. */
  readonly refused?: boolean;
}

/** A mutation of the body, for operations that have one. */
export const ofBody = (name: string, change: Mutation['change'], refused = false): Mutation => ({
  name: `body: ${name}`,
  fits: ({ body }) => body !== undefined,
  change,
  refused,
});

export const isObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The text of a value of so many levels. */
export const nested = (levels: number, kind: 'list' | 'object'): string =>
  kind === 'list' ? '['.repeat(levels) + ']'.repeat(levels) : '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

type Steps = readonly (string | number)[];

/** Where every member and item of a value is, the value itself not counted. */
export function placesIn(value: unknown, at: Steps = []): readonly Steps[] {
  if (value === null || typeof value !== 'object') return [];
  const steps = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return steps.flatMap((step) => [
    [...at, step],
    ...placesIn((value as Record<string | number, unknown>)[step], [...at, step]),
  ]);
}

/** The value with another one at a place; where there is no place, the other one. */
export function replaced(value: unknown, [step, ...rest]: Steps, make: (old: unknown) => unknown): unknown {
  if (step === undefined) return make(value);
  if (Array.isArray(value))
    return value.map((item, i) => (i === step ? replaced(item, rest, make) : (item as unknown)));
  const entries = Object.entries(value as object) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([name, member]) => [name, name === step ? replaced(member, rest, make) : member]),
  );
}

/** The value at a place. */
export function valueAt(value: unknown, steps: Steps): unknown {
  return steps.reduce((at: unknown, step) => (at as Record<string | number, unknown>)[step], value);
}

/** Changes a value in its body at a place by chance, of those that `suits` where there is one. */
export function inBody(
  draft: Draft,
  random: Random,
  make: (old: unknown) => unknown,
  suits: (value: unknown) => boolean = () => true,
): Draft {
  const places = placesIn(draft.value);
  const suiting = places.filter((place) => suits(valueAt(draft.value, place)));
  const from = suiting.length > 0 ? suiting : places;
  return { ...draft, value: replaced(draft.value, from.length > 0 ? random.pick(from) : [], make) };
}

/** Adds a member to an object of the body by chance. */
export function withMember(draft: Draft, random: Random, name: string, member: unknown): Draft {
  const places = [[], ...placesIn(draft.value)].filter((place) => isObject(valueAt(draft.value, place)));
  const add = (old: unknown) => Object.fromEntries([...Object.entries(old as object), [name, member]]);
  return { ...draft, value: replaced(draft.value, random.pick(places), add) };
}
