import type { ApiContext } from '../../usecases/api-context.js';
import { calendarEdits } from '../../usecases/schedules/edit-calendars.js';
import { namedReplies } from '../named-replies.js';
import { route, type Route } from '../route.js';
import { IfMatch } from '../schemas/queries.js';
import { CalendarBody, CalendarPage, CalendarShown } from '../schemas/calendars.js';

/** When schedules may begin: blackout and maintenance windows. */
export function calendarRoutes(context: ApiContext): readonly Route[] {
  const replies = namedReplies('/v1/calendars', {
    store: context.calendars,
    notFound: { kind: 'calendar-not-found' },
    edits: calendarEdits(context),
  });
  return [
    route({
      method: 'get',
      path: '/calendars',
      summary: 'The calendars, by name.',
      action: 'read-schedules',
      answers: 200,
      answer: CalendarPage,
      handle: replies.list,
    }),
    route({
      method: 'get',
      path: '/calendars/:id',
      summary: 'One calendar, by its id or its name.',
      action: 'read-schedules',
      answers: 200,
      answer: CalendarShown,
      problems: ['calendar-not-found'],
      handle: ({ id }) => replies.show(id),
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
      handle: ({ actor, body, idempotencyKey }) => replies.create(actor, idempotencyKey, body),
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
      handle: ({ actor, id, body, headers }) => replies.replace(actor, id, headers['If-Match'], body),
    }),
    route({
      method: 'delete',
      path: '/calendars/:id',
      summary: 'Remove a calendar that no schedule names. If-Match guards what somebody else has changed meanwhile.',
      action: 'edit-calendars',
      headers: IfMatch,
      answers: 204,
      problems: ['calendar-not-found', 'calendar-in-use', 'etag-mismatch'],
      handle: ({ actor, id, headers }) => replies.remove(actor, id, headers['If-Match']),
    }),
  ];
}
