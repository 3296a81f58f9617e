import { describe, expect, it } from '@jest/globals';
import { approvalProblems, scheduleProblems } from '../../../src/domain/schedules/schedule-problems.js';
import type { ScheduleSpec } from '../../../src/domain/schedules/schedule.js';

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
const NOW = new Date('2026-01-01T00:00Z');
const hourly = { when: { kind: 'cron', expression: '0 * * * *', zone: 'UTC' } } as const;
const lead = { approval: { kind: 'each-time', lead: '8h' } } as const;

describe('what is wrong with a schedule', () => {
  it.each<[string, Partial<ScheduleSpec>, string[]]>([
    ['nothing', {}, []],
    ['its expression', { when: { kind: 'cron', expression: 'x', zone: 'UTC' } }, ['/when/expression']],
    ['its zone', { when: { kind: 'cron', expression: '0 4 * * *', zone: 'x' } }, ['/when/zone']],
    ['a window of a minute', { window: '1m' }, ['/window']],
    ['a window of a week', { window: '7d' }, ['/window']],
    ['a grace of days', { misfire: { policy: 'run-once', within: '2d' } }, ['/misfire/within']],
    ['jitter over the next instant', { ...hourly, jitter: '1h' }, ['/jitter']],
    ['a lead over the last instant', { ...hourly, ...lead }, ['/approval/lead']],
    [
      'all at once',
      { jitter: '7h', window: '1m', misfire: { policy: 'run-once', within: '0m' } },
      ['/jitter', '/window', '/misfire/within'],
    ],
  ])('%s', (_, more, paths) => {
    expect(scheduleProblems(spec(more), NOW).map(({ path }) => path)).toEqual(paths);
  });
});

describe('the approval of a schedule', () => {
  const scan = { kind: 'scan', runbook: 'r', selection: 's', parameters: {}, reason: 'x' } as const;
  it.each<[string, Partial<ScheduleSpec>, string[]]>([
    ['is that of jobs for jobs', {}, []],
    ['is none for scans', { action: scan, approval: { kind: 'none' } }, []],
    ['is not none for jobs', { approval: { kind: 'none' } }, ['/approval/kind']],
    ['is not one for scans', { action: scan }, ['/approval/kind']],
  ])('%s', (_, more, paths) => expect(approvalProblems(spec(more)).map(({ path }) => path)).toEqual(paths));
});
