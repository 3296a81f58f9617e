import type { AuditEvent } from '../domain/audit.js';
import type { Result } from '../domain/result.js';
import type { Calendar } from '../domain/schedules/calendar.js';
import type { Selection } from '../domain/selection.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

/** Something that people keep under a name of its kind. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Stored<T> {
  readonly value: T;
  /** Counts the writes; the ETag. */
  readonly revision: number;
}

type Taken<Kind extends string> = { readonly kind: `${Kind}-name-taken` };
type Lost<Kind extends string> = { readonly kind: `${Kind}-not-found` } | { readonly kind: 'etag-mismatch' };

/**
 * What people keep under names. Each write is in the audit log.
 * @typeParam InUse the code of what is not removed, where something may name it
 */
export interface NamedStore<T extends Named, Kind extends string, InUse extends string = never> {
  create(key: IdempotencyKey, value: T, event: AuditEvent): Promise<Result<Made<T>, KeyMismatch | Taken<Kind>>>;
  /** By id or by name; those that there are. */
  find(idsOrNames: readonly string[]): Promise<readonly Stored<T>[]>;
  /** By name. */
  list(): Promise<readonly Stored<T>[]>;
  replace(value: T, revision: number, event: AuditEvent): Promise<Result<Stored<T>, Taken<Kind> | Lost<Kind>>>;
  remove(
    id: string,
    revision: number | undefined,
    event: AuditEvent,
  ): Promise<Result<undefined, Lost<Kind> | { readonly kind: InUse }>>;
}

/** `calendar-in-use`: a schedule that was not removed names it. */
export type Calendars = NamedStore<Calendar, 'calendar', 'calendar-in-use'>;
export type Selections = NamedStore<Selection, 'selection'>;
