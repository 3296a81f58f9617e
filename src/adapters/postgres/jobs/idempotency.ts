import { sql, type QueryCreator } from 'kysely';
import { auditBytes, type AuditEvent } from '../../../domain/audit.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { Database, Db } from '../schema.js';

/** Undoes the transaction around it, if there is one. */
export class KeyMismatched extends Error {
  readonly failure = { kind: 'idempotency-mismatch' } as const;

  constructor() {
    super('this key was used with another request');
    this.name = 'KeyMismatched';
  }
}

export interface Kept {
  readonly job_id: string | null;
  readonly answer: string | null;
}

/**
 * The part of a statement that takes a key; whatever else the statement writes must come `FROM key`. It gives no row when the key
 * is known, or while all work is frozen where that `stops` it; a twin in flight holds the key's entry, so that this waits until it
 * commits or gives up.
 */
export function takeKey(key: IdempotencyKey, kept: Partial<Kept>, { frozenStops = false } = {}) {
  return (query: QueryCreator<Database>) =>
    query
      .insertInto('idempotency_keys')
      .columns(['actor', 'route', 'key', 'request_sha256', 'job_id', 'answer'])
      .expression(
        query
          .selectNoFrom([
            text(key.actor).as('actor'),
            text(key.route).as('route'),
            text(key.key).as('key'),
            text(key.requestSha256).as('request_sha256'),
            uuid(kept.job_id).as('job_id'),
            text(kept.answer).as('answer'),
          ])
          .$if(frozenStops, (select) =>
            select.where(({ not, exists, selectFrom }) => not(exists(selectFrom('global_freeze').select('only_row')))),
          ),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('key');
}

/**
 * One effect a key: `make` is one statement that begins with `takeKey` and gives what it wrote, or undefined where it took no key.
 * Then the first request's answer is given `again`; where no request had the key, `unmade` says why nothing was made, by
 * throwing, or it is tried once more.
 * @throws KeyMismatched when the key was used with another request.
 */
export async function once<T>(
  db: Db,
  key: IdempotencyKey,
  make: () => Promise<T | undefined>,
  again: (kept: Kept) => Promise<T | undefined>,
  unmade: () => Promise<void> = () => Promise.resolve(),
): Promise<Made<T>> {
  for (;;) {
    const made = await make();
    if (made !== undefined) return { made, repeated: false };
    const kept = await keptUnder(db, key);
    const known = kept && (await again(kept));
    if (known !== undefined) return { made: known, repeated: true };
    await unmade();
  }
}

/** @throws KeyMismatched when the key was used with another request. */
export async function keptUnder(db: Db, key: IdempotencyKey): Promise<Kept | undefined> {
  const known = await db
    .selectFrom('idempotency_keys')
    .select(['request_sha256', 'job_id', 'answer'])
    .where('actor', '=', key.actor)
    .where('route', '=', key.route)
    .where('key', '=', key.key)
    .executeTakeFirst();
  if (known && known.request_sha256 !== key.requestSha256) throw new KeyMismatched();
  return known;
}

/** Audit events as a column of a statement: they are appended only if it gives a row. */
export const audited = (events: readonly AuditEvent[]) =>
  sql<string>`(SELECT count(audit_append(entry)) FROM unnest(${events.map(auditBytes)}::text[]) AS entry)`;

// In a SELECT list a parameter has no type of its own.
export const text = (value: string | null | undefined) => sql<string>`${value ?? null}::text`;
export const uuid = (value: string | null | undefined) => sql<string>`${value ?? null}::uuid`;
