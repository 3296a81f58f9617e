import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import { calendarProblems, type Calendar } from '../../domain/schedules/calendar.js';
import type { ScheduleProblem } from '../../domain/schedules/schedule-problems.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { Stored } from '../../ports/named-store.js';
import type { ApiContext } from '../api-context.js';
import { editsOf } from '../named/edit-named.js';

export type CalendarFailure =
  | KeyMismatch
  | { readonly kind: 'calendar-refused'; readonly problems: readonly ScheduleProblem[] }
  | { readonly kind: 'calendar-not-found'; readonly name?: string }
  | { readonly kind: 'calendar-name-taken' | 'calendar-in-use' | 'etag-mismatch' };

/** What a person says of a calendar. */
export type CalendarWish = Omit<Calendar, 'id'>;
type CalendarContext = Pick<ApiContext, 'calendars' | 'newId'>;

const edits = ({ calendars, newId }: CalendarContext) => editsOf('calendar', calendars, newId);

export async function createCalendar(
  context: CalendarContext,
  actor: Actor,
  key: string,
  wish: CalendarWish,
): Promise<Result<Made<Calendar>, CalendarFailure>> {
  const problems = calendarProblems(wish);
  if (problems.length > 0) return fail({ kind: 'calendar-refused', problems });
  return edits(context).create(actor, key, wish);
}

/** Schedules that name it go by its new windows from their next look on. */
export async function replaceCalendar(
  context: CalendarContext,
  actor: Actor,
  before: Stored<Calendar>,
  wish: CalendarWish,
): Promise<Result<Stored<Calendar>, CalendarFailure>> {
  const problems = calendarProblems(wish);
  if (problems.length > 0) return fail({ kind: 'calendar-refused', problems });
  return edits(context).replace(actor, before, wish);
}

export const removeCalendar = (
  context: CalendarContext,
  actor: Actor,
  calendar: Stored<Calendar>,
  revision: number | undefined,
): Promise<Result<undefined, CalendarFailure>> => edits(context).remove(actor, calendar, revision);
