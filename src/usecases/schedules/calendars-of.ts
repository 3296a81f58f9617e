import { fail, ok, type Result } from '../../domain/result.js';
import type { Calendar } from '../../domain/schedules/calendar.js';
import type { Calendars } from '../../ports/named-store.js';

export interface CalendarsLost {
  readonly kind: 'calendar-not-found';
  readonly name: string;
}

/** The calendars of these ids or names, in that order; all of them or a failure. */
export async function calendarsOf(
  { calendars }: { readonly calendars: Pick<Calendars, 'find'> },
  named: readonly string[],
): Promise<Result<readonly Calendar[], CalendarsLost>> {
  if (named.length === 0) return ok([]);
  const stored = await calendars.find(named);
  const found: Calendar[] = [];
  for (const name of new Set(named)) {
    const one = stored.find(({ value }) => value.id === name || value.name === name);
    if (!one) return fail({ kind: 'calendar-not-found', name });
    if (!found.includes(one.value)) found.push(one.value);
  }
  return ok(found);
}
