import type { AuditEvent } from '../domain/audit.js';
import type { Result } from '../domain/result.js';
import type { Target } from '../domain/target.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

export interface StoredTarget {
  readonly target: Target;
  readonly revision: number;
}

export interface Inventory {
  get(id: string): Promise<StoredTarget | undefined>;
  byName(name: string): Promise<StoredTarget | undefined>;
  /** Of each of these ids or names the target that it means, an id before a name: one statement. */
  find(named: readonly string[]): Promise<ReadonlyMap<string, StoredTarget>>;
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly StoredTarget[]>;
  /** Names and machines are unique. The target, its event and the key are one; a repeat gives the target as it was made. */
  create(
    key: IdempotencyKey,
    target: Target,
    event: AuditEvent,
  ): Promise<Result<Made<Target>, KeyMismatch | { kind: 'name-taken' | 'machine-taken' }>>;
  /** All or none, with their events and the key as one. `taken`: names and machines of these that the inventory has already. */
  createAll(
    key: IdempotencyKey,
    targets: readonly Target[],
    events: readonly AuditEvent[],
  ): Promise<
    Result<
      Made<readonly Pick<Target, 'id' | 'name'>[]>,
      KeyMismatch | { kind: 'taken'; names: readonly string[]; machines: readonly string[] }
    >
  >;
  replace(
    target: Target,
    revision: number,
    event: AuditEvent,
  ): Promise<Result<StoredTarget, { kind: 'name-taken' | 'machine-taken' | 'etag-mismatch' | 'target-not-found' }>>;
  /** @param revision the one that is removed; undefined: whichever there is */
  remove(
    id: string,
    revision: number | undefined,
    event: AuditEvent,
  ): Promise<Result<undefined, { kind: 'etag-mismatch' | 'target-not-found' }>>;
}
