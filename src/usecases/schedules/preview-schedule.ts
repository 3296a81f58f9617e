import { fail, ok, type Result } from '../../domain/result.js';
import { nextRuns, type NextRun } from '../../domain/schedules/preview.js';
import { scheduleProblems, type ScheduleProblem } from '../../domain/schedules/schedule-problems.js';
import type { Schedule, Timing } from '../../domain/schedules/schedule.js';
import type { ApiContext } from '../api-context.js';
import { calendarsOf, type CalendarsLost } from './calendars-of.js';

export type PreviewFailure =
  CalendarsLost | { readonly kind: 'schedule-refused'; readonly problems: readonly ScheduleProblem[] };

/** The next runs of a schedule that is not stored. Its jitter is that of an id, so that they are shown without it. */
export async function previewSchedule(
  context: Pick<ApiContext, 'calendars'>,
  timing: Timing,
  count: number,
): Promise<Result<readonly NextRun[], PreviewFailure>> {
  const now = new Date();
  const problems = scheduleProblems(timing, now);
  if (problems.length > 0) return fail({ kind: 'schedule-refused', problems });
  const calendars = await calendarsOf(context, timing.calendars);
  if (!calendars.ok) return calendars;
  return ok(nextRuns({ id: '', spec: { ...timing, jitter: '0s' } }, now, count, calendars.value));
}

/** The next runs of a stored one, as it will fire; none while it is not active. */
export async function nextRunsOf(
  context: Pick<ApiContext, 'calendars'>,
  schedule: Schedule,
  count: number,
): Promise<readonly NextRun[]> {
  if (schedule.status !== 'active' || !schedule.next) return [];
  const calendars = await calendarsOf(context, schedule.spec.calendars);
  // The stored instant is the first one, though it may be due already.
  const before = new Date(schedule.next.getTime() - 1);
  return nextRuns(schedule, before, count, calendars.ok ? calendars.value : []);
}
