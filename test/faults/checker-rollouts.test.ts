import { describe, expect, it } from '@jest/globals';
import { listProofs, listRoot } from '../../src/domain/rollout-list.js';
import type { FinalRollout, Ledgers } from './checker/ledgers.js';
import { isListed, rootOf } from './checker/plan-list.js';
import { judge } from './checker/verdict.js';
import { chain, type Said } from './made-log.js';
import {
  ROLLOUT,
  jobOf,
  COUNT,
  planOf,
  approved,
  granted,
  changed,
  ended,
  item,
  wave,
  paused,
  resumed,
  BEGIN,
  SECOND,
  STORY,
  answer,
  effect,
  shown,
  planRead,
  FINAL,
  GOOD,
  type ItemOptions,
} from './made-rollout.js';

const rollout = (more: Partial<FinalRollout>) => ({ rollouts: [{ ...FINAL, ...more }] });
const without = (action: string) => ({ audit: chain(STORY.filter((said) => said.action !== action)) });
const instead = (said: Said) => ({ audit: chain(STORY.map((one) => (one.action === said.action ? said : one))) });
const ofItem = (index: number, options: ItemOptions) => ({
  audit: chain(
    STORY.map((one) => (one.action === 'job.approved' && one.job === jobOf(index) ? granted(index, options) : one)),
  ),
});
/** The canary fails, and this follows. */
const afterFailure = (...said: readonly Said[]): Partial<Ledgers> => ({
  ...rollout({ state: 'paused', items: shown({ 0: 'failed' }) }),
  audit: chain([...BEGIN, ...item(0, { end: 'job.failed' }), ...said]),
  jobs: GOOD.jobs.map((job) => (job.id === jobOf(0) ? { ...job, state: 'failed', outcome: null } : job)),
});
const REST = [1, 2, 3].flatMap((index) => item(index));

describe('the checker of rollouts', () => {
  it('passes a correct rollout', () => {
    expect(judge(GOOD)).toMatchObject({ ok: true, problems: [], acknowledged: 2, jobs: COUNT, effects: COUNT });
  });

  it('passes one that was resumed without the item that failed', () => {
    const ledgers = afterFailure(paused('wave-not-proved'), resumed([0]), ...SECOND, ...REST);
    expect(judge({ ...GOOD, ...ledgers })).toMatchObject({ ok: true, problems: [] });
  });

  const untouched = GOOD.lines.filter(({ object }) => object !== 'o3');
  const wrong: readonly [string, keyof ReturnType<typeof judge>, RegExp, Partial<Ledgers>][] = [
    [
      'a rollout that was acknowledged and has no event',
      'lost',
      /was acknowledged and is not in the log/,
      without('rollout.submitted'),
    ],
    ['a rollout that was acknowledged and is gone', 'lost', /is not there/, rollout({ status: 404, items: [] })],
    ['a rollout that never came to rest', 'lost', /goes nowhere/, rollout({ state: 'running' })],
    ['a rollout that lacks an item', 'lost', /3 of its 4 items/, rollout({ items: shown().slice(1) })],
    ['an item whose job is gone', 'lost', /of rollout .* is not there/, { jobs: GOOD.jobs.slice(1) }],
    ['an item that was never submitted', 'lost', /of rollout .* is not in the log/, without('job.submitted')],
    [
      'a decision that was acknowledged and has no event',
      'lost',
      /the decision of approver/,
      without('rollout.decided'),
    ],
    [
      'an abort that was acknowledged and has no event',
      'lost',
      /the abort of operator/,
      {
        answers: [
          ...GOOD.answers,
          { ...answer, who: 'operator', path: `/v1/rollouts/${ROLLOUT}/abort`, status: 200, job: ROLLOUT },
        ],
      },
    ],
    [
      'items of a rollout that nobody approved',
      'unapproved',
      /of a rollout that nobody approved/,
      without('rollout.approved'),
    ],
    [
      'an approval of another rollout',
      'unapproved',
      /without a valid grant of its own/,
      instead(approved({ signedAs: jobOf(9) })),
    ],
    [
      'an approval with a signature of somebody else',
      'unapproved',
      /without a valid grant of its own/,
      instead({ ...approved(), data: { ...approved().data, signature: 'AAAA' } }),
    ],
    [
      'an approval by the requester',
      'unapproved',
      /its requester approved it/,
      instead(approved({ approvers: ['operator'] })),
    ],
    ['an approval by too few people', 'unapproved', /1 of 2 people approved it/, instead(approved({ needed: 2 }))],
    [
      'two approvals of one rollout',
      'unapproved',
      /without a valid grant of its own/,
      { audit: chain([...STORY, approved()]) },
    ],
    [
      'an item whose plan is not in the approved list',
      'unapproved',
      /changed something and is not in the approved list/,
      {
        ...ofItem(3, { plan: planOf(3, 'w') }),
        answers: [...GOOD.answers, planRead(3, planOf(3, 'w'))],
        lines: [...untouched, effect(3, 'w')],
      },
    ],
    [
      'an item in the place of another',
      'unapproved',
      /for a plan that is not in the approved list/,
      ofItem(3, { position: 2 }),
    ],
    ['an item of another wave than its place', 'unapproved', /of another wave/, ofItem(3, { wave: 0 })],
    [
      'an item that was granted under another approval',
      'unapproved',
      /of a rollout that nobody approved/,
      ofItem(3, { grant: 'other' }),
    ],
    [
      'an item whose grant ends later than its rollout',
      'unapproved',
      /that ends after its rollout/,
      ofItem(3, { executeBy: '2100-01-01T00:00:00.000Z' }),
    ],
    [
      'a wave that began before the one before had ended',
      'unapproved',
      /of wave 1 while job .* had not ended/,
      { audit: chain([...BEGIN, granted(0), ...changed(0), ...REST, ended(0)]) },
    ],
    [
      'a wave that began although nothing was fixed before',
      'unapproved',
      /while nothing of wave 0 was fixed/,
      afterFailure(...SECOND, ...REST),
    ],
    [
      'a rollout that continued when its budget was used up',
      'unapproved',
      /after its budget was used up/,
      {
        audit: chain([...BEGIN, ...item(0), ...SECOND, ...item(1, { end: 'job.failed' }), ...item(2), ...item(3)]),
        jobs: GOOD.jobs.map((job) => (job.id === jobOf(1) ? { ...job, state: 'failed', outcome: null } : job)),
        ...rollout({ items: shown({ 1: 'failed' }) }),
      },
    ],
    [
      'a resume by too few people',
      'unapproved',
      /without the people that it needs/,
      afterFailure(paused('wave-not-proved'), resumed([0], []), ...SECOND, ...REST),
    ],
    [
      'a resume by the requester',
      'unapproved',
      /without the people that it needs/,
      afterFailure(paused('wave-not-proved'), resumed([0], ['operator']), ...SECOND, ...REST),
    ],
    ['a wave that counts as proved and is not', 'untrue', /counts as proved while/, afterFailure(wave('proved', 0))],
    [
      'an item that is shown as fixed and is not',
      'untrue',
      /as fixed; the log does not/,
      {
        audit: chain(
          STORY.map((one) => (one.job === jobOf(3) && one.action === 'job.succeeded' ? { ...one, data: {} } : one)),
        ),
      },
    ],
  ];
  it.each(wrong)('finds %s', (_what, figure, problem, change) => {
    const verdict = judge({ ...GOOD, ...change });
    expect(verdict.ok).toBe(false);
    expect(verdict[figure]).toBeGreaterThan(0);
    expect(verdict.problems).toContainEqual(expect.stringMatching(problem));
  });

  it('lets one batch begin that was signed before the failure was known', () => {
    const audit = chain([
      ...[...BEGIN, ...item(0), ...SECOND, granted(1), ...changed(1), ended(1, 'job.failed'), ...item(2)],
    ]);
    const jobs = GOOD.jobs.map((job) => (job.id === jobOf(1) ? { ...job, state: 'failed', outcome: null } : job));
    const lines = untouched;
    const verdict = judge({
      ...GOOD,
      audit,
      jobs,
      lines,
      ...rollout({ items: shown({ 1: 'failed', 3: 'left-out' }) }),
    });
    expect(verdict.unapproved).toBe(0);
  });

  it('follows a proof to the root of the list, for every place in lists of several sizes', () => {
    for (const size of [1, 2, 3, 5, 8]) {
      const list = Array.from({ length: size }, (_, index) => ({ index, job: `job ${index}`, plan: `plan ${index}` }));
      const root = rootOf(list);
      expect(root).toBe(listRoot(list));
      for (const [position, plan] of list.entries()) {
        const [proof = []] = listProofs(list, [position]);
        const place = { root, count: size, position, proof };
        expect(isListed(plan, place)).toBe(true);
        expect(isListed({ ...plan, plan: 'another' }, place)).toBe(false);
      }
    }
  });
});
