import type { AuditEvent } from '../domain/audit.js';
import type { Result } from '../domain/result.js';
import type { Calendar } from '../domain/schedules/calendar.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

export interface StoredCalendar {
  readonly calendar: Calendar;
  /** Counts the writes; the ETag. */
  readonly revision: number;
}

type Taken = { readonly kind: 'calendar-name-taken' };
type Lost = { readonly kind: 'calendar-not-found' | 'etag-mismatch' };

export interface Calendars {
  create(
    key: IdempotencyKey,
    calendar: Calendar,
    event: AuditEvent,
  ): Promise<Result<Made<Calendar>, KeyMismatch | Taken>>;
  /** By id or by name; those that there are. */
  find(idsOrNames: readonly string[]): Promise<readonly StoredCalendar[]>;
  /** By name. */
  list(): Promise<readonly StoredCalendar[]>;
  replace(calendar: Calendar, revision: number, event: AuditEvent): Promise<Result<StoredCalendar, Taken | Lost>>;
  /** `calendar-in-use`: a schedule that was not removed names it. */
  remove(
    id: string,
    revision: number | undefined,
    event: AuditEvent,
  ): Promise<Result<undefined, Lost | { readonly kind: 'calendar-in-use' }>>;
}
