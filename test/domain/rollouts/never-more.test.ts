import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { completeDeclaration, type Declaration } from '../../../src/domain/rollouts/declaration.js';
import { declarationProblems } from '../../../src/domain/rollouts/declaration-problems.js';
import type { ItemStatus } from '../../../src/domain/rollouts/item-status.js';
import {
  countedResults,
  nextStep,
  overBudget,
  passKey,
  type RolloutView,
} from '../../../src/domain/rollouts/next-step.js';
import { splitWaves, waveAt, type SplitWave } from '../../../src/domain/rollouts/split.js';

/**
 * A rollout is played to its end in many ways: items end in any order and in any way, people pause, take out, excuse and resume
 * at any moment. What must not happen is checked at every start.
 */

type End = Extract<ItemStatus, 'fixed' | 'already-fine' | 'failed' | 'unknown' | 'unreached' | 'left-out'>;
interface Item {
  readonly site: string;
  status: ItemStatus;
  exposed: boolean;
  excused: boolean;
  readonly end: End;
}

interface Play {
  readonly count: number;
  readonly declaration: Declaration;
  readonly ends: readonly End[];
  /** What happens between two steps of authority. */
  readonly happenings: readonly number[];
}

const END = fc.oneof(
  { weight: 12, arbitrary: fc.constant<End>('fixed') },
  { weight: 3, arbitrary: fc.constantFrom<End>('failed', 'unknown', 'unreached', 'already-fine', 'left-out') },
);
const PLAY: fc.Arbitrary<Play> = fc
  .record({
    count: fc.integer({ min: 1, max: 60 }),
    second: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom('10%', '25%', '50%')),
    soak: fc.boolean(),
    approval: fc.boolean(),
    failed: fc.integer({ min: 0, max: 5 }),
    unknown: fc.integer({ min: 0, max: 5 }),
    unreached: fc.integer({ min: 0, max: 5 }),
    atOnce: fc.integer({ min: 1, max: 12 }),
    perSite: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    ends: fc.array(END, { minLength: 60, maxLength: 60 }),
    happenings: fc.array(fc.nat({ max: 99 }), { minLength: 20, maxLength: 120, size: 'max' }),
  })
  .map(({ count, second, soak, approval, failed, unknown, unreached, atOnce, perSite, ends, happenings }) => ({
    ...{ count, ends, happenings },
    declaration: completeDeclaration(
      {
        ...(perSite === undefined ? {} : { perSite }),
        ...{ atOnce, budget: { failed, unknown: Math.min(failed, unknown), unreached } },
        ...(count < 3
          ? {}
          : { waves: [{ size: 1 }, { size: second, ...(soak ? { soak: '5m' } : {}) }, { size: 'rest', approval }] }),
      },
      count,
    ),
  }))
  .filter(({ declaration, count }) => declarationProblems(declaration, count).length === 0);

const SCALE = 60_000;

function play({ count, declaration, ends, happenings }: Play) {
  const items: Item[] = Array.from({ length: count }, (_, at) => {
    return { site: `site-${at % 3}`, status: 'ready', exposed: false, excused: false, end: ends[at] ?? 'fixed' };
  });
  const waves = splitWaves(declaration.waves, count);
  const proved: Date[] = [];
  const passed = new Set<string>();
  const started = new Map<number, number>();
  let [pause, aborted, minutes, ended] = [undefined as string | undefined, false, 0, undefined as string | undefined];
  const view = (): RolloutView => ({
    ...{ declaration, waves, items, proved, passed, aborted, held: pause !== undefined },
    ...{ until: new Date(600 * SCALE), now: new Date(minutes * SCALE) },
  });
  const step = () => {
    const next = nextStep(view());
    if (next.kind === 'start') {
      checkStart(
        { waves, items, started, passed, declaration, proved, view: view(), minutes },
        next.wave,
        next.positions,
      );
      for (const at of next.positions) {
        started.set(at, (started.get(at) ?? 0) + 1);
        Object.assign(items[at] as Item, { status: 'started', exposed: true });
      }
    }
    if (next.kind === 'prove') proved.push(new Date(minutes * SCALE));
    if (next.kind === 'pause') pause = passKey(next.wave, next.code);
    if (next.kind === 'end') ended = next.as;
  };
  for (const happening of happenings) {
    for (let i = 0; i < 3 && ended === undefined; i++) step();
    if (ended !== undefined) break;
    happen(happening);
  }
  return { started, items, ended, counted: countedResults(items) };

  function happen(what: number): void {
    minutes += what % 7;
    const open = items.filter(({ exposed }) => exposed);
    if (what < 70) {
      for (const item of open.slice(0, 1 + (what % 5))) endItem(item);
    } else if (what < 74) {
      const ready = items.find(({ status }) => status === 'ready');
      if (ready && what === 70) ready.status = 'left-out';
    } else if (what < 76) pause ??= 'person';
    else if (what === 76) aborted = true;
    else if (what < 80) items.filter(({ status }) => status === 'unknown').forEach((item) => (item.exposed = false));
    else goOn();
  }

  function endItem(item: Item): void {
    item.status = item.end;
    item.exposed = item.end === 'unknown';
  }

  /** A person ends the pause; where the budget is used up they excuse what used it. */
  function goOn(): void {
    if (pause === undefined) return;
    if (pause !== 'person') passed.add(pause);
    pause = undefined;
    const over = overBudget(view());
    if (over?.kind === 'pause') for (const at of over.positions) (items[at] as Item).excused = true;
  }
}

interface Moment {
  readonly waves: readonly SplitWave[];
  readonly items: readonly Item[];
  readonly started: ReadonlyMap<number, number>;
  readonly passed: ReadonlySet<string>;
  readonly declaration: Declaration;
  readonly proved: readonly Date[];
  readonly view: RolloutView;
  readonly minutes: number;
}

/** Everything that must hold when items are started, said without the code under test. */
function checkStart(moment: Moment, wave: number, positions: readonly number[]): void {
  const { waves, items, started, passed, declaration, proved, view, minutes } = moment;
  must(!view.held && !view.aborted && minutes < 600, 'nothing starts while it is paused, after an abort or the window');
  must(positions.length > 0, 'a start has an item');
  for (const at of positions) {
    must(!started.has(at) && items[at]?.status === 'ready', 'an item starts once');
    must(waveAt(waves, at) === wave, 'an item starts with its wave');
  }
  const exposed = items.filter((item) => item.exposed).length + positions.length;
  must(exposed <= declaration.atOnce, 'no more at once than declared');
  const running = items.filter((item, at) => item.exposed || positions.includes(at));
  for (const site of ['site-0', 'site-1', 'site-2'])
    must(
      running.filter((item) => item.site === site).length <= (declaration.perSite ?? Infinity),
      'no more at once at one site than declared',
    );
  const counts = items.filter(({ excused }) => !excused).map(({ status }) => status);
  const many = (...of: readonly ItemStatus[]) => counts.filter((status) => of.includes(status)).length;
  must(many('failed', 'unknown') <= declaration.budget.failed, 'the budget for failures');
  must(many('unknown') <= declaration.budget.unknown, 'the budget for unknown outcomes');
  must(many('unreached') <= declaration.budget.unreached, 'the budget for what was not reached');
  for (const [number, { from, to }] of waves.slice(0, wave).entries()) {
    const before = items.slice(from, to);
    must(
      before.every((item) => !item.exposed && item.status !== 'ready'),
      'the waves before have ended',
    );
    must(
      before.every(({ status, excused }) => status !== 'unknown' || excused),
      'no outcome before is unknown',
    );
    const decided = passed.has(passKey(number, 'wave-not-proved'));
    must(decided || before.some(({ status }) => status === 'fixed'), 'the waves before are proved');
  }
  const { soak, approval } = waves[wave] ?? {};
  const since = minutes * SCALE - (proved[wave - 1]?.getTime() ?? 0);
  must(soak === undefined || since >= 5 * SCALE, 'the soak time is over');
  must(approval !== true || passed.has(passKey(wave, 'approval-due')), 'a person approved the wave');
}

/** Thousands of cases look thousands of times: `expect` would take a minute. */
function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken: ${rule}`);
}

it('never starts more items than were approved, and enforces the budget at most one batch late', () => {
  let [finished, stopped] = [0, 0];
  fc.assert(
    fc.property(PLAY, (one) => {
      const { started, items, ended, counted } = play(one);
      const inList = [...started].every(([at, times]) => times === 1 && at >= 0 && at < one.count);
      must(inList, 'each item once, and none that was not approved');
      const { budget, atOnce } = one.declaration;
      must(counted.failed.length <= budget.failed + atOnce, 'failures are one batch late at most');
      must(counted.unreached.length <= budget.unreached + atOnce, 'what was not reached is one batch late at most');
      if (ended !== 'finished') return void (stopped += 1);
      finished += 1;
      must(
        items.every(({ status }) => status !== 'ready'),
        'nothing is left at the end',
      );
    }),
    { numRuns: 1000 },
  );
  // The cases reach both ends.
  expect(Math.min(finished, stopped)).toBeGreaterThan(50);
});
