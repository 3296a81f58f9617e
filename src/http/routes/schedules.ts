import type { ScheduleSpec } from '../../domain/schedules/schedule.js';
import { isUuid } from '../../domain/uuid.js';
import type { ApiContext } from '../../usecases/api-context.js';
import { changeSchedule } from '../../usecases/schedules/change-schedule.js';
import { createSchedule } from '../../usecases/schedules/create-schedule.js';
import { nextRunsOf, previewSchedule } from '../../usecases/schedules/preview-schedule.js';
import { findSchedule, seenBy } from '../../usecases/schedules/see-schedule.js';
import { cursorText, DEFAULT_LIMIT, page } from '../page.js';
import { invalidCursor } from '../problem.js';
import { failure, route, type Route } from '../route.js';
import { selectAsSent } from '../select-as-sent.js';
import { PageQuery } from '../schemas/queries.js';
import {
  NextQuery,
  NextRuns,
  PreviewBody,
  ScheduleBody,
  ScheduleDetail,
  SchedulePage,
  ScheduleSummary,
} from '../schemas/schedules.js';
import { runView, scheduleDetail, scheduleSummary } from '../views/schedule.js';
import { changing } from './schedule-changes.js';
import { SUBMIT } from './submissions.js';

/** Of the next runs, and of what became of the last ones. */
const SHOWN = 5;
const FIRINGS = 50;

/** What happens at times: people make a schedule once, and the API fires it in their name. */
export function scheduleRoutes(context: ApiContext): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/schedules',
      summary: 'The schedules, oldest first, without those that were removed.',
      action: 'read-schedules',
      query: PageQuery,
      answers: 200,
      answer: SchedulePage,
      handle: async ({ actor, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const after = cursorText(cursor);
        if (after !== undefined && !isUuid(after)) return failure(invalidCursor);
        const schedules = await context.schedules.list({ limit, ...(after === undefined ? {} : { after }) });
        const { next } = page(schedules, limit, ({ id }) => id);
        const items = (await seenBy(context, actor, schedules)).map(scheduleSummary);
        return { kind: 'answer', body: { items, next } };
      },
    }),
    route({
      method: 'get',
      path: '/schedules/:id',
      summary: 'One schedule, by its id or its name, with its next runs and what became of the last ones.',
      action: 'read-schedules',
      answers: 200,
      answer: ScheduleDetail,
      problems: ['schedule-not-found'],
      handle: async ({ actor, id }) => {
        const schedule = await findSchedule(context, actor, id);
        if (!schedule) return failure({ kind: 'schedule-not-found' });
        const runs = await nextRunsOf(context, schedule, SHOWN);
        const firings = await context.schedules.firings(schedule.id, FIRINGS);
        return { kind: 'answer', body: scheduleDetail(schedule, runs, firings) };
      },
    }),
    route({
      method: 'get',
      path: '/schedules/:id/next',
      summary: 'The next runs of a schedule, computed by what fires it.',
      action: 'read-schedules',
      query: NextQuery,
      answers: 200,
      answer: NextRuns,
      problems: ['schedule-not-found'],
      handle: async ({ actor, id, query: { count = SHOWN } }) => {
        const schedule = await findSchedule(context, actor, id);
        if (!schedule) return failure({ kind: 'schedule-not-found' });
        return { kind: 'answer', body: { items: (await nextRunsOf(context, schedule, count)).map(runView) } };
      },
    }),
    route({
      method: 'post',
      path: '/schedules:preview',
      summary: 'The next runs of a schedule before it is saved, without its jitter.',
      action: 'read-schedules',
      body: PreviewBody,
      answers: 200,
      answer: NextRuns,
      problems: ['schedule-refused', 'calendar-not-found'],
      handle: async ({ body: { count = SHOWN, ...timing } }) => {
        const runs = await previewSchedule(context, timing, count);
        return runs.ok ? { kind: 'answer', body: { items: runs.value.map(runView) } } : failure(runs.error);
      },
    }),
    route({
      method: 'post',
      path: '/schedules',
      summary: 'Make a schedule. It submits in your name; nothing is changed without an approval.',
      action: 'schedule',
      body: ScheduleBody,
      answers: 201,
      answer: ScheduleSummary,
      problems: [
        ...(['not-allowed', 'idempotency-mismatch', 'schedule-refused', 'schedule-name-taken'] as const),
        ...(['calendar-not-found', 'selection-empty', 'selection-unbounded', 'selection-unclear'] as const),
        ...(['selection-not-found', 'scan-refused', 'scan-too-large', 'too-many-scans', ...SUBMIT] as const),
      ],
      handle: async ({ actor, body, sent, idempotencyKey }) => {
        const spec = asSent(body, sent);
        const created = await createSchedule(context, actor, idempotencyKey, spec);
        if (!created.ok) return failure(created.error);
        const { made } = created.value;
        return { kind: 'answer', body: scheduleSummary(made), headers: { Location: `/v1/schedules/${made.id}` } };
      },
    }),
    ...(['pause', 'resume'] as const).map((change) => changing(context, change)),
    route({
      method: 'delete',
      path: '/schedules/:id',
      summary: 'Remove a schedule for good. Jobs that it has submitted stay as they are.',
      action: 'schedule',
      answers: 204,
      problems: ['schedule-not-found', 'schedule-changed', 'schedule-ended'],
      handle: async ({ actor, id }) => {
        const removed = await changeSchedule(context, actor, id, 'remove');
        return removed.ok ? { kind: 'answer', body: undefined } : failure(removed.error);
      },
    }),
  ];
}

/** Without the lists that were added to the filter of a scan. */
function asSent(body: ScheduleSpec, sent: unknown): ScheduleSpec {
  const { action } = body;
  if (action.kind === 'job' || action.select === undefined) return body;
  const { select, ...others } = action;
  const of = (sent as { readonly action?: { readonly select?: unknown } }).action;
  return { ...body, action: of?.select === undefined ? others : { ...others, select: selectAsSent(select, of) } };
}
