import { describe, expect, it } from '@jest/globals';
import { declarationProblems } from '../../../src/domain/rollouts/declaration-problems.js';
import { completeDeclaration, type Wave } from '../../../src/domain/rollouts/declaration.js';
import { reverseWaves } from '../../../src/domain/rollouts/reverse.js';
import { splitWaves } from '../../../src/domain/rollouts/split.js';

const all = (count: number) => new Set(Array.from({ length: count }, (_, i) => i));
const DEFAULT: readonly Wave[] = [{ name: 'canary', size: 1 }, { size: '10%' }, { size: 'rest' }];

describe('the waves of a rollback', () => {
  it.each<[string, readonly Wave[], number, ReadonlySet<number>, readonly Wave[]]>([
    [
      'begin with one item of the last wave, then take the rest of it and each wave before',
      DEFAULT,
      60,
      all(60),
      [{ name: 'canary', size: 1 }, { size: 52 }, { size: 6 }, { size: 'rest' }],
    ],
    ['are one for one item', DEFAULT, 60, new Set([0]), [{ size: 'rest' }]],
    [
      'leave out a wave of which nothing is undone',
      DEFAULT,
      60,
      new Set([0, 10, 11]),
      [{ name: 'canary', size: 1 }, { size: 1 }, { size: 'rest' }],
    ],
    [
      'have no wave that was not there where the last one has one item',
      DEFAULT,
      60,
      new Set([0, 1, 9]),
      [{ size: 1 }, { size: 1 }, { size: 'rest' }],
    ],
    [
      'have between two waves the soak time and the approval that stood there',
      [{ size: 1 }, { size: 2, soak: '30m' }, { size: 'rest', approval: true }],
      6,
      all(6),
      [{ name: 'canary', size: 1 }, { size: 2 }, { size: 2, approval: true }, { size: 'rest', soak: '30m' }],
    ],
  ])('%s', (_, waves, count, undone, reversed) =>
    expect(reverseWaves(splitWaves(waves, count), undone).waves).toEqual(reversed),
  );

  it('take the items of the last wave first, and those of one wave in their order', () =>
    expect(
      reverseWaves(splitWaves([{ size: 1 }, { size: 2 }, { size: 'rest' }], 6), new Set([0, 1, 2, 4, 5])).positions,
    ).toEqual([4, 5, 1, 2, 0]));

  it('can be carried out for every list, also one of which some items have no plan', () => {
    for (let count = 1; count <= 40; count++) {
      const most: Wave[] = [...Array.from({ length: 9 }, () => ({ size: 1 })), { size: 'rest' }];
      for (const waves of [DEFAULT, most, [{ size: 'rest' }]] as const) {
        const reversed = reverseWaves(splitWaves(waves, count), all(count));
        expect(reversed.positions).toHaveLength(count);
        for (let left = 1; left <= count; left++)
          expect(declarationProblems(completeDeclaration({ waves: reversed.waves }, count), left)).toEqual([]);
      }
    }
  });
});
