import { sql } from 'kysely';
import { isUuid } from '../../../domain/uuid.js';
import type { RolloutItem, RolloutRecord, RolloutStop } from '../../../ports/rollouts.js';
import { roleName } from '../install/roles.js';
import { jobOf } from '../jobs/job-row.js';
import type { Db } from '../schema.js';
import { decisionOf, rolloutOf, stopOf } from './rows.js';

/** Everything about one rollout from one snapshot, so that no gate is judged by two moments. */
export async function rolloutRecord(db: Db, id: string): Promise<RolloutRecord | undefined> {
  if (!isUuid(id)) return undefined;
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => readRecord(tx, id));
}

async function readRecord(db: Db, id: string): Promise<RolloutRecord | undefined> {
  const row = await db
    .selectFrom('rollouts')
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as('db_now'))
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { db_now: now, ...columns } = row;
  const stops = await stopsOf(db, id);
  const decisions = await db
    .selectFrom('rollout_decisions')
    .selectAll()
    .where('rollout', '=', id)
    .orderBy('n')
    .execute();
  const proved = await db
    .selectFrom('rollout_waves')
    .select('at')
    .where('rollout', '=', id)
    .where('what', '=', 'proved')
    .orderBy('wave')
    .execute();
  const undoneBy = await db.selectFrom('rollouts').selectAll().where('rollback_of', '=', id).orderBy('id').execute();
  return {
    rollout: rolloutOf(columns),
    items: await itemsOf(db, id),
    stops,
    decisions: decisions.map(decisionOf),
    ...(await granted(db, id)),
    proved: proved.map(({ at }) => at),
    undoneBy: undoneBy.map(rolloutOf).map(({ id: other, status }) => ({ id: other, status })),
    now,
  };
}

export async function stopsOf(db: Db, id: string): Promise<readonly RolloutStop[]> {
  const rows = await db.selectFrom('rollout_stops').selectAll().where('rollout', '=', id).orderBy('n').execute();
  return rows.map(stopOf);
}

async function granted(db: Db, id: string): Promise<Pick<RolloutRecord, 'grant' | 'list'>> {
  const row = await db.selectFrom('rollout_grants').selectAll().where('rollout', '=', id).executeTakeFirst();
  if (!row) return {};
  const { jti, rollout, bytes, signature, kid } = row;
  const { root = '' } = JSON.parse(bytes) as { readonly root?: string };
  const list = await planList(db, id, root);
  return { grant: { jti, rollout, bytes, signature, kid }, ...(list === undefined ? {} : { list }) };
}

async function itemsOf(db: Db, id: string): Promise<readonly RolloutItem[]> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll('jobs')
    .select((eb) => [
      eb.exists(eb.selectFrom('grants').select('jti').whereRef('grants.job_id', '=', 'jobs.id')).as('granted'),
      eb
        .exists(
          eb
            .selectFrom('audit_events')
            .select('n')
            .whereRef('audit_events.job_id', '=', 'jobs.id')
            .where('action', '=', 'job.succeeded')
            .where('writer', '=', roleName('worker')),
        )
        .as('end_logged'),
    ])
    .where('rollout', '=', id)
    .orderBy('rollout_index')
    .execute();
  return rows.map(({ granted, end_logged: endLogged, ...row }) => ({
    job: jobOf(row, undefined),
    ...(row.plan_digest === null ? {} : { planDigest: row.plan_digest }),
    granted: Boolean(granted),
    endLogged: Boolean(endLogged),
  }));
}

export async function planList(db: Db, rollout: string, root: string): Promise<string | undefined> {
  if (!isUuid(rollout)) return undefined;
  const row = await db
    .selectFrom('rollout_lists')
    .select('bytes')
    .where('rollout', '=', rollout)
    .where('root', '=', root)
    .executeTakeFirst();
  return row?.bytes;
}
