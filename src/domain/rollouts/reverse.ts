import type { Wave } from './declaration.js';
import { MOST_WAVES } from './limits.js';
import type { SplitWave } from './split.js';

/** The order in which items are rolled back, and in which waves. */
interface Reversed {
  /** Positions in the list of the rollout that is undone: those of the last wave first, those of one wave in their order. */
  readonly positions: readonly number[];
  readonly waves: readonly Wave[];
}

/**
 * The waves of a rollout in reverse order, over the items of it that are undone; a wave of which none is, is left out. One item goes first
 * alone: the last wave is usually the largest, and a bad rollback stops after one machine as a bad fix does. The soak time and the approval
 * between two waves are there again. Sizes are numbers and the last one is `rest`, so that they hold for a list that is shorter by then.
 */
export function reverseWaves(waves: readonly SplitWave[], undone: ReadonlySet<number>): Reversed {
  const groups = waves
    .map((wave) => ({ wave, positions: positionsOf(wave).filter((position) => undone.has(position)) }))
    .filter(({ positions }) => positions.length > 0)
    .reverse();
  const reversed = groups.flatMap(({ positions }, at): readonly Wave[] => {
    const gate = gateOf(groups[at - 1]?.wave);
    const size = positions.length;
    if (at > 0 || size === 1) return [{ size, ...gate }];
    return [{ name: 'canary', size: 1 }, { size: size - 1 }];
  });
  return {
    positions: groups.flatMap(({ positions }) => positions),
    // What is beyond the last wave that is allowed is part of its rest.
    waves: reversed
      .slice(0, MOST_WAVES)
      .map((wave, at, all) => (at === all.length - 1 ? { ...wave, size: 'rest' } : wave)),
  };
}

const positionsOf = ({ from, to }: SplitWave): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** The soak time and the approval that the rollout had before this wave: the wave that follows it in the rollback has them. */
const gateOf = (wave: SplitWave | undefined): Pick<Wave, 'soak' | 'approval'> => ({
  ...(wave?.soak === undefined ? {} : { soak: wave.soak }),
  ...(wave?.approval === true ? { approval: true } : {}),
});
