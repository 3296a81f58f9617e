import { describe, expect, it } from '@jest/globals';
import { createPatience } from '../support/patience.js';
import { MUTANTS } from './mutants/index.js';
import { ORDER } from './sets/all.js';
import { countsOf, SMALL, SMALL_MUTANTS } from './sets/counts.js';
import { SETS } from './sets/index.js';
import { mostWeight, playInLanes } from './sets/lanes.js';

describe('the plan of a fault run', () => {
  const sets = Object.keys(SETS).sort();

  it('has every set, at any counts', () => {
    expect(ORDER.map(([name]) => name).sort()).toEqual(sets);
    expect(Object.keys(SMALL).sort()).toEqual(sets);
  });

  it('has only existing mutants at small counts', () =>
    expect(SMALL_MUTANTS.filter((name) => !MUTANTS.some((mutant) => mutant.name === name))).toEqual([]));

  it('has a part of the release counts, or the set’s own count where there is none', () => {
    expect(countsOf({ release: 0.5 }, 'stop')).toEqual({ rounds: 500 });
    expect(countsOf({ release: 0.5 }, 'keys')).toEqual({});
    expect(countsOf('usual', 'stop')).toEqual({});
    expect(countsOf('usual', 'points')).toEqual({ rounds: 1 });
  });
});

describe('lanes', () => {
  it.each([
    [1, 2],
    [2, 4],
    [64, 10],
  ])('bear on %i cores a weight of %i', (cores, weight) => expect(mostWeight(cores)).toBe(weight));

  /** Plays tasks of these weights; in which order they began, and the most that they weighed together. */
  async function play(weights: readonly number[], limit: number, isBusy = false) {
    const begun: number[] = [];
    let now = 0;
    let most = 0;
    const tasks = weights.map((weight, n) => ({
      weight,
      async play() {
        begun.push(n);
        most = Math.max(most, (now += weight));
        await new Promise((resolve) => setTimeout(resolve, 1));
        now -= weight;
      },
    }));
    await playInLanes(tasks, limit, () => isBusy);
    return { begun, most };
  }

  it('play every task once, as many at a time as weigh no more than the limit', async () => {
    const { begun, most } = await play([1, 1, 1, 1, 1, 1, 1], 3);
    expect([...begun].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('begin what fits while something heavier waits, and what is heavier than the limit alone', async () => {
    expect(await play([2, 3, 1], 3)).toEqual({ begun: [0, 2, 1], most: 3 });
    expect(await play([5, 1], 3)).toEqual({ begun: [0, 1], most: 5 });
  });

  it('begin one after the other on a machine that is busy with something else', async () => {
    expect(await play([1, 1, 1], 3, true)).toEqual({ begun: [0, 1, 2], most: 1 });
  });
});

describe('patience', () => {
  it('ends when a figure stands still, not when time passes', async () => {
    const patience = createPatience('a figure', 30);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    for (let figure = 0; figure < 4; figure++) {
      expect(patience.isOver(figure)).toBe(false);
      await pause();
    }
    await pause();
    expect(patience.isOver(3)).toBe(true);
    expect(() => patience.check(3)).toThrow('a figure');
  });
});
