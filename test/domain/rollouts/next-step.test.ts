import { describe, expect, it } from '@jest/globals';
import type { Wave } from '../../../src/domain/rollouts/declaration.js';
import type { ItemStatus } from '../../../src/domain/rollouts/item-status.js';
import { nextStep, passKey, type ItemView, type RolloutView } from '../../../src/domain/rollouts/next-step.js';
import { splitWaves } from '../../../src/domain/rollouts/split.js';

const NOW = new Date('2026-01-02T12:00:00.000Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const WAVES: readonly Wave[] = [{ size: 1 }, { size: 3 }, { size: 'rest' }];

/** One letter an item: r ready, s started, f fixed, a already fine, x failed, ? unknown and open, n needs attention, u unreached, o left out. */
const LETTERS: Readonly<Record<string, readonly [ItemStatus, boolean]>> = {
  ...{ r: ['ready', false], s: ['started', true], f: ['fixed', false], a: ['already-fine', false] },
  ...{
    x: ['failed', false],
    '?': ['unknown', true],
    n: ['unknown', false],
    u: ['unreached', false],
    o: ['left-out', false],
  },
};
/** An upper-case letter is an item that a person excused. */
const itemOf = (letter: string, site: string): ItemView => {
  const [status, exposed] = LETTERS[letter.toLowerCase()] ?? ['ready', false];
  return { status, site, exposed, excused: letter !== letter.toLowerCase() };
};

interface Case extends Partial<Omit<RolloutView, 'items' | 'waves' | 'declaration'>> {
  readonly waves?: readonly Wave[];
  readonly budget?: Partial<RolloutView['declaration']['budget']>;
  readonly atOnce?: number;
  readonly perSite?: number;
  /** One letter for the site of each item; all at one site where it is absent. */
  readonly sites?: string;
}
const stepOf = (
  letters: string,
  { waves = WAVES, budget = {}, atOnce = 10, perSite, sites = '', ...more }: Case = {},
) =>
  nextStep({
    declaration: {
      budget: { failed: 0, unknown: 0, unreached: 0, ...budget },
      atOnce,
      ...(perSite ? { perSite } : {}),
    },
    waves: splitWaves(waves, letters.length),
    items: [...letters].map((letter, i) => itemOf(letter, sites[i] ?? 'a')),
    proved: [],
    passed: new Set(),
    held: false,
    aborted: false,
    until: at(60),
    now: NOW,
    ...more,
  });
const start = (wave: number, ...positions: readonly number[]) => ({ kind: 'start', wave, positions });
const wait = (what: string) => ({ kind: 'wait', for: what });
const pause = (code: string, wave: number, ...positions: readonly number[]) => ({
  kind: 'pause',
  code,
  wave,
  positions,
});
const one = [at(-10)];
const two = [at(-10), at(-5)];

describe('the next step of a rollout', () => {
  it.each<[string, string, Case, object]>([
    ['begins with the first wave', 'rrrrrr', {}, start(0, 0)],
    ['waits for its result', 'srrrrr', {}, wait('results')],
    ['waits for a proof that is still to come', 'srrrrr', {}, wait('results')],
    ['records that it is proved', 'frrrrr', {}, { kind: 'prove', wave: 0 }],
    ['then starts the next wave', 'frrrrr', { proved: one }, start(1, 1, 2, 3)],
    ['as far as there are places', 'frrrrr', { proved: one, atOnce: 2 }, start(1, 1, 2)],
    ['and the others as places are free', 'ffsrrr', { proved: one, atOnce: 2 }, start(1, 3)],
    [
      'starts no more at a site than it may, and what comes after it',
      'frrrrr',
      { proved: one, waves: [{ size: 1 }, { size: 'rest' }], perSite: 2, sites: 'aaaaab' },
      start(1, 1, 2, 5),
    ],
    [
      'counts at a site what runs there',
      'fssrrr',
      { proved: one, waves: [{ size: 1 }, { size: 'rest' }], perSite: 2, sites: 'aaabab' },
      start(1, 3, 5),
    ],
    ['and waits where each site is full', 'fssrrr', { proved: one, perSite: 2 }, wait('place')],
    ['and none while there is no place', 'fssrrr', { proved: one, atOnce: 2 }, wait('place')],
    [
      'counts an outcome that may still change as a place',
      'f?srrr',
      { proved: one, atOnce: 2, budget: { failed: 1, unknown: 1 } },
      wait('place'),
    ],
    [
      'and not one that waits for a person',
      'fnsrrr',
      { proved: one, atOnce: 2, budget: { failed: 1, unknown: 1 } },
      start(1, 3),
    ],
    ['waits for the last item of a wave', 'fffsrr', { proved: one }, wait('results')],
    ['starts the last wave', 'ffffrr', { proved: two }, start(2, 4, 5)],
    ['ends when nothing is left', 'ffffff', { proved: two }, { kind: 'end', as: 'finished' }],
    ['ends when what is left was taken out', 'ffoooo', { proved: one }, { kind: 'end', as: 'finished' }],
    [
      'ends with a failure within the budget',
      'fffffx',
      { proved: two, budget: { failed: 1 } },
      { kind: 'end', as: 'finished' },
    ],
    ['ends when the last result is over the budget', 'fffffx', { proved: two }, { kind: 'end', as: 'finished' }],
  ])('%s', (_, letters, more, step) => expect(stepOf(letters, more)).toEqual(step));
});

describe('the gate behind a wave', () => {
  it.each<[string, string, Case, object]>([
    ['stays shut where the canary failed', 'xrrrrr', { budget: { failed: 5 } }, pause('wave-not-proved', 0, 0)],
    ['stays shut where the canary was fine before', 'arrrrr', {}, pause('wave-not-proved', 0, 0)],
    [
      'stays shut where the canary was not reached',
      'urrrrr',
      { budget: { unreached: 6 } },
      pause('wave-not-proved', 0, 0),
    ],
    ['stays shut where the canary was taken out', 'orrrrr', {}, pause('wave-not-proved', 0, 0)],
    [
      'waits while an outcome is unknown',
      'ffn' + 'frr',
      { proved: one, budget: { failed: 2, unknown: 2 } },
      wait('results'),
    ],
    ['opens where a person excused it', 'ffNfrr', { proved: one }, { kind: 'prove', wave: 1 }],
    [
      'waits for an excused outcome that may still change',
      'ff?frr',
      { proved: one, budget: { failed: 2, unknown: 2 } },
      wait('results'),
    ],
    [
      'opens with one item fixed and others failed within the budget',
      'ffxurr',
      { proved: one, budget: { failed: 1, unreached: 1 } },
      { kind: 'prove', wave: 1 },
    ],
    [
      'stays shut where nothing of a later wave was fixed',
      'faxurr',
      { proved: one, budget: { failed: 1, unreached: 1 } },
      pause('wave-not-proved', 1, 1, 2, 3),
    ],
    [
      'stays shut behind a later wave of which nothing was started, too',
      'fooorr',
      { proved: one },
      pause('wave-not-proved', 1, 1, 2, 3),
    ],
    [
      'opens where a person decided so',
      'arrrrr',
      { passed: new Set([passKey(0, 'wave-not-proved')]) },
      { kind: 'prove', wave: 0 },
    ],
    [
      'and not by a decision about another wave',
      'arrrrr',
      { passed: new Set([passKey(1, 'wave-not-proved')]) },
      pause('wave-not-proved', 0, 0),
    ],
  ])('%s', (_, letters, more, step) => expect(stepOf(letters, more)).toEqual(step));
});

describe('soak time and approval before a wave', () => {
  const waves: readonly Wave[] = [{ size: 1 }, { size: 3, soak: '30m' }, { size: 'rest', approval: true }];

  it('starts nothing before the soak time is over', () => {
    expect(stepOf('frrrrr', { waves, proved: [at(-10)] })).toEqual({ ...wait('soak'), until: at(20) });
    expect(stepOf('frrrrr', { waves, proved: [at(-30)] })).toEqual(start(1, 1, 2, 3));
  });

  it('starts nothing of that wave where an item of it was taken out meanwhile', () =>
    expect(stepOf('forrrr', { waves, proved: [at(-10)] })).toEqual({ ...wait('soak'), until: at(20) }));

  it('asks a person before a wave that demands it, and starts it after the decision', () => {
    const proved = [at(-50), at(-10)];
    expect(stepOf('ffffrr', { waves, proved })).toEqual(pause('approval-due', 2));
    expect(stepOf('ffffro', { waves, proved })).toEqual(pause('approval-due', 2));
    expect(stepOf('ffffrr', { waves, proved, passed: new Set([passKey(2, 'approval-due')]) })).toEqual(start(2, 4, 5));
  });
});

describe('the budget', () => {
  it.each<[string, string, Case, object]>([
    ['is not used up by as many failures as it has', 'fxfrrr', { proved: one, budget: { failed: 1 } }, start(1, 3)],
    ['pauses at one more', 'fxxrrr', { proved: one, budget: { failed: 1 } }, pause('budget-exceeded', 1, 1, 2)],
    ['pauses while others are still running', 'fxssrr', { proved: one }, pause('budget-exceeded', 1, 1)],
    [
      'counts an unknown outcome as failed',
      'fx?rrr',
      { proved: one, budget: { failed: 1, unknown: 1 } },
      pause('budget-exceeded', 1, 1, 2),
    ],
    [
      'has a lower limit for unknown outcomes',
      'f?nrrr',
      { proved: one, budget: { failed: 3, unknown: 1 } },
      pause('budget-exceeded', 1, 1, 2),
    ],
    [
      'counts what was not reached by itself',
      'fuurrr',
      { proved: one, budget: { failed: 3, unreached: 1 } },
      pause('budget-exceeded', 1, 1, 2),
    ],
    ['counts over all waves', 'fxffxr', { proved: two, budget: { failed: 1 } }, pause('budget-exceeded', 2, 1, 4)],
    ['does not count what a person excused', 'fXfrrr', { proved: one }, start(1, 3)],
  ])('%s', (_, letters, more, step) => expect(stepOf(letters, more)).toEqual(step));
});

describe('pause, abort and the end of the window', () => {
  it.each<[string, string, Case, object]>([
    ['a pause starts nothing', 'frrrrr', { proved: one, held: true }, wait('person')],
    ['a pause records no wave as proved', 'frrrrr', { held: true }, wait('person')],
    ['a pause does not keep a finished rollout open', 'ffffff', { held: true }, { kind: 'end', as: 'finished' }],
    ['an abort waits for what runs', 'fsrrrr', { proved: one, aborted: true }, wait('results')],
    ['then ends', 'ffrrrr', { proved: one, aborted: true }, { kind: 'end', as: 'aborted' }],
    [
      'an abort beats a pause and the budget',
      'fxrrrr',
      { proved: one, aborted: true, held: true },
      { kind: 'end', as: 'aborted' },
    ],
    [
      'nothing starts from the end of the window on',
      'frrrrr',
      { proved: one, until: NOW },
      { kind: 'end', as: 'window-over' },
    ],
    ['and what runs then is waited for', 'fsrrrr', { proved: one, until: NOW }, wait('results')],
    [
      'the window ends a paused rollout',
      'frrrrr',
      { proved: one, until: NOW, held: true },
      { kind: 'end', as: 'window-over' },
    ],
  ])('%s', (_, letters, more, step) => expect(stepOf(letters, more)).toEqual(step));
});
