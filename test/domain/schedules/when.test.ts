import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  clockChangeAt,
  isInstant,
  LEAST_APART_MS,
  nextInstants,
  whenProblem,
  type When,
} from '../../../src/domain/schedules/when.js';

const cron = (expression: string, zone: string): When => ({ kind: 'cron', expression, zone });
const short = (at: Date) => at.toISOString().slice(0, 16);

describe('the instants of a schedule', () => {
  it.each<[string, string, string, string, string[]]>([
    [
      'a time that clocks leave out comes at the first minute after the gap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      'the same in New York',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T12:00Z',
      ['2026-03-08T07:00', '2026-03-09T06:30'],
    ],
    [
      'a time that clocks double comes once',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      'the same in New York',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T12:00Z',
      ['2026-11-01T05:30', '2026-11-02T06:30'],
    ],
    [
      'a list of fixed hours comes once in a doubled hour',
      '0 2,3 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:00', '2026-10-25T02:00', '2026-10-26T01:00'],
    ],
    [
      'a step follows the clock through both hours',
      '*/30 * * * *',
      'America/New_York',
      '2026-11-01T05:00Z',
      ['2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30', '2026-11-01T07:00'],
    ],
    [
      'a gap of half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'a doubled half hour',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T20:00Z',
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      'a zone that is 5 h 45 min ahead',
      '0 9 * * *',
      'Asia/Kathmandu',
      '2026-01-01T00:00Z',
      ['2026-01-01T03:15', '2026-01-02T03:15'],
    ],
    ['a leap day', '0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
    [
      'the 31st skips short months',
      '0 0 31 * *',
      'UTC',
      '2026-01-01T00:00Z',
      ['2026-01-31T00:00', '2026-03-31T00:00', '2026-05-31T00:00'],
    ],
    ['the last day of a month', '0 12 L * *', 'UTC', '2026-01-01T00:00Z', ['2026-01-31T12:00', '2026-02-28T12:00']],
    ['the second Friday', '0 12 * * 5#2', 'UTC', '2026-01-01T00:00Z', ['2026-01-09T12:00', '2026-02-13T12:00']],
    [
      'a day of the month and a weekday: either',
      '0 12 13 * 5',
      'UTC',
      '2026-01-01T00:00Z',
      ['2026-01-02T12:00', '2026-01-09T12:00', '2026-01-13T12:00'],
    ],
  ])('%s: %s in %s', (_, expression, zone, from, expected) => {
    const instants = nextInstants(cron(expression, zone), new Date(from), expected.length);
    expect(instants.map(short)).toEqual(expected);
    for (const instant of instants) expect(isInstant(cron(expression, zone), instant)).toBe(true);
  });

  it.each<[string, string, string, string, string | undefined]>([
    ['moved', '30 2 * * *', 'Europe/Berlin', '2026-03-29T01:00Z', 'moved-over-a-gap'],
    ['in its place on the next day', '30 2 * * *', 'Europe/Berlin', '2026-03-30T00:30Z', undefined],
    ['in its place beside a gap', '0 3 * * *', 'Europe/Berlin', '2026-03-29T01:00Z', undefined],
    ['the first of two', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30Z', 'first-of-two'],
    ['in its place before the doubled hour', '30 1 * * *', 'Europe/Berlin', '2026-10-24T23:30Z', undefined],
    ['the first half hour of two', '45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T14:45Z', 'first-of-two'],
  ])('says of an instant that it is %s: %s in %s', (_, expression, zone, at, expected) => {
    expect(clockChangeAt(cron(expression, zone), new Date(at))).toBe(expected);
  });

  it('of something that happens once is that instant, until it is over', () => {
    const once: When = { kind: 'once', at: '2026-05-05T01:02:00.000Z', zone: 'UTC' };
    expect(nextInstants(once, new Date('2026-05-05T01:01Z'), 5).map(short)).toEqual(['2026-05-05T01:02']);
    expect(nextInstants(once, new Date('2026-05-05T01:02Z'), 5)).toEqual([]);
  });

  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
  const expression = fc
    .tuple(
      fc.constantFrom('0', '15', '59', '0,30', '*/5', '*/20'),
      fc.constantFrom('*', '0', '1', '2', '3', '1-3', '*/6'),
      fc.constantFrom('*', '1', '29', '31', 'L'),
      fc.constantFrom('*', '2', '3,10'),
      fc.constantFrom('*', '1-5', '0'),
    )
    .map((fields) => fields.join(' '));
  const from = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

  it('rise, are after the start, and are the same wherever one begins to look', () => {
    fc.assert(
      fc.property(expression, zone, from, (text, name, start) => {
        const when = cron(text, name);
        const instants = nextInstants(when, start, 6);
        let before = start;
        for (const instant of instants) {
          expect(instant.getTime()).toBeGreaterThan(before.getTime());
          expect(instant.getTime() % 60_000).toBe(0);
          expect(nextInstants(when, before, 1)).toEqual([instant]);
          expect(isInstant(when, instant)).toBe(true);
          expect(isInstant(when, new Date(instant.getTime() + 60_000))).toBe(
            nextInstants(when, instant, 1)[0]?.getTime() === instant.getTime() + 60_000,
          );
          before = instant;
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is refused', () => {
  const from = new Date('2026-01-01T00:00Z');
  it.each<[string, When, string]>([
    ['a date that never comes', cron('0 0 30 2 *', 'UTC'), 'never comes'],
    ['every minute', cron('* * * * *', 'UTC'), 'more often'],
    ['two minutes apart', cron('0,2 4 * * *', 'UTC'), 'more often'],
    ['seconds', cron('0 0 1 1 * 2020', 'UTC'), 'five fields'],
    ['a nickname', cron('@daily', 'UTC'), 'five fields'],
    ['a date', cron('2026-05-05T00:00:00', 'UTC'), 'five fields'],
    ['a question mark', cron('? ? * * *', 'UTC'), 'five fields'],
    ['a minute that no hour has', cron('60 * * * *', 'UTC'), 'Invalid value for minute: 60'],
    ['a zone that is none', cron('0 4 * * *', 'Mars/Phobos'), 'no time zone'],
    ['an offset for a zone', cron('0 4 * * *', '+01:00'), 'no time zone'],
    ['an abbreviation for a zone', cron('0 4 * * *', 'EST'), 'no time zone'],
    ['a time that is over', { kind: 'once', at: '2025-01-01T00:00:00.000Z', zone: 'UTC' }, 'not in the future'],
  ])('%s', (_, when, message) => {
    expect(whenProblem(when, from)?.message).toContain(message);
  });

  it('nothing that is 5 minutes apart', () => {
    expect(whenProblem(cron('*/5 * * * *', 'Europe/Berlin'), from)).toBeUndefined();
    expect(LEAST_APART_MS).toBe(300_000);
  });
});
