import { isUuid } from '../../../domain/uuid.js';
import { sql, type Selectable } from 'kysely';
import { fail, ok } from '../../../domain/result.js';
import type { Target } from '../../../domain/target.js';
import type { Inventory, StoredTarget } from '../../../ports/inventory.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import type { Database, Db } from '../schema.js';
import { madeOnce } from './made-once.js';
import { append } from '../append-audit.js';
import { anyUuid } from '../ids.js';
import { rowOfTarget, unlessTaken } from './target-row.js';

export function createInventory(db: Db): Inventory {
  const one = async (column: 'id' | 'name', value: string) => {
    const row = await db.selectFrom('targets').selectAll().where(column, '=', value).executeTakeFirst();
    return row && storedOf(row);
  };
  return {
    get: (id) => (isUuid(id) ? one('id', id) : Promise.resolve(undefined)),
    byName: (name) => one('name', name),
    find: async (named) => {
      const rows = await db
        .selectFrom('targets')
        .selectAll()
        .where((eb) =>
          eb.or([eb('id', '=', anyUuid(named.filter(isUuid))), eb('name', '=', sql<string>`ANY (${named}::text[])`)]),
        )
        .execute();
      const stored = rows.map(storedOf);
      return new Map([
        ...stored.map((one) => [one.target.name, one] as const),
        ...stored.map((one) => [one.target.id, one] as const),
      ]);
    },
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
      const { id, name, machine, body } = rowOfTarget(target);
      const make = () =>
        db
          .with('key', takeKey(key, { answer: body }))
          .with('created', (query) =>
            query
              .insertInto('targets')
              .columns(['id', 'name', 'machine', 'body'])
              .expression((eb) =>
                eb
                  .selectFrom('key')
                  .select([
                    uuid(id).as('id'),
                    text(name).as('name'),
                    text(machine).as('machine'),
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
    createAll: async (key, targets, events) => {
      const rows = targets.map(rowOfTarget);
      const answer = JSON.stringify(targets.map(({ id, name }) => ({ id, name })));
      const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);
      const given = sql<Row>`unnest(${column('id')}::uuid[], ${column('name')}::text[], ${column('machine')}::text[], ${column('body')}::text[])`;
      const make = () =>
        db
          .with('key', takeKey(key, { answer }))
          .with('created', (query) =>
            query
              .insertInto('targets')
              .columns(['id', 'name', 'machine', 'body'])
              .expression(
                query
                  .selectFrom(['key', given.as<'given'>(sql`given(id, name, machine, body)`)])
                  .select(['given.id', 'given.name', 'given.machine', 'given.body']),
              ),
          )
          .selectFrom('key')
          .select([text(answer).as('answer'), audited(events).as('audited')])
          .executeTakeFirst();
      try {
        return await madeOnce(db, key, make, (kept) => JSON.parse(kept) as readonly Pick<Target, 'id' | 'name'>[]);
      } catch (error) {
        if ((error as { code?: string }).code !== '23505') throw error;
        return fail({ kind: 'taken', ...(await takenOf(db, rows)) });
      }
    },
    replace: (target, revision, event) =>
      unlessTaken(() =>
        db.transaction().execute(async (tx) => {
          const row = await tx
            .updateTable('targets')
            .set({ ...rowOfTarget(target), revision: sql<string>`revision + 1` })
            .where('id', '=', target.id)
            .where('revision', '=', String(revision))
            .returningAll()
            .executeTakeFirst();
          if (!row) return whyNot(tx, target.id);
          await append(tx, event);
          return ok(storedOf(row));
        }),
      ),
    remove: (id, revision, event) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('targets')
          .where('id', '=', id)
          .$if(revision !== undefined, (query) => query.where('revision', '=', String(revision)))
          .executeTakeFirst();
        if (gone.numDeletedRows === 0n) return whyNot(tx, id);
        await append(tx, event);
        return ok(undefined);
      }),
  };
}

/** Why no row of that id and revision was written. */
async function whyNot(db: Db, id: string) {
  const known = await db.selectFrom('targets').select('id').where('id', '=', id).executeTakeFirst();
  return fail({ kind: known ? ('etag-mismatch' as const) : ('target-not-found' as const) });
}

/** Which of these names and machines the inventory has. */
async function takenOf(db: Db, rows: readonly Row[]) {
  const names = rows.map(({ name }) => name);
  const machines = rows.flatMap(({ machine }) => (machine === null ? [] : [machine]));
  const known = await db
    .selectFrom('targets')
    .select(['name', 'machine'])
    .where((eb) =>
      eb.or([
        eb('name', '=', sql<string>`ANY (${names}::text[])`),
        eb('machine', '=', sql<string>`ANY (${machines}::text[])`),
      ]),
    )
    .execute();
  return {
    names: known.map(({ name }) => name).filter((name) => names.includes(name)),
    machines: known.flatMap(({ machine }) => (machine !== null && machines.includes(machine) ? [machine] : [])),
  };
}

type Row = ReturnType<typeof rowOfTarget>;

function storedOf(row: Selectable<Database['targets']>): StoredTarget {
  return { target: JSON.parse(row.body) as Target, revision: Number(row.revision) };
}
