import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Job } from '../../../src/domain/job.js';
import type { Manifest } from '../../../src/domain/manifest.js';
import type { Plan } from '../../../src/domain/plan.js';
import {
  envelopeDigest,
  envelopeProblems,
  envelopeText,
  readEnvelope,
  type Envelope,
  type EnvelopeFacts,
} from '../../../src/domain/schedules/envelope.js';
import { scheduleDigest, type Schedule } from '../../../src/domain/schedules/schedule.js';
import { misfits, standingUntil, type StandingFacts } from '../../../src/domain/schedules/standing.js';
import { standingStepDigest } from '../../../src/domain/standing-step.js';
import { digestOfTarget } from '../../../src/domain/target.js';
import { jobOf, MANIFEST, TARGET } from '../../support/job-views.js';

const INSTANT = new Date('2026-01-05T02:30:00.000Z');
const HOUR = 3_600_000;
const later = (ms: number) => new Date(INSTANT.getTime() + ms);

const manifest = {
  ...MANIFEST,
  supplied: ['planned'],
  actions: { ...MANIFEST.actions, risky: { class: 'ensure', risk: 'R3' } },
} as unknown as Manifest;
const schedule: Schedule = {
  ...{ id: 'sched', status: 'active', createdAt: INSTANT, revision: 1 },
  owner: { id: 'olga', name: 'Olga', roles: ['operator'] },
  spec: {
    ...{ name: 'nightly', when: { kind: 'cron', expression: '30 2 * * *', zone: 'UTC' }, jitter: '5m', window: '2h' },
    ...{ misfire: { policy: 'run-once', within: '1h' }, approval: { kind: 'standing' }, calendars: [] },
    action: { kind: 'job', runbook: MANIFEST.id, target: TARGET.id, parameters: { path: '/tmp/x' }, reason: 'x' },
  },
};
const scans: Schedule = {
  ...schedule,
  spec: {
    ...{ ...schedule.spec, approval: { kind: 'none' } },
    action: { kind: 'scan', runbook: MANIFEST.id, selection: 's', parameters: { path: '/tmp/x' }, reason: 'x' },
  },
};
const envelope: Envelope = {
  v: 1,
  schedule: { id: 'sched', sha256: scheduleDigest(schedule) },
  runbook: { id: MANIFEST.id, version: MANIFEST.version, contentSha256: 'a'.repeat(64) },
  targets: [{ id: TARGET.id, name: TARGET.name, sha256: digestOfTarget(TARGET) }],
  parameters: { path: '/tmp/x' },
  actions: ['set'],
  most: { perTarget: 2, inAll: 10 },
  hours: { zone: 'UTC', windows: [{ kind: 'weekly', days: [1, 2, 3, 4, 5], from: '02:00', to: '04:00' }] },
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-03-01T00:00:00.000Z',
  salt: '0'.repeat(32),
};
const job = (more: Partial<Job> = {}, ...actions: string[]) =>
  jobOf(
    {
      requester: schedule.owner,
      schedule: { id: 'sched', instant: INSTANT },
      window: { from: INSTANT, to: later(2 * HOUR) },
      reason: 'x',
      ...more,
    },
    ...actions,
  );
const facts = (of: Job = job(), more: Partial<StandingFacts> = {}): StandingFacts => ({
  ...{ job: of, plan: of.plan?.plan as Plan, manifest, schedule, used: 0, at: later(60_000) },
  ...more,
});

describe('a plan under a standing approval', () => {
  it('is covered where it is what people approved', () => {
    expect(misfits(envelope, facts())).toEqual([]);
  });

  const other = { ...TARGET, id: '00000000-0000-7000-8000-000000000002' };
  const spec = schedule.spec;
  const set = job().plan?.plan as Plan;
  const risky = { ...set, changes: set.changes.map((change) => ({ ...change, action: 'risky' })) };
  it.each<[string, StandingFacts, string[], Partial<Envelope>?]>([
    ['too early', facts(), ['begins at'], { notBefore: '2026-01-06T00:00:00.000Z' }],
    ['too late', facts(), ['ended at'], { notAfter: '2026-01-05T02:31:00.000Z' }],
    ['outside of its hours', facts(job(), { at: later(90 * 60_000) }), ['outside of the hours']],
    ['at the end of its hours', facts(job(), { at: later(5_400_000) }), ['outside of the hours']],
    ['of no schedule', facts(job({ schedule: undefined as never })), ['comes from no schedule']],
    ['of a schedule that is not stored', facts(job(), { schedule: undefined }), ['comes from no schedule']],
    ['of another schedule', facts(job({ schedule: { id: 'other', instant: INSTANT } })), ['is not the one']],
    [
      'of a schedule that says something else now',
      facts(job(), { schedule: { ...schedule, spec: { ...spec, window: '3h' } } }),
      ['is not the one'],
    ],
    [
      'of a schedule with another owner',
      facts(job(), { schedule: { ...schedule, owner: { id: 'eve', name: 'Eve', roles: [] } } }),
      ['is not the one', 'requester is not the owner'],
    ],
    [
      'at another instant than those of the schedule',
      facts(job({ schedule: { id: 'sched', instant: later(60_000) } })),
      ['no such instant'],
    ],
    ['in no window', facts(job({ window: undefined as never })), ['window is not one']],
    ['in a longer window', facts(job({ window: { from: INSTANT, to: later(2 * HOUR + 1) } })), ['window is not one']],
    [
      'in a window before its instant',
      facts(job({ window: { from: later(-1), to: later(HOUR) } })),
      ['window is not one'],
    ],
    [
      'in a window after its grace',
      facts(job({ window: { from: later(65 * 60_000 + 1), to: later(2 * HOUR) } })),
      ['window is not one'],
    ],
    ['by another person', facts(job({ requester: { id: 'eve', name: 'Eve', roles: [] } })), ['requester is not']],
    ['that rolls back', facts(job({ kind: 'rollback-of' })), ['a rollback']],
    ['that follows another job', facts(job({ follows: 'x' })), ['follows or replaces']],
    ['that replaces another job', facts(job({ supersedes: 'x' })), ['follows or replaces']],
    [
      'of another version of the runbook',
      facts(job({ runbook: { id: MANIFEST.id, version: '2', contentDigest: 'b'.repeat(64) } })),
      ['another version'],
    ],
    ['on another target', facts(job({ target: other })), ['not one of those']],
    ['on a target that was changed', facts(job({ targetDigest: 'c'.repeat(64) })), ['was changed']],
    ['with other parameters', facts(job({ parameters: { path: '/tmp/y' } })), ['parameters']],
    ['with an action that nobody approved', facts(job({}, 'set', 'proven')), ['action proven is not one']],
    ['with an action of class once', facts(job({}, 'send')), ['class once'], { actions: ['send'] }],
    ['with an action of R3', facts(job(), { plan: risky }), ['risk R3'], { actions: ['risky'] }],
    ['with too many changes', facts(), ['1 changes, and 0'], { most: { perTarget: 0, inAll: 10 } }],
    ['with too many changes in all', facts(job(), { used: 10 }), ['11 changes were allowed']],
    ['without a change', facts(job(), { plan: { ...(job().plan?.plan as Plan), changes: [] } }), ['empty']],
    ['for another reason', facts(job({ reason: 'y' })), ['the reason or the ticket']],
    ['under another ticket', facts(job({ ticket: 'CHG-1' })), ['the reason or the ticket']],
    [
      'in another pool than its target names',
      facts(job({ target: { ...TARGET, settings: { pool: 'east' } }, targetDigest: digestOfTarget(TARGET) })),
      ['the pool is not that of the target'],
    ],
  ])('is not covered %s', (_, of, reasons, more = {}) => {
    const found = misfits({ ...envelope, ...more }, of);
    expect(found).toHaveLength(reasons.length);
    for (const [i, reason] of reasons.entries()) expect(found[i]).toContain(reason);
  });

  it('names every reason at once', () => {
    const wrong = facts(job({ parameters: {}, requester: { id: 'eve', name: 'Eve', roles: [] } }), { used: 10 });
    expect(misfits(envelope, wrong)).toHaveLength(3);
  });

  it('allows no more changes in all than people approved, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 }), (sizes) => {
        let used = 0;
        for (const size of sizes) {
          const changes = Array.from(
            { length: size },
            () => (job().plan?.plan as Plan).changes[0] as Plan['changes'][0],
          );
          const plan = { ...(job().plan?.plan as Plan), changes };
          if (misfits(envelope, facts(job(), { plan, used })).length === 0) used += size;
          expect(used).toBeLessThanOrEqual(envelope.most.inAll);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('may begin until its hours, its window or the approval end, whichever is first', () => {
    const until = (more: Partial<Envelope>, of = job()) => standingUntil({ ...envelope, ...more }, of, INSTANT);
    expect(until({})).toEqual(later(90 * 60_000));
    expect(until({}, job({ window: { from: INSTANT, to: later(HOUR) } }))).toEqual(later(HOUR));
    expect(until({ notAfter: later(60_000).toISOString() })).toEqual(later(60_000));
  });
});

describe('an envelope that people are asked for', () => {
  const asked: EnvelopeFacts = {
    ...{ schedule, manifest, contentDigest: 'a'.repeat(64), targets: [TARGET], now: new Date('2026-01-01T00:00:00Z') },
  };
  it.each<[string, Partial<Envelope>, Partial<EnvelopeFacts>, string[]]>([
    ['is fine', {}, {}, []],
    [
      'is for a schedule with a standing approval',
      {},
      { schedule: { ...schedule, spec: { ...schedule.spec, approval: { kind: 'each-time', lead: '8h' } } } },
      ['/schedule', '/schedule/sha256'],
    ],
    [
      'is for a schedule that asks for jobs',
      { schedule: { id: 'sched', sha256: scheduleDigest(scans) } },
      { schedule: scans },
      ['/schedule', '/targets'],
    ],
    ['is for a schedule that is there', {}, { schedule: { ...schedule, status: 'removed' } }, ['/schedule']],
    ['is for the current version', {}, { contentDigest: 'b'.repeat(64) }, ['/runbook']],
    ['is for the targets of the schedule', { targets: [] }, {}, ['/targets']],
    ['is for targets as they are', {}, { targets: [{ ...TARGET, tier: 2 }] }, ['/targets']],
    ['is for the parameters of the schedule', { parameters: {} }, {}, ['/parameters']],
    ['has actions', { actions: [] }, {}, ['/actions']],
    [
      'has ensure actions up to R2 alone',
      { actions: ['set', 'send', 'risky', 'none'] },
      {},
      ['/actions/1', '/actions/2', '/actions/3'],
    ],
    ['is for no runbook with claims', {}, { manifest: { ...manifest, supplied: ['consents'] } }, ['/runbook']],
    ['is for no runbook with statements', {}, { manifest: { ...manifest, statements: ['why'] } }, ['/runbook']],
    [
      'is for no runbook with an escalation',
      {},
      { manifest: { ...manifest, escalation: { after: [] } } },
      ['/runbook'],
    ],
    ['bounds the changes', { most: { perTarget: 0, inAll: 0 } }, {}, ['/most/perTarget', '/most/inAll']],
    ['bounds all changes by those of one plan', { most: { perTarget: 5, inAll: 4 } }, {}, ['/most/inAll']],
    ['has hours', { hours: { zone: 'UTC', windows: [] } }, {}, ['/hours/windows']],
    ['has hours in a zone', { hours: { ...envelope.hours, zone: 'x' } }, {}, ['/hours/zone']],
    ['ends', { notAfter: '2026-04-02T00:00:00.000Z' }, {}, ['/notAfter']],
    ['is not over', {}, { now: new Date('2026-03-01T00:00:00Z') }, ['/notAfter']],
  ])('%s', (_, more, of, paths) => {
    expect(envelopeProblems({ ...envelope, ...more }, { ...asked, ...of }).map(({ path }) => path)).toEqual(paths);
  });

  it('is read from its canonical text alone', () => {
    const text = envelopeText(envelope);
    expect(readEnvelope(text)).toEqual(envelope);
    for (const wrong of [undefined, '', '[]', 'null', '{}', `${text} `, text.replace('"v":1', '"v":2')])
      expect(readEnvelope(wrong)).toBeUndefined();
  });

  it('has one digest, and each step over it another', () => {
    expect(envelopeDigest(envelope)).not.toBe(envelopeDigest({ ...envelope, salt: '1'.repeat(32) }));
    expect(standingStepDigest('s', null, 'a')).not.toBe(standingStepDigest('s', 'a', null));
    expect(standingStepDigest('s', null, 'a')).not.toBe(standingStepDigest('t', null, 'a'));
  });
});
