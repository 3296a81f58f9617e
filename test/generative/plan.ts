import { BODY_MUTATIONS } from './body-mutations.js';
import { BYTE_MUTATIONS } from './byte-mutations.js';
import type { Operation } from './document.js';
import type { Draft } from './draft.js';
import { HEAD_MUTATIONS } from './head-mutations.js';
import type { Mutation } from './mutation.js';
import { PATH_MUTATIONS } from './path-mutations.js';
import { QUERY_MUTATIONS } from './query-mutations.js';
import { randomOf } from './random.js';
import { validDraft } from './valid.js';
import type { World } from './world.js';

/** One request of a run: what it is about and how it is changed, by its number and the seed alone. */
export interface Step {
  readonly n: number;
  readonly operation: Operation;
  /** Undefined where it is left as it is. */
  readonly mutation?: Mutation;
}

const MUTATIONS: readonly Mutation[] = [
  ...BODY_MUTATIONS,
  ...BYTE_MUTATIONS,
  ...HEAD_MUTATIONS,
  ...QUERY_MUTATIONS,
  ...PATH_MUTATIONS,
];

/** Every operation with every mutation that says something about it, or with none. */
export function pairsOf(operations: readonly Operation[]): readonly Omit<Step, 'n'>[] {
  return operations.flatMap((operation) =>
    MUTATIONS.filter(({ fits }) => fits?.(operation) ?? true).map((mutation) => ({ operation, mutation })),
  );
}

/** Of so many requests one is fine. */
const FINE_OF = 4;

/**
 * The steps of a run: one of four is a fine request, of each operation as often as of any other; the others go through every
 * operation with every mutation, in an order by the seed, again and again.
 */
export function stepsOf(seed: number, operations: readonly Operation[]): (n: number) => Step {
  const pairs = pairsOf(operations);
  const lap = <T>(list: readonly T[], k: number): T => {
    const round = Math.floor(k / list.length);
    const key = list.length * 1_000_003 + round;
    let order = laps.get(key) as readonly T[] | undefined;
    if (!order) laps.set(key, (order = randomOf(seed, key).shuffled(list)));
    return order[k % list.length] as T;
  };
  const laps = new Map<number, readonly unknown[]>();
  return (n) => {
    const k = Math.floor(n / FINE_OF);
    return n % FINE_OF === 0 ? { n, operation: lap(operations, k) } : { n, ...lap(pairs, n - k - 1) };
  };
}

/** The request of a step. What it names of what is there depends on the moment; everything else on seed and number. */
export function draftOf(seed: number, { n, operation, mutation }: Step, world: World): Draft {
  const draft = validDraft(operation, world, randomOf(seed, n, 1));
  return mutation ? mutation.change(draft, randomOf(seed, n, 2), world) : draft;
}
