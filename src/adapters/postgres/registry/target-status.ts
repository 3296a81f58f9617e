import { sql } from 'kysely';
import type { Maintenance, TargetStatus, TargetStatuses } from '../../../ports/target-status.js';
import { append } from '../append-audit.js';
import { anyUuid } from '../ids.js';
import type { Db } from '../schema.js';

/** How long notes wait for others (milliseconds). */
const NOTES_MS = 3000;

interface Note {
  readonly at: Date;
  readonly code: string | undefined;
}

export function createTargetStatuses(db: Db): TargetStatuses {
  const inForce = sql<boolean>`ends_at > now()`;
  const maintenanceOf = async (id: string): Promise<Maintenance | undefined> => {
    const row = await db
      .selectFrom('target_maintenance')
      .selectAll()
      .where('target_id', '=', id)
      .where(inForce)
      .executeTakeFirst();
    return row && maintenanceIn(row);
  };
  const notes = createNotes(db);
  return {
    maintenanceOf,
    ...notes,
    async of(ids) {
      const statuses = new Map<string, TargetStatus>();
      const seen = await db.selectFrom('target_contacts').selectAll().where('target_id', '=', anyUuid(ids)).execute();
      for (const { target_id, seen_at, tried_at, code } of seen)
        statuses.set(target_id, {
          ...(seen_at ? { seenAt: seen_at } : {}),
          triedAt: tried_at,
          ...(code === null ? {} : { code }),
        });
      const rows = await db
        .selectFrom('target_maintenance')
        .selectAll()
        .where('target_id', '=', anyUuid(ids))
        .where(inForce)
        .execute();
      for (const row of rows)
        statuses.set(row.target_id, { ...statuses.get(row.target_id), maintenance: maintenanceIn(row) });
      return statuses;
    },
    startMaintenance: (id, { by, reason, until }, event) =>
      db.transaction().execute(async (tx) => {
        const set = { ends_at: until, by_name: by, reason };
        const changed = await tx
          .insertInto('target_maintenance')
          .values({ target_id: id, ...set })
          .onConflict((conflict) =>
            conflict
              .column('target_id')
              .doUpdateSet({ ...set, at: sql<Date>`now()` })
              .where(
                sql<boolean>`(target_maintenance.ends_at, target_maintenance.by_name, target_maintenance.reason)
                  IS DISTINCT FROM (excluded.ends_at, excluded.by_name, excluded.reason)`,
              ),
          )
          .returningAll()
          .executeTakeFirst();
        if (changed) await append(tx, event);
        const row =
          changed ??
          (await tx.selectFrom('target_maintenance').selectAll().where('target_id', '=', id).executeTakeFirstOrThrow());
        return maintenanceIn(row);
      }),
    endMaintenance: (id, event) =>
      db.transaction().execute(async (tx) => {
        const ended = await tx
          .deleteFrom('target_maintenance')
          .where('target_id', '=', id)
          .returning(inForce.as('was'))
          .executeTakeFirst();
        if (!ended?.was) return false;
        await tx
          .updateTable('jobs')
          .set({ wake_at: sql<Date>`now()`, next_try_at: sql<Date>`now()` })
          .where('target_id', '=', id)
          .where('state', '=', 'deferred')
          .where('code', '=', 'in-maintenance')
          .execute();
        await append(tx, event);
        return true;
      }),
  };
}

/** Notes of contacts, many in one statement: a job must not wait for what nothing depends on. */
function createNotes(db: Db): Pick<TargetStatuses, 'noteContact' | 'flush'> {
  let waiting = new Map<string, Note>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = [...waiting];
    waiting = new Map();
    if (batch.length > 0) writing = writing.then(() => write(db, batch)).catch(() => undefined);
    await writing;
  };
  return {
    flush,
    noteContact(id, code) {
      waiting.set(id, { at: new Date(), code });
      timer ??= setTimeout(() => void flush(), NOTES_MS).unref();
    },
  };
}

async function write(db: Db, batch: readonly (readonly [id: string, Note])[]): Promise<void> {
  const ids = batch.map(([id]) => id);
  const ages = batch.map(([, { at }]) => Date.now() - at.getTime());
  const codes = batch.map(([, { code }]) => code ?? null);
  // By the database's clock. A target that was removed meanwhile has no row.
  await sql`
    INSERT INTO target_contacts AS known (target_id, seen_at, tried_at, code)
    SELECT target.id, CASE WHEN given.code IS NULL THEN given.at END, given.at, given.code
    FROM (
      SELECT id, code, now() - age * interval '1 millisecond' AS at
      FROM unnest(${ids}::uuid[], ${ages}::double precision[], ${codes}::text[]) AS noted(id, age, code)
    ) AS given JOIN targets AS target ON target.id = given.id
    ON CONFLICT (target_id) DO UPDATE SET
      seen_at = coalesce(excluded.seen_at, known.seen_at), tried_at = excluded.tried_at, code = excluded.code
    WHERE known.tried_at < excluded.tried_at`.execute(db);
}

const maintenanceIn = (row: { ends_at: Date; by_name: string; reason: string; at: Date }): Maintenance => ({
  until: row.ends_at,
  by: row.by_name,
  reason: row.reason,
  since: row.at,
});
