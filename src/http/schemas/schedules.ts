import { Type } from 'typebox';
import type { ValueObject } from '../../domain/canonical.js';
import { DURATION_PATTERN } from '../../domain/schedules/schedule-problems.js';
import { PersonRef, time } from './jobs.js';
import { closed, literals, name, reason } from './parts.js';
import { instant } from './requests.js';
import { zone } from './calendars.js';
import { Filter } from './filter.js';
import { oneOf } from './one-of.js';

const duration = Type.String({ pattern: DURATION_PATTERN, description: 'Such as `30m`, `8h` or `0s`.' });
const whens = [
  Type.Object(
    {
      kind: Type.Literal('cron'),
      expression: Type.String({
        maxLength: 200,
        pattern: '^[!-~]+( [!-~]+)*$',
        description: 'Five fields: minute hour day-of-month month day-of-week.',
      }),
      zone,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('once'), at: instant, zone }, closed),
] as const;
const misfires = [
  Type.Object({ policy: Type.Literal('skip') }, closed),
  Type.Object({ policy: Type.Literal('run-once'), within: duration }, closed),
] as const;
const approvals = [
  Type.Object({ kind: Type.Literal('each-time'), lead: duration }, closed),
  Type.Object({ kind: Type.Literal('standing') }, closed),
  Type.Object({ kind: Type.Literal('none') }, closed),
] as const;
const timing = {
  when: oneOf('kind', whens),
  jitter: duration,
  misfire: oneOf('policy', misfires),
  window: duration,
  approval: oneOf('kind', approvals),
  calendars: Type.Array(name, { maxItems: 10, uniqueItems: true, description: 'Names or ids.' }),
};
const asked = {
  runbook: name,
  parameters: Type.Unsafe<ValueObject>({ type: 'object', additionalProperties: true }),
  reason,
  ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[ -~]*$' })),
};
/** A scan is over a filter or over a selection, by its id or name. */
const actions = [
  Type.Object({ kind: Type.Literal('job'), ...asked, target: name }, closed),
  Type.Object(
    { kind: Type.Literal('scan'), ...asked, select: Type.Optional(Filter), selection: Type.Optional(name) },
    closed,
  ),
] as const;
const action = oneOf('kind', actions);

/** How many of the next runs are shown. */
const count = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }));
export const NextQuery = Type.Object({ count }, closed);
export const PreviewBody = Type.Object({ ...timing, count }, closed);
export const ScheduleBody = Type.Object({ name, ...timing, action }, closed);
const text = Type.String();
export const NextRun = Type.Object(
  {
    instant: time,
    local: Type.String({ description: "The wall clock of the schedule's zone with its offset." }),
    clockChange: Type.Optional(literals('moved-over-a-gap', 'first-of-two')),
    opens: Type.Optional(time),
    closes: Type.Optional(time),
    submitAt: Type.Optional(time),
    closedBy: Type.Optional(Type.String({ description: 'The calendar for which nothing runs then.' })),
  },
  closed,
);
export const NextRuns = Type.Object({ items: Type.Array(NextRun) }, closed);

const Firing = Type.Object(
  {
    first: time,
    instant: time,
    count: Type.Integer(),
    outcome: literals('submitted', 'missed'),
    cause: Type.Optional(text),
    detail: Type.Optional(text),
    job: Type.Optional(text),
    scan: Type.Optional(text),
    at: time,
  },
  closed,
);

const summary = {
  id: text,
  name: text,
  status: literals('active', 'paused', 'ended', 'removed'),
  ...timing,
  action,
  owner: PersonRef,
  next: Type.Optional(time),
  createdAt: time,
};
export const ScheduleSummary = Type.Object(summary, closed);
export const SchedulePage = Type.Object(
  { items: Type.Array(ScheduleSummary), next: Type.Union([text, Type.Null()]) },
  closed,
);
export const ScheduleDetail = Type.Object(
  { ...summary, digest: text, nextRuns: Type.Array(NextRun), firings: Type.Array(Firing) },
  closed,
);
