import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  calendarProblems,
  closedBy,
  isOpen,
  nextClosing,
  nextOpening,
  type CalendarWindow,
  type WindowsIn,
} from '../../../src/domain/schedules/calendar.js';

const WORKDAYS = [1, 2, 3, 4, 5];
const nights: CalendarWindow = { kind: 'weekly', days: WORKDAYS, from: '22:00', to: '06:00' };
const blackout = (zone: string, ...windows: CalendarWindow[]): WindowsIn => ({ kind: 'blackout', zone, windows });
const maintenance = (zone: string, ...windows: CalendarWindow[]): WindowsIn => ({ kind: 'maintenance', zone, windows });
const short = (at: Date | undefined) => at?.toISOString().slice(0, 16);

describe('a calendar', () => {
  it.each<[string, WindowsIn[], string, boolean]>([
    ['nothing is in the way', [], '2026-01-05T12:00Z', true],
    ['a blackout closes', [blackout('UTC', nights)], '2026-01-05T23:00Z', false],
    ['a blackout reaches into the next morning', [blackout('UTC', nights)], '2026-01-06T05:59Z', false],
    ['its end is open', [blackout('UTC', nights)], '2026-01-06T06:00Z', true],
    ['Friday night reaches into Saturday', [blackout('UTC', nights)], '2026-01-10T05:00Z', false],
    ['Saturday night is none of its days', [blackout('UTC', nights)], '2026-01-10T23:00Z', true],
    ['its own zone counts', [blackout('Asia/Kathmandu', nights)], '2026-01-05T16:14Z', true],
    ['its own zone counts from its hour on', [blackout('Asia/Kathmandu', nights)], '2026-01-05T16:15Z', false],
    ['outside of maintenance it is closed', [maintenance('UTC', nights)], '2026-01-05T12:00Z', false],
    ['within maintenance it is open', [maintenance('UTC', nights)], '2026-01-05T22:00Z', true],
    [
      'one of two maintenance calendars is enough',
      [maintenance('UTC'), maintenance('UTC', nights)],
      '2026-01-05T22:00Z',
      true,
    ],
    [
      'a blackout beats maintenance',
      [maintenance('UTC', nights), blackout('UTC', { kind: 'once', from: '2026-01-05T00:00', to: '2026-01-07T00:00' })],
      '2026-01-05T22:00Z',
      false,
    ],
  ])('%s', (_, calendars, at, open) => {
    expect(isOpen(calendars, new Date(at))).toBe(open);
  });

  // Clocks in Berlin go back at 01:00Z on 25 October 2026: 02:00 to 03:00 comes twice.
  const doubled: CalendarWindow = { kind: 'weekly', days: [7], from: '02:30', to: '04:00' };
  const early: CalendarWindow = { kind: 'weekly', days: [7], from: '01:00', to: '02:30' };
  it.each<[string, WindowsIn, string, boolean]>([
    ['a blackout begins with the first of two times', blackout('Europe/Berlin', doubled), '2026-10-25T00:30Z', false],
    ['and holds through the second', blackout('Europe/Berlin', doubled), '2026-10-25T01:10Z', false],
    ['maintenance begins with the second', maintenance('Europe/Berlin', doubled), '2026-10-25T00:30Z', false],
    ['from there on it is open', maintenance('Europe/Berlin', doubled), '2026-10-25T01:30Z', true],
    ['a blackout ends with the second of two times', blackout('Europe/Berlin', early), '2026-10-25T01:29Z', false],
    ['maintenance ends with the first', maintenance('Europe/Berlin', early), '2026-10-25T00:30Z', false],
    // Clocks go forward at 01:00Z on 29 March: 02:30 is not there.
    ['a window over a gap begins after it', maintenance('Europe/Berlin', doubled), '2026-03-29T01:00Z', true],
    ['and not before', maintenance('Europe/Berlin', doubled), '2026-03-29T00:59Z', false],
  ])('where clocks change, %s', (_, calendar, at, open) => {
    expect(isOpen([calendar], new Date(at))).toBe(open);
  });

  it('names what is in the way', () => {
    const night = { ...blackout('UTC', nights), name: 'nights' };
    expect(closedBy([{ ...maintenance('UTC', nights), name: 'own' }, night], new Date('2026-01-05T23:00Z'))?.name).toBe(
      'nights',
    );
    expect(closedBy([night], new Date('2026-01-05T12:00Z'))).toBeUndefined();
  });
});

const later = (from: string | Date, days: number) => new Date(new Date(from).getTime() + days * 24 * 3_600_000);

describe('the next opening and closing', () => {
  it.each<[string, WindowsIn[], string, string | undefined]>([
    ['now', [blackout('UTC', nights)], '2026-01-05T12:00Z', '2026-01-05T12:00'],
    ['after the night', [blackout('UTC', nights)], '2026-01-05T23:00Z', '2026-01-06T06:00'],
    ['at the next night', [maintenance('UTC', nights)], '2026-01-10T12:00Z', '2026-01-12T22:00'],
    ['never without a window', [maintenance('UTC')], '2026-01-05T12:00Z', undefined],
    [
      'at the one window, months ahead',
      [maintenance('UTC', { kind: 'once', from: '2026-06-01T10:00', to: '2026-06-01T12:00' })],
      '2026-01-05T12:00Z',
      '2026-06-01T10:00',
    ],
    [
      'in the first night without a freeze',
      [maintenance('UTC', nights), blackout('UTC', { kind: 'once', from: '2026-01-05T00:00', to: '2026-01-07T12:00' })],
      '2026-01-05T12:00Z',
      '2026-01-07T22:00',
    ],
    [
      'never, where a blackout holds all the time',
      [blackout('UTC', { kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' })],
      '2026-01-05T12:00Z',
      undefined,
    ],
  ])('is %s', (_, calendars, from, expected) => {
    expect(short(nextOpening(calendars, new Date(from), later(from, 366)))).toBe(expected);
  });

  it('closes where a window ends, or a blackout begins', () => {
    const until = new Date('2026-01-07T00:00Z');
    const from = new Date('2026-01-05T22:30Z');
    expect(short(nextClosing([maintenance('UTC', nights)], from, until))).toBe('2026-01-06T06:00');
    const lunch = blackout('UTC', { kind: 'weekly', days: [2], from: '03:00', to: '04:00' });
    expect(short(nextClosing([maintenance('UTC', nights), lunch], from, until))).toBe('2026-01-06T03:00');
    expect(short(nextClosing([], from, until))).toBe('2026-01-07T00:00');
  });

  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const weekly = fc.record({
    kind: fc.constant('weekly' as const),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: clock,
    to: clock,
  });
  const calendar: fc.Arbitrary<WindowsIn> = fc.record({
    kind: fc.constantFrom('blackout' as const, 'maintenance' as const),
    zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    windows: fc.array(weekly, { maxLength: 3 }),
  });
  // Around the changes of clocks of 2026 as well.
  const at = fc.date({ min: new Date('2026-03-25'), max: new Date('2026-11-05'), noInvalidDate: true });

  it('is open, is the first, and is closed before', () => {
    fc.assert(
      fc.property(fc.array(calendar, { maxLength: 3 }), at, (calendars, from) => {
        const opening = nextOpening(calendars, from, later(from, 20));
        const samples = Array.from({ length: 40 }, (_, i) => new Date(from.getTime() + i * 17 * 60_000));
        if (opening === undefined) {
          for (const one of samples) expect(isOpen(calendars, one)).toBe(false);
          return;
        }
        expect(isOpen(calendars, opening)).toBe(true);
        for (const one of samples) if (one < opening) expect(isOpen(calendars, one)).toBe(false);
        const until = new Date(opening.getTime() + 12 * 3_600_000);
        const closing = nextClosing(calendars, opening, until);
        expect(closing > opening && closing <= until).toBe(true);
        for (let t = opening.getTime(); t < closing.getTime(); t += 17 * 60_000)
          expect(isOpen(calendars, new Date(t))).toBe(true);
        if (closing < until) expect(isOpen(calendars, closing)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is wrong with a calendar', () => {
  it.each<[string, WindowsIn, string[]]>([
    ['nothing', blackout('UTC', nights), []],
    ['its zone', blackout('Nowhere', nights), ['/zone']],
    ['an hour', blackout('UTC', { ...nights, to: '24:00' }), ['/windows/0']],
    ['a date', blackout('UTC', { kind: 'once', from: '2026-02-30T00:00', to: '2026-03-01T00:00' }), ['/windows/0']],
    [
      'its order',
      blackout('UTC', nights, { kind: 'once', from: '2026-02-03T00:00', to: '2026-02-03T00:00' }),
      ['/windows/1'],
    ],
  ])('%s', (_, one, paths) => {
    expect(calendarProblems(one).map(({ path }) => path)).toEqual(paths);
  });
});
