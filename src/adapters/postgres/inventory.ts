import { sql, type Kysely, type Selectable } from 'kysely';
import { auditBytes, type AuditEvent } from '../../domain/audit.js';
import { canonicalJson } from '../../domain/canonical.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Target } from '../../domain/target.js';
import type { IdempotencyKey, KeyMismatch, Made } from '../../ports/idempotency.js';
import type { Consent, Consents, Inventory, StoredTarget } from '../../ports/inventory.js';
import { audited, KeyMismatched, once, takeKey, text, uuid } from './idempotency.js';
import type { Database } from './schema.js';

type Db = Kysely<Database>;

export function createInventory(db: Db): Inventory {
  const one = async (column: 'id' | 'name', value: string) => {
    const row = await db.selectFrom('targets').selectAll().where(column, '=', value).executeTakeFirst();
    return row && storedOf(row);
  };
  return {
    get: (id) => (/^[0-9a-f-]{36}$/.test(id) ? one('id', id) : Promise.resolve(undefined)),
    byName: (name) => one('name', name),
    list: async ({ after, limit }) =>
      (
        await db
          .selectFrom('targets')
          .selectAll()
          .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
          .orderBy('name')
          .limit(limit)
          .execute()
      ).map(storedOf),
    create: (key, target, event) => {
      const { id, name, host_key, body } = rowOf(target);
      const make = () =>
        db
          .with('key', takeKey(key, { answer: body }))
          .with('created', (query) =>
            query
              .insertInto('targets')
              .columns(['id', 'name', 'host_key', 'body'])
              .expression((eb) =>
                eb
                  .selectFrom('key')
                  .select([
                    uuid(id).as('id'),
                    text(name).as('name'),
                    text(host_key).as('host_key'),
                    text(body).as('body'),
                  ]),
              )
              .returning('body'),
          )
          .selectFrom('created')
          .select(['body as answer', audited([event]).as('audited')])
          .executeTakeFirst();
      return unlessTaken(() => madeOnce(db, key, make, (answer) => JSON.parse(answer) as Target));
    },
    replace: (target, revision, event) =>
      unlessTaken(() =>
        db.transaction().execute(async (tx) => {
          const row = await tx
            .updateTable('targets')
            .set({ ...rowOf(target), revision: sql<string>`revision + 1` })
            .where('id', '=', target.id)
            .where('revision', '=', String(revision))
            .returningAll()
            .executeTakeFirst();
          if (!row) {
            const known = await tx.selectFrom('targets').select('id').where('id', '=', target.id).executeTakeFirst();
            return fail({ kind: known ? ('changed-meanwhile' as const) : ('target-not-found' as const) });
          }
          await append(tx, event);
          return ok(storedOf(row));
        }),
      ),
    remove: (id, event) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('targets').where('id', '=', id).executeTakeFirst();
        if (gone.numDeletedRows === 0n) return false;
        await append(tx, event);
        return true;
      }),
  };
}

export function createConsents(db: Db): Consents {
  return {
    create: (key, consent, event) => {
      const answer = JSON.stringify(consent);
      const make = () =>
        db
          .with('key', takeKey(key, { answer }))
          .with('created', (query) =>
            query
              .insertInto('consents')
              .columns(['id', 'kind', 'subject_sid', 'evidence', 'recorded_by', 'recorded_by_name', 'recorded_at'])
              .expression((eb) =>
                eb
                  .selectFrom('key')
                  .select([
                    uuid(consent.id).as('id'),
                    text(consent.kind).as('kind'),
                    text(consent.subjectSid).as('subject_sid'),
                    text(consent.evidence).as('evidence'),
                    text(consent.recordedBy.id).as('recorded_by'),
                    text(consent.recordedBy.name).as('recorded_by_name'),
                    sql<Date>`${consent.recordedAt}::timestamptz`.as('recorded_at'),
                  ]),
              )
              .returning('id'),
          )
          .selectFrom('created')
          .select([text(answer).as('answer'), audited([event]).as('audited')])
          .executeTakeFirst();
      return madeOnce(db, key, make, (text) => {
        const kept = JSON.parse(text) as Consent;
        return { ...kept, recordedAt: new Date(kept.recordedAt) };
      });
    },
    latest: async (subjectSid, limit) =>
      (
        await db
          .selectFrom('consents')
          .selectAll()
          .where('subject_sid', '=', subjectSid)
          .orderBy('recorded_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .execute()
      ).map(consentOf),
    list: async ({ subjectSid, after, limit }) =>
      (
        await db
          .selectFrom('consents')
          .selectAll()
          .$if(subjectSid !== undefined, (query) => query.where('subject_sid', '=', subjectSid ?? ''))
          .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
          .orderBy('id')
          .limit(limit)
          .execute()
      ).map(consentOf),
  };
}

function consentOf(row: Selectable<Database['consents']>): Consent {
  return {
    id: row.id,
    kind: row.kind as Consent['kind'],
    subjectSid: row.subject_sid,
    evidence: row.evidence,
    recordedBy: { id: row.recorded_by, name: row.recorded_by_name },
    recordedAt: row.recorded_at,
  };
}

function rowOf(target: Target) {
  return {
    id: target.id,
    name: target.name,
    host_key: target.transport.type === 'ssh' ? target.transport.hostKey : null,
    body: canonicalJson(target),
  };
}

function storedOf(row: Selectable<Database['targets']>): StoredTarget {
  return { target: JSON.parse(row.body) as Target, revision: Number(row.revision) };
}

export async function append(tx: Kysely<Database>, event: AuditEvent): Promise<void> {
  await sql`SELECT audit_append(${auditBytes(event)})`.execute(tx);
}

/** What a statement that takes the key made, or the answer that is kept under it. */
async function madeOnce<T>(
  db: Db,
  key: IdempotencyKey,
  make: () => Promise<{ readonly answer: string } | undefined>,
  read: (answer: string) => T,
): Promise<Result<Made<T>, KeyMismatch>> {
  try {
    const { made, repeated } = await once<string>(
      db,
      key,
      async () => (await make())?.answer,
      ({ answer }) => Promise.resolve(answer ?? undefined),
    );
    return ok({ made: read(made), repeated });
  } catch (error) {
    if (error instanceof KeyMismatched) return fail(error.failure);
    throw error;
  }
}

async function unlessTaken<T, E>(work: () => Promise<T>): Promise<T | { ok: false; error: E }> {
  try {
    return await work();
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code !== '23505') throw error;
    const kind = constraint === 'targets_host_key_key' ? 'host-key-taken' : 'name-taken';
    return fail({ kind }) as { ok: false; error: E };
  }
}
