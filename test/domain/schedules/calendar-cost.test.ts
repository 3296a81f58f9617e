import { expect, it } from '@jest/globals';
import { nextOpening, type WindowsIn } from '../../../src/domain/schedules/calendar.js';
import { occurrenceAt } from '../../../src/domain/schedules/due.js';
import type { Timed } from '../../../src/domain/schedules/schedule.js';

/** Fifty windows of a day each that overlap: nothing ever opens. One such calendar kept the API busy for minutes. */
const always: WindowsIn & { id: string; name: string } = {
  ...{ id: 'c', name: 'always', kind: 'blackout', zone: 'Europe/Berlin' },
  windows: Array.from({ length: 50 }, (_, i) => {
    const minute = i * 28;
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    return { kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: time, to: time };
  }),
};
const schedule = {
  id: 's',
  spec: {
    ...{ when: { kind: 'cron', expression: '0 2 * * *', zone: 'UTC' }, jitter: '0s', window: '72h' },
    ...{ misfire: { policy: 'run-once', within: '24h' }, approval: { kind: 'each-time', lead: '1h' } },
  },
} as unknown as Timed;

it('a calendar that never opens is found out without a look at each window of a year', () => {
  const { formatToParts } = Intl.DateTimeFormat.prototype;
  let looks = 0;
  Intl.DateTimeFormat.prototype.formatToParts = function (this: Intl.DateTimeFormat, ...given) {
    looks += 1;
    return formatToParts.apply(this, given);
  };
  try {
    // Over a change of clocks.
    for (let day = 0; day < 20; day++) {
      const instant = new Date(Date.parse('2026-03-20T02:00:00Z') + day * 24 * 3_600_000);
      expect(occurrenceAt(schedule, instant, [always])).toEqual({ closedBy: 'always' });
      expect(nextOpening([always], instant, new Date(instant.getTime() + 24 * 3_600_000))).toBeUndefined();
    }
  } finally {
    Intl.DateTimeFormat.prototype.formatToParts = formatToParts;
  }
  // It was more than a million for one of them.
  expect(looks).toBeLessThan(20_000);
});
