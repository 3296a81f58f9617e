import { describe, expect, it } from '@jest/globals';
import { createPatience } from '../support/patience.js';
import { MUTANTS } from './mutants/index.js';
import { ORDER } from './sets/all.js';
import { countsOf, SMALL, SMALL_MUTANTS } from './sets/counts.js';
import { SETS } from './sets/index.js';
import { mostLanes, playInLanes } from './sets/lanes.js';

describe('the plan of a fault run', () => {
  const sets = Object.keys(SETS).sort();

  it('has every set, at any counts', () => {
    expect([...ORDER].sort()).toEqual(sets);
    expect(Object.keys(SMALL).sort()).toEqual(sets);
  });

  it('has only existing mutants at small counts', () =>
    expect(SMALL_MUTANTS.filter((name) => !MUTANTS.some((mutant) => mutant.name === name))).toEqual([]));

  it('has a part of the release counts, or the set’s own count where there is none', () => {
    expect(countsOf({ release: 0.5 }, 'stop')).toEqual({ rounds: 500 });
    expect(countsOf({ release: 0.5 }, 'keys')).toEqual({});
    expect(countsOf('usual', 'stop')).toEqual({});
  });
});

describe('lanes', () => {
  it.each([
    [1, 3],
    [2, 5],
    [64, 10],
  ])('on %i cores: %i', (cores, lanes) => expect(mostLanes(cores)).toBe(lanes));

  it('play every task once, so many at a time', async () => {
    const played: number[] = [];
    let now = 0;
    let most = 0;
    const task = (n: number) => async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
      played.push(n);
    };
    await playInLanes(
      Array.from({ length: 7 }, (_, n) => task(n)),
      3,
    );
    expect(played.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBeLessThanOrEqual(3);
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
