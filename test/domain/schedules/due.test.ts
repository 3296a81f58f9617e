import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Calendar } from '../../../src/domain/schedules/calendar.js';
import { dueAt, dueNow, IN_TIME_MS, MOST_COUNTED, occurrenceAt } from '../../../src/domain/schedules/due.js';
import { nextRuns } from '../../../src/domain/schedules/preview.js';
import { jitterMs, scheduleDigest, type Schedule, type ScheduleSpec } from '../../../src/domain/schedules/schedule.js';
import { nextInstants } from '../../../src/domain/schedules/when.js';

const spec = (more: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  name: 'nightly',
  when: { kind: 'cron', expression: '0 4 * * *', zone: 'UTC' },
  jitter: '0s',
  misfire: { policy: 'skip' },
  window: '2h',
  approval: { kind: 'standing' },
  calendars: [],
  action: { kind: 'job', runbook: 'r', target: 't', parameters: {}, reason: 'x' },
  ...more,
});
const schedule = (more: Partial<ScheduleSpec> = {}): Pick<Schedule, 'id' | 'spec'> => ({ id: 's', spec: spec(more) });
const at = (text: string) => new Date(`2026-01-${text}Z`);
const calendar = (more: Partial<Calendar>): Calendar => ({
  ...{ id: 'c', name: 'freeze', kind: 'blackout', zone: 'UTC', windows: [] },
  ...more,
});
const morning = calendar({ windows: [{ kind: 'once', from: '2026-01-05T03:00', to: '2026-01-05T05:00' }] });
const hourly = { when: { kind: 'cron', expression: '0 * * * *', zone: 'UTC' } } as const;
const within = (hours: number) => ({ misfire: { policy: 'run-once', within: `${hours}h` } }) as const;
const lead = { approval: { kind: 'each-time', lead: '8h' } } as const;

/** What is done at a moment, in short: what fires (instant and opening), what is missed (last, count, cause), and what comes next. */
function done(
  more: Partial<ScheduleSpec>,
  next: string,
  now: string,
  { calendars = [], open = false }: { calendars?: Calendar[]; open?: boolean } = {},
) {
  const short = (time: Date | undefined) => time?.toISOString().slice(8, 16);
  const due = dueNow(schedule(more), at(next), at(now), calendars, open);
  return {
    fire: due.fire && `${short(due.fire.instant)} ${short(due.fire.opens)}-${short(due.fire.closes)}`,
    missed: due.missed.map((one) => `${short(one.last)} ${one.count} ${one.cause}`),
    next: due.next && `${short(due.next.instant)} ${short(due.next.dueAt)}`,
  };
}

describe('what a schedule does now', () => {
  it.each<[string, Parameters<typeof done>, ReturnType<typeof done>]>([
    [
      'nothing before its time',
      [{}, '05T04:00', '05T03:59'],
      { fire: undefined, missed: [], next: '05T04:00 05T04:00' },
    ],
    [
      'fires at its time',
      [{}, '05T04:00', '05T04:00'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: '06T04:00 06T04:00' },
    ],
    [
      'fires a little late after a restart',
      [{}, '05T04:00', '05T04:05'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: '06T04:00 06T04:00' },
    ],
    [
      'skips what is later',
      [{}, '05T04:00', '05T04:06'],
      { fire: undefined, missed: ['05T04:00 1 late'], next: '06T04:00 06T04:00' },
    ],
    [
      'runs once what is late, if it may',
      [within(1), '05T04:00', '05T04:59'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: '06T04:00 06T04:00' },
    ],
    [
      'not beyond its grace',
      [within(1), '05T04:00', '05T05:01'],
      { fire: undefined, missed: ['05T04:00 1 late'], next: '06T04:00 06T04:00' },
    ],
    [
      'not beyond its window',
      [{ ...within(3), window: '30m' }, '05T04:00', '05T04:31'],
      { fire: undefined, missed: ['05T04:00 1 late'], next: '06T04:00 06T04:00' },
    ],
    [
      'runs once, for all that are late',
      [{ ...hourly, ...within(3), window: '4h' }, '05T04:00', '05T09:30'],
      {
        fire: '05T09:00 05T09:00-05T13:00',
        missed: ['05T06:00 3 late', '05T08:00 2 replaced'],
        next: '05T10:00 05T10:00',
      },
    ],
    [
      'counts a long outage',
      [hourly, '05T04:00', '15T04:30'],
      { fire: undefined, missed: ['15T04:00 241 late'], next: '15T05:00 15T05:00' },
    ],
    [
      'leaves out what falls into a blackout',
      [{}, '05T04:00', '05T04:00', { calendars: [morning] }],
      { fire: undefined, missed: ['05T04:00 1 closed'], next: '06T04:00 06T04:00' },
    ],
    [
      'puts it off until after the blackout, if it may run late',
      [within(2), '05T04:00', '05T04:00', { calendars: [morning] }],
      { fire: undefined, missed: [], next: '05T04:00 05T05:00' },
    ],
    [
      'and runs it then',
      [within(2), '05T04:00', '05T05:00', { calendars: [morning] }],
      { fire: '05T04:00 05T05:00-05T07:00', missed: [], next: '06T04:00 06T04:00' },
    ],
    [
      'ends the window where a blackout begins',
      [
        { when: { kind: 'cron', expression: '0 2 * * *', zone: 'UTC' } },
        '05T02:00',
        '05T02:00',
        { calendars: [morning] },
      ],
      { fire: '05T02:00 05T02:00-05T03:00', missed: [], next: '06T02:00 06T02:00' },
    ],
    [
      'plans ahead where a person approves',
      [lead, '05T04:00', '04T20:00'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: '06T04:00 05T20:00' },
    ],
    [
      'plans later than that while there is time',
      [lead, '05T04:00', '05T03:00'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: '06T04:00 05T20:00' },
    ],
    [
      'leaves out what would overtake its own last job',
      [{}, '05T04:00', '05T04:00', { open: true }],
      { fire: undefined, missed: ['05T04:00 1 previous-open'], next: '06T04:00 06T04:00' },
    ],
    [
      'ends after something that happens once',
      [{ when: { kind: 'once', at: '2026-01-05T04:00:00.000Z', zone: 'UTC' } }, '05T04:00', '05T04:00'],
      { fire: '05T04:00 05T04:00-05T06:00', missed: [], next: undefined },
    ],
  ])('%s', (_, args, expected) => {
    expect(done(...args)).toEqual(expected);
  });

  it('counts no more than it must of an outage of months', () => {
    const due = dueNow(schedule(hourly), at('05T04:00'), new Date('2026-12-01T00:30Z'), [], false);
    expect(due.missed.map(({ count, cause }) => [count, cause])).toEqual([[MOST_COUNTED, 'late']]);
    expect(due.next?.instant).toEqual(new Date('2026-12-01T01:00Z'));
  });

  it('names the calendar that is in the way', () => {
    expect(dueNow(schedule(), at('05T04:00'), at('05T04:00'), [morning], false).missed[0]?.calendar).toBe('freeze');
  });

  const misfire = fc.constantFrom<ScheduleSpec['misfire']>(
    { policy: 'skip' },
    { policy: 'run-once', within: '1h' },
    { policy: 'run-once', within: '6h' },
  );
  const approval = fc.constantFrom<ScheduleSpec['approval']>({ kind: 'standing' }, { kind: 'each-time', lead: '10m' });
  const anySchedule = fc
    .record({
      misfire,
      approval,
      jitter: fc.constantFrom('0s', '10m'),
      window: fc.constantFrom('5m', '2h'),
      when: fc
        .tuple(
          fc.constantFrom('*/15 * * * *', '0 */2 * * *', '30 2 * * *'),
          fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe'),
        )
        .map(([expression, zone]) => ({ kind: 'cron', expression, zone }) as const),
    })
    .map((more) => schedule(more));
  const calendars = fc.constantFrom<Calendar[]>(
    [],
    [calendar({ windows: [{ kind: 'weekly', days: [1, 3, 7], from: '01:00', to: '03:00' }] })],
    [calendar({ kind: 'maintenance', windows: [{ kind: 'weekly', days: [2, 6, 7], from: '22:00', to: '04:00' }] })],
  );
  const looks = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.boolean()), { minLength: 1, maxLength: 25 });

  it('deals with every instant once, whenever it is looked at, and fires in time and in the open alone', () => {
    fc.assert(
      fc.property(anySchedule, calendars, looks, (one, closed, times) => {
        // Two days before clocks go back in Berlin.
        const begin = new Date('2026-10-23T00:00Z');
        let next = nextInstants(one.spec.when, begin, 1)[0] as Date;
        let now = begin;
        let dealtWith = 0;
        const fired = new Set<number>();
        for (const [minutes, open] of times) {
          now = new Date(now.getTime() + minutes * 60_000);
          const due = dueNow(one, next, now, closed, open);
          expect(dueNow(one, next, now, closed, open)).toEqual(due);
          dealtWith += due.missed.reduce((sum, { count }) => sum + count, 0);
          if (due.fire) {
            const { instant, opens, closes, submitAt } = due.fire;
            expect(fired.has(instant.getTime())).toBe(false);
            fired.add(instant.getTime());
            dealtWith += 1;
            expect(open).toBe(false);
            expect(submitAt <= now && closes > now).toBe(true);
            const reach = one.spec.misfire.policy === 'skip' ? IN_TIME_MS : 6 * 3_600_000;
            expect(now.getTime() - opens.getTime()).toBeLessThanOrEqual(reach);
            expect(occurrenceAt(one, instant, closed)).toEqual(due.fire);
          }
          if (!due.next) throw new Error('a cron that comes for ever has a next instant');
          expect(due.next.dueAt > now).toBe(true);
          next = due.next.instant;
        }
        let instants = 0;
        for (let t = begin; ; instants += 1) {
          t = nextInstants(one.spec.when, t, 1)[0] as Date;
          if (t >= next) break;
        }
        expect(dealtWith).toBe(instants);
      }),
      { numRuns: 60 },
    );
  });
});

describe('jitter', () => {
  const jittered = schedule({ jitter: '10m' });
  const instants = nextInstants(jittered.spec.when, at('01T00:00'), 50);

  it('is the same each time, whole seconds, and within its limit', () => {
    for (const instant of instants) {
      const ms = jitterMs(jittered, instant);
      expect(jitterMs(jittered, new Date(instant))).toBe(ms);
      expect(ms % 1000).toBe(0);
      expect(ms >= 0 && ms <= 600_000).toBe(true);
      expect(dueAt(jittered, instant).getTime()).toBe(instant.getTime() + ms);
    }
  });

  it('differs between instants and between schedules', () => {
    const spread = new Set(instants.map((instant) => jitterMs(jittered, instant)));
    expect(spread.size).toBeGreaterThan(30);
    expect(instants.map((instant) => jitterMs({ ...jittered, id: 'other' }, instant))).not.toEqual(
      instants.map((instant) => jitterMs(jittered, instant)),
    );
  });
});

it('the digest of a schedule covers everything that it says, and whose it is', () => {
  const one = { id: 's', spec: spec(), owner: { id: 'ann', name: 'Ann', roles: [] } } as const;
  const digests = [
    one,
    { ...one, id: 'other' },
    { ...one, owner: { ...one.owner, id: 'bob' } },
    ...[{ jitter: '1s' }, { window: '3h' }, hourly, lead, within(1), { calendars: ['c'] }].map((more) => ({
      ...one,
      spec: spec(more),
    })),
  ].map(scheduleDigest);
  expect(new Set(digests).size).toBe(digests.length);
});

it('a preview says what clocks and calendars do to the next runs', () => {
  const when = { kind: 'cron', expression: '30 2 * * *', zone: 'Europe/Berlin' } as const;
  const berlin = schedule({ when });
  const sunday = calendar({
    zone: 'Europe/Berlin',
    windows: [{ kind: 'weekly', days: [6], from: '00:00', to: '12:00' }],
  });
  const runs = nextRuns(berlin, new Date('2026-03-26T12:00Z'), 4, [sunday]);
  expect(runs.map(({ local, clockChange, closedBy }) => [local, clockChange ?? closedBy])).toEqual([
    ['2026-03-27T02:30+01:00', undefined],
    ['2026-03-28T02:30+01:00', 'freeze'],
    ['2026-03-29T03:00+02:00', 'moved-over-a-gap'],
    ['2026-03-30T02:30+02:00', undefined],
  ]);
});
