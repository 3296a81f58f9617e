import type { Wave, WaveSize } from './declaration.js';

/** The percentage that a size names; undefined where it names none from 1 to 100. */
export function percentOf(size: WaveSize): number | undefined {
  const match = typeof size === 'string' ? /^([1-9][0-9]?|100)%$/.exec(size) : null;
  return match ? Number(match[1]) : undefined;
}

/** A wave and the positions of the list that are in it. */
export interface SplitWave extends Wave {
  readonly from: number;
  /** The position after its last one. */
  readonly to: number;
}

/**
 * The waves over a list of this many items, in its order. A percentage is of the whole list and rounded up. A wave for which no item is
 * left is not there, so that a short list has fewer waves than were declared.
 */
export function splitWaves(waves: readonly Wave[], count: number): readonly SplitWave[] {
  const split: SplitWave[] = [];
  let from = 0;
  for (const wave of waves) {
    const to = Math.min(count, from + wanted(wave.size, count));
    if (to === from) continue;
    split.push({ ...wave, from, to });
    from = to;
  }
  return split;
}

function wanted(size: WaveSize, count: number): number {
  if (typeof size === 'number') return size;
  const percent = percentOf(size);
  return percent === undefined ? count : Math.ceil((count * percent) / 100);
}

/** The number of the wave that has this position. */
export function waveAt(waves: readonly SplitWave[], position: number): number {
  return waves.findIndex(({ from, to }) => position >= from && position < to);
}
