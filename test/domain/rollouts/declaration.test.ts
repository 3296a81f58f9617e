import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completeDeclaration, type AskedDeclaration, type Wave } from '../../../src/domain/rollouts/declaration.js';
import { declarationLike } from '../../../src/domain/rollouts/declaration-like.js';
import { declarationProblems } from '../../../src/domain/rollouts/declaration-problems.js';
import { approvalsForList, mostInFirstWave, mostItems } from '../../../src/domain/rollouts/limits.js';
import { parseWaves, wavesText } from '../../../src/domain/rollouts/parse-waves.js';
import { splitWaves, waveAt } from '../../../src/domain/rollouts/split.js';

const sizes = (waves: readonly Wave[], count: number) => splitWaves(waves, count).map(({ from, to }) => to - from);
const of = (...all: readonly Wave['size'][]): readonly Wave[] => all.map((size) => ({ size }));

describe('the waves of a list', () => {
  it.each<[string, readonly Wave['size'][], number, readonly number[]]>([
    ['a canary, a tenth, the rest', [1, '10%', 'rest'], 60, [1, 6, 53]],
    ['a percentage of the whole list, rounded up', [1, '10%', 'rest'], 41, [1, 5, 35]],
    ['as many as there are', [1, '50%', '60%', 'rest'], 10, [1, 5, 4]],
    ['no wave without an item', [1, 5, 'rest'], 3, [1, 2]],
    ['one item', [1, '10%', 'rest'], 1, [1]],
    ['everything at once', ['rest'], 7, [7]],
    ['none of an empty list', [1, 'rest'], 0, []],
  ])('are %s', (_, declared, count, split) => expect(sizes(of(...declared), count)).toEqual(split));

  it('hold each position once, in order', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 100 }).map((n) => `${n}%`),
    );
    fc.assert(
      fc.property(fc.array(size, { maxLength: 9 }), fc.integer({ min: 0, max: 500 }), (declared, count) => {
        const waves = splitWaves(of(...declared, 'rest'), count);
        const numbers = Array.from({ length: count }, (_, at) => waveAt(waves, at));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers.every((wave) => wave >= 0 && wave < waves.length)).toBe(true);
        expect(waves.every(({ from, to }) => to > from)).toBe(true);
      }),
    );
  });
});

describe('what a requester leaves out', () => {
  it('is one item, a tenth and the rest, without a failure', () => {
    expect(completeDeclaration({}, 60)).toEqual({
      waves: [{ name: 'canary', size: 1 }, { size: '10%' }, { size: 'rest' }],
      budget: { failed: 0, unknown: 0, unreached: 6 },
      atOnce: 10,
      window: '8h',
    });
  });

  it('lets as many outcomes be unknown as may fail', () => {
    expect(completeDeclaration({ budget: { failed: 3 } }, 60).budget).toEqual({ failed: 3, unknown: 3, unreached: 6 });
    expect(completeDeclaration({ budget: { failed: 3, unknown: 1 } }, 60).budget.unknown).toBe(1);
  });

  it.each([1, 2, 9, 10, 11, 60, 500])('can be carried out for %i items', (count) =>
    expect(declarationProblems(completeDeclaration({}, count), count)).toEqual([]),
  );
});

describe('a declaration', () => {
  const paths = (asked: AskedDeclaration, count = 60) =>
    declarationProblems(completeDeclaration(asked, count), count).map(({ path }) => path);

  it.each<[string, AskedDeclaration, readonly string[]]>([
    ['no wave', { waves: [] }, ['/waves']],
    ['eleven waves', { waves: [...of(...Array<number>(10).fill(1)), { size: 'rest' }] }, ['/waves']],
    ['everything at once', { waves: of('rest') }, ['/waves']],
    ['a first wave of more than a tenth', { waves: of(7, 'rest') }, ['/waves']],
    ['a first wave of 11 %', { waves: of('11%', 'rest') }, ['/waves']],
    ['no rest', { waves: of(1, 2) }, ['/waves/1/size']],
    ['waves after the rest', { waves: of(1, 'rest', 'rest') }, ['/waves/1/size']],
    ['a size of 0', { waves: of(1, 0, 'rest') }, ['/waves/1/size']],
    ['half an item', { waves: of(1, 1.5, 'rest') }, ['/waves/1/size']],
    ['0 %', { waves: of(1, '0%', 'rest') }, ['/waves/1/size']],
    ['101 %', { waves: of(1, '101%', 'rest') }, ['/waves/1/size']],
    ['a word that is no size', { waves: of(1, 'all', 'rest') }, ['/waves/1/size']],
    ['a soak time that is none', { waves: [{ size: 1 }, { size: 'rest', soak: 'soon' }] }, ['/waves/1/soak']],
    ['a soak time of two days', { waves: [{ size: 1 }, { size: 'rest', soak: '2d' }] }, ['/waves/1/soak']],
    ['a soak time before the first wave', { waves: [{ size: 1, soak: '1m' }, { size: 'rest' }] }, ['/waves']],
    ['an approval before the first wave', { waves: [{ size: 1, approval: true }, { size: 'rest' }] }, ['/waves']],
    ['a negative budget', { budget: { failed: -1, unknown: -1 } }, ['/budget/failed', '/budget/unknown']],
    ['a budget that is no number', { budget: { failed: NaN, unknown: 0 } }, ['/budget/failed']],
    ['more unknown than failed', { budget: { failed: 1, unknown: 2 } }, ['/budget/unknown']],
    ['nothing at once', { atOnce: 0 }, ['/atOnce']],
    ['everything at once by atOnce', { atOnce: 51 }, ['/atOnce']],
    ['nothing at a site', { perSite: 0 }, ['/perSite']],
    ['a window of four days', { window: '4d' }, ['/window']],
    ['a window without a unit', { window: '8' }, ['/window']],
  ])('may not have %s', (_, asked, wrong) => expect(paths(asked)).toEqual(wrong));

  it('may be one wave where there is one item', () => expect(paths({ waves: of('rest') }, 1)).toEqual([]));
});

describe('waves as a person writes them', () => {
  it.each<[string, readonly Wave[]]>([
    ['canary: 1, then 10 %, then rest', [{ name: 'canary', size: 1 }, { size: '10%' }, { size: 'rest' }]],
    ['1, 10%, rest', of(1, '10%', 'rest')],
    ['1 then rest', of(1, 'rest')],
    [
      'canary: 2, then pilot: 10% soak 30m, then rest soak 2h approval',
      [
        { name: 'canary', size: 2 },
        { name: 'pilot', size: '10%', soak: '30m' },
        { size: 'rest', soak: '2h', approval: true },
      ],
    ],
    ['rest', of('rest')],
  ])('%s', (text, waves) => {
    expect(parseWaves(text)).toEqual({ ok: true, value: waves });
    expect(parseWaves(wavesText(waves))).toEqual({ ok: true, value: waves });
  });

  it.each([
    ['', ''],
    ['1, then', 'then'],
    ['one, rest', 'one'],
    ['1, 10 percent, rest', '10 percent'],
    ['1, rest soak', 'rest soak'],
    ['1, rest soak 1m soak 2m', 'rest soak 1m soak 2m'],
    ['1, rest approval approval', 'rest approval approval'],
    ['1, -5, rest', '-5'],
  ])('names what is no wave in "%s"', (text, part) => expect(parseWaves(text)).toEqual({ ok: false, error: part }));
});

describe('the limits', () => {
  it('are 500 items, 50 of risk R2 and 10 of R3', () =>
    expect((['R0', 'R1', 'R2', 'R3'] as const).map(mostItems)).toEqual([500, 500, 50, 10]));

  it('demand two approvers for more than 10 items', () => {
    expect([1, 10, 11, 500].map((count) => approvalsForList(count, 1))).toEqual([1, 1, 2, 2]);
    expect(approvalsForList(11, 3)).toBe(3);
    expect(approvalsForList(1, 0)).toBe(1);
  });

  it('let a first wave have one item or a tenth', () =>
    expect([1, 9, 10, 19, 20, 60, 500].map(mostInFirstWave)).toEqual([1, 1, 1, 1, 2, 6, 50]));
});

describe('the declaration of a repeat', () => {
  const earlier = completeDeclaration(
    {
      waves: [{ size: 2 }, { size: 'rest', soak: '30m' }],
      budget: { failed: 3, unreached: 5 },
      atOnce: 4,
      perSite: 3,
      window: '2h',
    },
    60,
  );

  it('is that of the rollout that is repeated', () => expect(declarationLike(earlier, {}, 30)).toEqual(earlier));

  it('has what is asked for anew', () => {
    const asked = {
      waves: [{ size: 1 }, { size: 'rest' }],
      budget: { failed: 1 },
      atOnce: 2,
      perSite: 1,
      window: '1h',
    };
    expect(declarationLike(earlier, asked, 30)).toEqual({ ...asked, budget: { failed: 1, unknown: 1, unreached: 5 } });
  });

  it('has the default waves where those before begin with too many of what is left', () => {
    expect(declarationLike(earlier, {}, 5).waves).toEqual(completeDeclaration({}, 5).waves);
    expect(declarationProblems(declarationLike(earlier, {}, 1), 1)).toEqual([]);
  });
});
