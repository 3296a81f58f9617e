import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { Calendar } from '../../../domain/schedules/calendar.js';
import { isUuid } from '../../../domain/uuid.js';
import type { Calendars, StoredCalendar } from '../../../ports/calendars.js';
import { append } from '../append-audit.js';
import { anyUuid } from '../ids.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import { madeOnce } from '../registry/made-once.js';
import type { Database, Db } from '../schema.js';

export function createCalendars(db: Db): Calendars {
  return {
    create: (key, calendar, event) => {
      const { id, name, body } = rowOf(calendar);
      const answer = canonicalJson(calendar);
      const make = () =>
        db
          .with('key', takeKey(key, { answer }))
          .with('created', (query) =>
            query
              .insertInto('calendars')
              .columns(['id', 'name', 'body'])
              .expression((eb) =>
                eb.selectFrom('key').select([uuid(id).as('id'), text(name).as('name'), text(body).as('body')]),
              )
              .returning('id'),
          )
          .selectFrom('created')
          .select([text(answer).as('answer'), audited([event]).as('audited')])
          .executeTakeFirst();
      return unlessTaken(() => madeOnce(db, key, make, (kept) => JSON.parse(kept) as Calendar));
    },
    async find(named) {
      const rows = await db
        .selectFrom('calendars')
        .selectAll()
        .where((eb) =>
          eb.or([eb('id', '=', anyUuid(named.filter(isUuid))), eb('name', '=', sql<string>`ANY (${named}::text[])`)]),
        )
        .execute();
      return rows.map(storedOf);
    },
    list: async () => (await db.selectFrom('calendars').selectAll().orderBy('name').execute()).map(storedOf),
    replace: (calendar, revision, event) =>
      unlessTaken(() =>
        db.transaction().execute(async (tx) => {
          const { name, body } = rowOf(calendar);
          const row = await tx
            .updateTable('calendars')
            .set({ name, body, revision: sql<string>`revision + 1` })
            .where('id', '=', calendar.id)
            .where('revision', '=', String(revision))
            .returningAll()
            .executeTakeFirst();
          if (!row) return whyNot(tx, calendar.id);
          await append(tx, event);
          return ok(storedOf(row));
        }),
      ),
    remove: (id, revision, event) =>
      db.transaction().execute(async (tx) => {
        const named = await tx
          .selectFrom('schedules')
          .select('id')
          .where('status', '<>', 'removed')
          .where(sql<boolean>`spec::jsonb -> 'calendars' ? ${id}`)
          .executeTakeFirst();
        if (named) return fail({ kind: 'calendar-in-use' as const });
        const gone = await tx
          .deleteFrom('calendars')
          .where('id', '=', id)
          .$if(revision !== undefined, (query) => query.where('revision', '=', String(revision)))
          .executeTakeFirst();
        if (gone.numDeletedRows === 0n) return whyNot(tx, id);
        await append(tx, event);
        return ok(undefined);
      }),
  };
}

const rowOf = ({ id, name, ...body }: Calendar) => ({ id, name, body: canonicalJson(body) });

function storedOf({ id, name, body, revision }: Selectable<Database['calendars']>): StoredCalendar {
  const calendar = { id, name, ...(JSON.parse(body) as Omit<Calendar, 'id' | 'name'>) };
  return { calendar, revision: Number(revision) };
}

/** Why no row of that id and revision was written. */
async function whyNot(tx: Db, id: string) {
  const known = await tx.selectFrom('calendars').select('id').where('id', '=', id).executeTakeFirst();
  return fail({ kind: known ? ('etag-mismatch' as const) : ('calendar-not-found' as const) });
}

async function unlessTaken<T, F>(
  write: () => Promise<Result<T, F>>,
): Promise<Result<T, F | { readonly kind: 'calendar-name-taken' }>> {
  try {
    return await write();
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'calendars_name_key')
      return fail({ kind: 'calendar-name-taken' });
    throw error;
  }
}
