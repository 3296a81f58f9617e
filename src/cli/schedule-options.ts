import { InvalidArgumentError, Option, type Command } from 'commander';
import { DURATION_PATTERN } from '../domain/schedules/schedule-problems.js';
import type { Timing } from '../domain/schedules/schedule.js';
import { collect, comingTime } from './io.js';
import { usage } from './terminal.js';

/** What the timing options of a command say. */
export interface TimingSaid {
  readonly cron?: string;
  readonly at?: string;
  readonly zone?: string;
  readonly window: string;
  readonly jitter: string;
  readonly late?: string;
  /** Absent: of a scan, which needs no approval. */
  readonly approval?: 'each-time' | 'standing';
  readonly lead?: string;
  readonly calendar?: readonly string[];
}

function duration(text: string): string {
  if (!new RegExp(DURATION_PATTERN).test(text)) throw new InvalidArgumentError('Not a duration: write 30m, 8h or 1d.');
  return text;
}

/** The options that say when something happens. */
export const addTimingOptions = (command: Command): Command =>
  command
    .option('--cron <expression>', 'five fields: minute hour day-of-month month day-of-week, such as "30 2 * * 1-5"')
    .option('--at <time>', 'once: 2h, or a time such as 2026-01-31T22:00:00Z', comingTime)
    .option('--zone <zone>', 'IANA time zone, such as Europe/Berlin')
    .option('--window <duration>', 'how long after its time it may begin to change something', duration, '1h')
    .option('--jitter <duration>', 'put each run off by up to so much', duration, '0s')
    .option(
      '--late <duration>',
      'run a missed time once, no later than so long after; otherwise it is skipped',
      duration,
    )
    .option('--calendar <name>', 'a calendar that it keeps to; may be repeated', collect);

/** The options that say who approves what a schedule asks for. */
export const addApprovalOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--approval <kind>', 'who approves: a person each time, or a standing approval')
        .choices(['each-time', 'standing'])
        .default('each-time'),
    )
    .option(
      '--lead <duration>',
      'how long before its time it is planned, so that a person can approve it',
      duration,
      '8h',
    );

/** What they say, as the API takes it. @throws CommanderError (usage) where they do not fit together */
export function timingOf(said: TimingSaid): Timing & { calendars: string[] } {
  const { cron, at, zone, window, jitter, late, approval, lead = '8h', calendar = [] } = said;
  if ((cron === undefined) === (at === undefined)) throw usage('Say when: either --cron or --at.');
  if (cron !== undefined && zone === undefined) throw usage('Say in which time zone: --zone, such as Europe/Berlin.');
  return {
    when:
      cron === undefined
        ? { kind: 'once', at: at ?? '', zone: zone ?? 'UTC' }
        : { kind: 'cron', expression: cron.trim().replaceAll(/\s+/g, ' '), zone: zone ?? 'UTC' },
    ...{ window, jitter, calendars: [...calendar] },
    misfire: late === undefined ? { policy: 'skip' } : { policy: 'run-once', within: late },
    approval: approval === 'each-time' ? { kind: approval, lead } : { kind: approval ?? 'none' },
  };
}
