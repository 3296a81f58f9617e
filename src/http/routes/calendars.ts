import type { ApiContext } from '../../usecases/api-context.js';
import { createCalendar, removeCalendar, replaceCalendar } from '../../usecases/schedules/edit-calendars.js';
import { etagOf, matches } from '../etag.js';
import { failure, route, type Route } from '../route.js';
import { IfMatch } from '../schemas/queries.js';
import { CalendarBody, CalendarPage, CalendarShown } from '../schemas/calendars.js';

/** When schedules may begin: blackout and maintenance windows. */
export function calendarRoutes(context: ApiContext): readonly Route[] {
  const find = async (idOrName: string) => (await context.calendars.find([idOrName]))[0];
  return [
    route({
      method: 'get',
      path: '/calendars',
      summary: 'The calendars, by name.',
      action: 'read-schedules',
      answers: 200,
      answer: CalendarPage,
      handle: async () => {
        const items = (await context.calendars.list()).map(({ value }) => value);
        return { kind: 'answer', body: { items, next: null } };
      },
    }),
    route({
      method: 'get',
      path: '/calendars/:id',
      summary: 'One calendar, by its id or its name.',
      action: 'read-schedules',
      answers: 200,
      answer: CalendarShown,
      problems: ['calendar-not-found'],
      handle: async ({ id }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'calendar-not-found' });
        return { kind: 'answer', body: stored.value, headers: { ETag: etagOf(stored.revision) } };
      },
    }),
    route({
      method: 'post',
      path: '/calendars',
      summary: 'Add a calendar.',
      action: 'edit-calendars',
      body: CalendarBody,
      answers: 201,
      answer: CalendarShown,
      problems: ['idempotency-mismatch', 'calendar-refused', 'calendar-name-taken'],
      handle: async ({ actor, body, idempotencyKey }) => {
        const created = await createCalendar(context, actor, idempotencyKey, body);
        if (!created.ok) return failure(created.error);
        const { made } = created.value;
        return { kind: 'answer', body: made, headers: { Location: `/v1/calendars/${made.id}` } };
      },
    }),
    route({
      method: 'patch',
      path: '/calendars/:id',
      summary: 'Replace a calendar; schedules go by it from their next look on. If-Match guards against a lost update.',
      action: 'edit-calendars',
      body: CalendarBody,
      headers: IfMatch,
      answers: 200,
      answer: CalendarShown,
      problems: ['calendar-not-found', 'calendar-refused', 'calendar-name-taken', 'etag-mismatch'],
      handle: async ({ actor, id, body, headers }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'calendar-not-found' });
        if (!matches(headers['If-Match'], stored.revision)) return failure({ kind: 'etag-mismatch' });
        const replaced = await replaceCalendar(context, actor, stored, body);
        if (!replaced.ok) return failure(replaced.error);
        const { value, revision } = replaced.value;
        return { kind: 'answer', body: value, headers: { ETag: etagOf(revision) } };
      },
    }),
    route({
      method: 'delete',
      path: '/calendars/:id',
      summary: 'Remove a calendar that no schedule names. If-Match guards what somebody else has changed meanwhile.',
      action: 'edit-calendars',
      headers: IfMatch,
      answers: 204,
      problems: ['calendar-not-found', 'calendar-in-use', 'etag-mismatch'],
      handle: async ({ actor, id, headers }) => {
        const stored = await find(id);
        if (!stored) return failure({ kind: 'calendar-not-found' });
        const match = headers['If-Match'];
        if (!matches(match, stored.revision)) return failure({ kind: 'etag-mismatch' });
        const revision = match === undefined ? undefined : stored.revision;
        const removed = await removeCalendar(context, actor, stored, revision);
        return removed.ok ? { kind: 'answer', body: undefined } : failure(removed.error);
      },
    }),
  ];
}
