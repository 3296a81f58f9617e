import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canTransition,
  invariantViolation,
  isTerminal,
  SCAN_STATES,
  STATES,
  type State,
} from '../../../src/domain/job.js';
import { jobDigest } from '../../../src/domain/request.js';
import { countStatuses, ITEM_STATUSES, scanStatusOf } from '../../../src/domain/scans/item-status.js';
import { longestDeferral } from '../../../src/domain/scans/limits.js';
import { scanDigest, scanItemsDigest } from '../../../src/domain/scans/request.js';
import { trendOf, type Finding } from '../../../src/domain/scans/trend.js';
import { jobOf, NOW } from '../../support/job-views.js';

const PLACE = { id: '00000000-0000-7000-8000-0000000000bb', index: 0 };
const { grantJti: _, ...ungranted } = jobOf();
const scanJob = (state: State, more: object = {}) =>
  ({ ...ungranted, kind: 'scan', state, scan: PLACE, ...more }) as const;

describe('a job of a scan', () => {
  test.each(STATES.map((state) => [state] as const))(
    'in the state %s is allowed only where nothing is changed',
    (state) => {
      const timers = { nextTryAt: NOW, until: NOW, code: 'unreachable', outcome: 'fixed' } as const;
      const allowed = invariantViolation(scanJob(state, timers)) === undefined;
      expect(allowed).toBe(SCAN_STATES.includes(state));
    },
  );

  it('has no grant in any state, and a place that no other job has', () => {
    for (const state of STATES) expect(invariantViolation(scanJob(state, { grantJti: 'grant-1' }))).toBeDefined();
    expect(invariantViolation({ ...ungranted, kind: 'scan', state: 'planning' })).toBeDefined();
    expect(invariantViolation({ ...ungranted, state: 'planning', scan: PLACE })).toBeDefined();
    expect(invariantViolation({ ...ungranted, state: 'drifted' })).toBeDefined();
    const { plan: __, ...unplanned } = scanJob('drifted');
    expect(invariantViolation(unplanned)).toBeDefined();
  });

  it('cannot come from a state of a scan to one in which something is granted but through those that it may not have', () => {
    const next = SCAN_STATES.flatMap((from) => STATES.filter((to) => canTransition(from, to)));
    const outside = new Set(next.filter((to) => !SCAN_STATES.includes(to)));
    // Each of them is refused by the rule above, and by the database.
    expect([...outside].sort()).toEqual(['awaiting-approval', 'queued']);
    expect(isTerminal('drifted')).toBe(true);
  });

  it('has another digest than the same request as a repair, and one for each place', () => {
    const scan = scanJob('planning');
    const { scan: __, ...repair } = { ...scan, kind: 'remediation' } as const;
    const digests = [
      scan,
      repair,
      { ...scan, scan: { ...PLACE, index: 1 } },
      { ...scan, kind: 'remediation' as const },
    ];
    expect(new Set(digests.map(jobDigest)).size).toBe(4);
  });

  it('waits for its target a quarter of an hour at most, and any other job as its runbook says', () => {
    const hour = 3_600_000;
    expect(longestDeferral({ kind: 'scan' }, 24 * hour)).toBe(hour / 4);
    expect(longestDeferral({ kind: 'scan' }, 5000)).toBe(5000);
    expect(longestDeferral({ kind: 'remediation' }, 24 * hour)).toBe(24 * hour);
  });
});

describe('what a scan found', () => {
  test.each([
    ['planning', undefined, 'planning'],
    ['deferred', 'unreachable', 'planning'],
    ['compliant', undefined, 'compliant'],
    ['drifted', undefined, 'drifted'],
    ['blocked', 'deferral-expired', 'unreached'],
    ['blocked', 'unreachable', 'unreached'],
    ['blocked', 'not-applicable', 'failed'],
    ['blocked', undefined, 'failed'],
    ['expired', undefined, 'failed'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['succeeded', undefined, 'failed'],
  ] as const)('of a job that is %s (%s) is %s', (state, code, status) => {
    expect(scanStatusOf({ state, ...(code ? { code } : {}) })).toBe(status);
  });

  it('is counted whole', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ITEM_STATUSES)), (statuses) => {
        const counts = countStatuses(statuses);
        expect(Object.values(counts).reduce((sum, each) => sum + each, 0)).toBe(statuses.length);
      }),
    );
  });
});

describe('the request of a scan', () => {
  const jobs = [0, 1].map((index) => scanJob('planning', { scan: { ...PLACE, index } }));
  const { runbook, pool, requester, salt } = ungranted;
  const request = {
    id: PLACE.id,
    runbook,
    pool,
    requester,
    salt,
    reason: 'why',
    count: 2,
    itemsDigest: scanItemsDigest(jobs),
  };

  it('has another digest for each other list, order, person, reason and ticket', () => {
    const [one, two] = jobs as [(typeof jobs)[0], (typeof jobs)[0]];
    const lists = [jobs, [two, one], [one], [{ ...one, parameters: { path: '/tmp/y' } }, two]].map(scanItemsDigest);
    expect(new Set(lists).size).toBe(4);
    const others = [{}, { reason: 'x' }, { ticket: 'T-1' }, { count: 1 }, { requester: { ...requester, id: 'x' } }];
    expect(new Set(others.map((more) => scanDigest({ ...request, ...more }))).size).toBe(5);
  });
});

describe('compliance over time', () => {
  const found = (target: string, status: Finding['status'], changes = 0, more: object = {}): Finding => ({
    ...{ target, name: `name of ${target}`, parameters: {}, status, changes },
    ...more,
  });
  const changedIn = (...scans: readonly (readonly Finding[])[]) =>
    trendOf(scans.map((items, scan) => ({ scan, items }))).map(({ changed }) =>
      changed.map(({ target, before, after }) => [target, before.status, before.changes, after.status, after.changes]),
    );

  it('names what changed from one scan to the next, and nothing else', () => {
    expect(
      changedIn(
        [found('a', 'compliant'), found('b', 'drifted', 2), found('c', 'compliant')],
        [found('a', 'drifted', 1), found('b', 'drifted', 2), found('c', 'unreached')],
        [found('a', 'drifted', 3), found('b', 'compliant'), found('c', 'compliant')],
      ),
    ).toEqual([
      [],
      [
        ['a', 'compliant', 0, 'drifted', 1],
        ['c', 'compliant', 0, 'unreached', 0],
      ],
      [
        ['a', 'drifted', 1, 'drifted', 3],
        ['b', 'drifted', 2, 'compliant', 0],
        ['c', 'unreached', 0, 'compliant', 0],
      ],
    ]);
  });

  it('compares lists that take turns each with their own', () => {
    const [a, b] = [found('a', 'compliant'), found('b', 'compliant')];
    expect(changedIn([a], [b], [found('a', 'drifted', 1)], [b])).toEqual([
      [],
      [],
      [['a', 'compliant', 0, 'drifted', 1]],
      [],
    ]);
  });

  it('compares the same target with other parameters with nothing, and nothing with erased values', () => {
    const user = (name: string, status: Finding['status']) =>
      found('domain', status, 0, { parameters: { user: name } });
    expect(changedIn([user('x', 'compliant')], [user('y', 'drifted')])).toEqual([[], []]);
    const erased = found('domain', 'drifted', 0, { erased: true });
    expect(changedIn([found('domain', 'compliant')], [erased], [found('domain', 'compliant')])).toEqual([[], [], []]);
    expect(trendOf([{ scan: 0, items: [erased] }])[0]?.counts.drifted).toBe(1);
  });

  it('never says that something changed in two scans that found the same', () => {
    const findings = fc.array(
      fc.record({
        target: fc.constantFrom('a', 'b', 'c'),
        name: fc.constant('n'),
        parameters: fc.constantFrom({}, { user: 'x' }),
        status: fc.constantFrom(...ITEM_STATUSES),
        changes: fc.nat(3),
      }),
    );
    fc.assert(
      fc.property(findings, (items) => {
        // Each item once, as a scan has it.
        const once = [...new Map(items.map((item) => [JSON.stringify([item.target, item.parameters]), item])).values()];
        expect(
          trendOf([
            { scan: 1, items: once },
            { scan: 2, items: once },
          ])[1]?.changed,
        ).toEqual([]);
      }),
    );
  });
});
