import { calendarProblems } from '../../domain/schedules/calendar.js';
import type { ScheduleProblem } from '../../domain/schedules/schedule-problems.js';
import type { KeyMismatch } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { editsOf } from '../named/edit-named.js';

export type CalendarFailure =
  | KeyMismatch
  | { readonly kind: 'calendar-refused'; readonly problems: readonly ScheduleProblem[] }
  | { readonly kind: 'calendar-not-found'; readonly name?: string }
  | { readonly kind: 'calendar-name-taken' | 'calendar-in-use' | 'etag-mismatch' };

export const calendarEdits = ({ calendars, newId }: Pick<ApiContext, 'calendars' | 'newId'>) =>
  editsOf('calendar', calendars, newId, (wish) => {
    const problems = calendarProblems(wish);
    return problems.length > 0 ? ({ kind: 'calendar-refused', problems } as const) : undefined;
  });
