import { labelledDigest } from '../../domain/digest.js';
import type { Actor } from '../../domain/people.js';
import { fail, type Result } from '../../domain/result.js';
import { calendarProblems, type Calendar } from '../../domain/schedules/calendar.js';
import type { ScheduleProblem } from '../../domain/schedules/schedule.js';
import type { StoredCalendar } from '../../ports/calendars.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { scopeOf } from '../submit/idempotency.js';

export type CalendarFailure =
  | KeyMismatch
  | { readonly kind: 'calendar-refused'; readonly problems: readonly ScheduleProblem[] }
  | { readonly kind: 'calendar-not-found'; readonly name?: string }
  | { readonly kind: 'calendar-name-taken' | 'calendar-in-use' | 'etag-mismatch' };

/** What a person says of a calendar. */
export type CalendarWish = Omit<Calendar, 'id'>;

const digestOf = (calendar: Calendar | undefined) =>
  calendar === undefined ? null : labelledDigest('fixpoint-calendar-v1', calendar);

/** What the audit log says of a change: the digest of the form before and after. */
const said = ({ id, name }: Calendar, before: Calendar | undefined, after: Calendar | undefined) => ({
  data: { calendar: id, name, before: digestOf(before), after: digestOf(after) },
});

export async function createCalendar(
  context: Pick<ApiContext, 'calendars' | 'newId'>,
  actor: Actor,
  key: string,
  wish: CalendarWish,
): Promise<Result<Made<Calendar>, CalendarFailure>> {
  const problems = calendarProblems(wish);
  if (problems.length > 0) return fail({ kind: 'calendar-refused', problems });
  const calendar = { ...wish, id: context.newId() };
  const details = said(calendar, undefined, calendar);
  const event = personEvent(context.newId, actor.person, 'calendar.created', undefined, details);
  return context.calendars.create(scopeOf(actor, 'POST /v1/calendars', key, wish), calendar, event);
}

/** Schedules that name it go by its new windows from their next look on. */
export async function replaceCalendar(
  context: Pick<ApiContext, 'calendars' | 'newId'>,
  actor: Actor,
  { calendar: before, revision }: StoredCalendar,
  wish: CalendarWish,
): Promise<Result<StoredCalendar, CalendarFailure>> {
  const problems = calendarProblems(wish);
  if (problems.length > 0) return fail({ kind: 'calendar-refused', problems });
  const calendar = { ...wish, id: before.id };
  const details = said(calendar, before, calendar);
  const event = personEvent(context.newId, actor.person, 'calendar.changed', undefined, details);
  return context.calendars.replace(calendar, revision, event);
}

export function removeCalendar(
  context: Pick<ApiContext, 'calendars' | 'newId'>,
  actor: Actor,
  { calendar }: StoredCalendar,
  revision: number | undefined,
): Promise<Result<undefined, CalendarFailure>> {
  const details = said(calendar, calendar, undefined);
  const event = personEvent(context.newId, actor.person, 'calendar.deleted', undefined, details);
  return context.calendars.remove(calendar.id, revision, event);
}
