import type { ApiContext } from '../../usecases/api-context.js';
import { changeSchedule, type ScheduleChange } from '../../usecases/schedules/change-schedule.js';
import { failure, route, type Route } from '../route.js';
import { ScheduleSummary } from '../schemas/schedules.js';
import { scheduleSummary } from '../views/schedule.js';

const SUMMARIES = {
  pause: 'Pause a schedule: it submits nothing until it is resumed.',
  resume: 'Resume a schedule with its next instant; what came while it was paused is not made up for.',
} as const;

/** Pauses or resumes a schedule. */
export function changing(context: ApiContext, change: Exclude<ScheduleChange, 'remove'>): Route {
  return route({
    method: 'post',
    path: `/schedules/:id/${change}`,
    summary: SUMMARIES[change],
    action: 'schedule',
    answers: 200,
    answer: ScheduleSummary,
    problems: ['schedule-not-found', 'schedule-changed', 'schedule-ended'],
    handle: async ({ actor, id }) => {
      const changed = await changeSchedule(context, actor, id, change);
      return changed.ok ? { kind: 'answer', body: scheduleSummary(changed.value) } : failure(changed.error);
    },
  });
}
