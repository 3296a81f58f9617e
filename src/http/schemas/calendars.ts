import { Type } from 'typebox';
import { MOST_WINDOWS } from '../../domain/schedules/calendar.js';
import { oneOf } from './one-of.js';
import { closed, literals, name } from './parts.js';

export const zone = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[A-Za-z0-9_+/-]+$',
  description: 'IANA time zone.',
});
const local = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$' });
const clock = Type.String({ pattern: '^[0-9]{2}:[0-9]{2}$' });

const windows = [
  Type.Object(
    {
      kind: Type.Literal('weekly'),
      days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        ...{ minItems: 1, maxItems: 7, uniqueItems: true },
        description: '1 is Monday, 7 is Sunday.',
      }),
      from: clock,
      to: clock,
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('once'), from: local, to: local }, closed),
] as const;

export const CalendarWindows = Type.Array(oneOf('kind', windows), { maxItems: MOST_WINDOWS });

export const CalendarBody = Type.Object(
  {
    name,
    kind: literals('blackout', 'maintenance'),
    zone,
    windows: CalendarWindows,
  },
  closed,
);

const calendar = { id: Type.String(), ...CalendarBody.properties };
export const CalendarShown = Type.Object(calendar, closed);
export const CalendarPage = Type.Object({ items: Type.Array(CalendarShown), next: Type.Null() }, closed);
