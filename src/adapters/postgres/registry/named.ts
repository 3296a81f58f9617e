import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import type { Calendar } from '../../../domain/schedules/calendar.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { Selection } from '../../../domain/selection.js';
import { isUuid } from '../../../domain/uuid.js';
import type { Calendars, Named, NamedStore, Selections, Stored } from '../../../ports/named-store.js';
import { append } from '../append-audit.js';
import { jsonOf } from '../json-of.js';
import { anyUuid } from '../ids.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import type { Database, Db } from '../schema.js';
import { madeOnce } from './made-once.js';

/** A calendar that a schedule names is not removed. */
export const createCalendars = (db: Db): Calendars =>
  createNamed<Calendar, 'calendar', 'calendar-in-use'>(db, 'calendar', async (tx, id) => {
    const named = await tx
      .selectFrom('schedules')
      .select('id')
      .where('status', '<>', 'removed')
      .where(sql<boolean>`${jsonOf('spec')} -> 'calendars' ? ${id}`)
      .executeTakeFirst();
    return named ? 'calendar-in-use' : undefined;
  });

export const createSelections = (db: Db): Selections =>
  createNamed<Selection, 'selection'>(db, 'selection', () => Promise.resolve(undefined));

function createNamed<T extends Named, Kind extends 'calendar' | 'selection', InUse extends string = never>(
  db: Db,
  kind: Kind,
  inUse: (tx: Db, id: string) => Promise<InUse | undefined>,
): NamedStore<T, Kind, InUse> {
  // The tables have the same columns.
  const table = `${kind}s` as 'calendars';
  const taken = { kind: `${kind}-name-taken` } as const;
  const unless = <V, F>(write: () => Promise<Result<V, F>>) => unlessTaken(`${table}_name_key`, taken, write);
  const whyNot = async (tx: Db, id: string) => {
    const known = await tx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst();
    return fail(known ? ({ kind: 'etag-mismatch' } as const) : ({ kind: `${kind}-not-found` } as const));
  };
  return {
    create: (key, value, event) => {
      const { id, name, body } = rowOf(value);
      const answer = canonicalJson(value);
      const make = () =>
        db
          .with('key', takeKey(key, { answer }))
          .with('created', (query) =>
            query
              .insertInto(table)
              .columns(['id', 'name', 'body'])
              .expression((eb) =>
                eb.selectFrom('key').select([uuid(id).as('id'), text(name).as('name'), text(body).as('body')]),
              )
              .returning('id'),
          )
          .selectFrom('created')
          .select([text(answer).as('answer'), audited([event]).as('audited')])
          .executeTakeFirst();
      return unless(() => madeOnce(db, key, make, (kept) => JSON.parse(kept) as T));
    },
    async find(named) {
      const rows = await db
        .selectFrom(table)
        .selectAll()
        // A name that looks like an id finds nothing, so that nothing stands in for what has that id.
        .where((eb) =>
          eb.or([
            eb('id', '=', anyUuid(named.filter(isUuid))),
            eb('name', '=', sql<string>`ANY (${named.filter((each) => !isUuid(each))}::text[])`),
          ]),
        )
        .execute();
      return rows.map((row) => storedOf<T>(row));
    },
    list: async () => (await db.selectFrom(table).selectAll().orderBy('name').execute()).map((row) => storedOf<T>(row)),
    replace: (value, revision, event) =>
      unless(() =>
        db.transaction().execute(async (tx) => {
          const { name, body } = rowOf(value);
          const row = await tx
            .updateTable(table)
            .set({ name, body, revision: sql<string>`revision + 1` })
            .where('id', '=', value.id)
            .where('revision', '=', String(revision))
            .returningAll()
            .executeTakeFirst();
          if (!row) return whyNot(tx, value.id);
          await append(tx, event);
          return ok(storedOf<T>(row));
        }),
      ),
    remove: (id, revision, event) =>
      db.transaction().execute(async (tx) => {
        const used = await inUse(tx, id);
        if (used !== undefined) return fail({ kind: used });
        const gone = await tx
          .deleteFrom(table)
          .where('id', '=', id)
          .$if(revision !== undefined, (query) => query.where('revision', '=', String(revision)))
          .executeTakeFirst();
        if (gone.numDeletedRows === 0n) return whyNot(tx, id);
        await append(tx, event);
        return ok(undefined);
      }),
  };
}

const rowOf = <T extends Named>({ id, name, ...body }: T) => ({ id, name, body: canonicalJson(body) });

function storedOf<T extends Named>({ id, name, body, revision }: Selectable<Database['calendars']>): Stored<T> {
  return { value: { id, name, ...(JSON.parse(body) as object) } as T, revision: Number(revision) };
}

async function unlessTaken<T, F, Taken>(
  constraint: string,
  taken: Taken,
  write: () => Promise<Result<T, F>>,
): Promise<Result<T, F | Taken>> {
  try {
    return await write();
  } catch (error) {
    if ((error as { constraint?: string }).constraint === constraint) return fail(taken);
    throw error;
  }
}
