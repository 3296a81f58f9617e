import { sql } from 'kysely';
import { isTerminal, type State, STATES } from '../../../domain/job.js';
import { STATE_TIME_BOUNDS, type Backlog, type CounterName, type StoredMetrics } from '../../../ports/metrics.js';
import { unchainedEvents } from './audit-log.js';
import type { Db } from '../schema.js';

type Row = { readonly label: string; readonly count: string; readonly oldest: number | null };

/** The predicate of the index `jobs_alive`, word for word, so that the planner uses it. */
export const ENDS: readonly State[] = STATES.filter(isTerminal);

export function createStoredMetrics(db: Db): StoredMetrics {
  return {
    add: (name, count) => addTo(db, name, count),
    async poolsWaiting(longerThanMs) {
      const found = await db
        .selectFrom('outbox')
        .select('pool')
        .distinct()
        .where('taken_at', 'is', null)
        .where('created_at', '<', sql<Date>`now() - ${longerThanMs} * interval '1 millisecond'`)
        .execute();
      return found.map(({ pool }) => pool);
    },
    read: () =>
      // One snapshot, so that the figures of one reading fit each other.
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (tx) => {
          const alive = await rows(
            tx,
            sql`SELECT state AS label, count(*) AS count, extract(epoch FROM now() - min(state_since))::float8 AS oldest
                FROM jobs WHERE state NOT IN (${sql.join(ENDS.map((end) => sql.lit(end)))}) GROUP BY state`,
          );
          const queues = await rows(
            tx,
            sql`SELECT pool AS label, count(*) AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest
                FROM outbox WHERE taken_at IS NULL GROUP BY pool`,
          );
          const unsent = await rows(
            tx,
            sql`SELECT '' AS label, count(*) AS count, extract(epoch FROM now() - min(created_at))::float8 AS oldest
                FROM outbox WHERE sent_at IS NULL`,
          );
          const intents = await rows(
            tx,
            sql`SELECT '' AS label, count(*) AS count, extract(epoch FROM now() - min(intent_at))::float8 AS oldest
                FROM change_journal WHERE result IS NULL`,
          );
          const unchained = await unchainedEvents(tx)
            .select([
              sql<string>`''`.as('label'),
              sql<string>`count(*)`.as('count'),
              sql<number | null>`extract(epoch FROM now() - min(event.at))::float8`.as('oldest'),
            ])
            .execute();
          const head = await tx.selectFrom('audit_chain').select('seq').orderBy('seq', 'desc').limit(1).execute();
          const sums = await tx.selectFrom('figures').selectAll().execute();
          const times = await tx.selectFrom('state_times').selectAll().execute();
          const frozen = await tx.selectFrom('global_freeze').select('at').execute();
          const sum = (name: string) => Number(sums.find((row) => row.name === name && row.label === '')?.value ?? 0);
          return {
            alive: alive.map((row) => ({ state: row.label as State, ...backlog(row) })),
            submitted: sum('submitted'),
            ended: sums
              .filter((row) => row.name === 'ended')
              .map((row) => ({ state: row.label as State, count: Number(row.value) })),
            stateTimes: times.map((row) => ({ ...row, state: row.state as State, spells: Number(row.spells) })),
            queues: queues.map((row) => ({ pool: row.label, ...backlog(row) })),
            unsent: backlog(unsent[0]),
            openIntents: backlog(intents[0]),
            unchained: backlog(unchained[0]),
            chained: Number(head[0]?.seq ?? 0),
            counters: {
              sweeper_repairs: sum('sweeper_repairs'),
              engine_starts: sum('engine_starts'),
              engine_restarts: sum('engine_restarts'),
            },
            frozen: frozen.length > 0,
          };
        }),
  };
}

/** Adds to a counter in the transaction at hand. */
export async function addTo(db: Db, name: CounterName, count: number): Promise<void> {
  if (count === 0) return;
  await sql`INSERT INTO figures (name, value) VALUES (${name}, ${count})
            ON CONFLICT (name, label) DO UPDATE SET value = figures.value + excluded.value`.execute(db);
}

/** Takes the moves of jobs off their list and adds them to the sums. Returns how many there were. */
export async function rollUpMoves(db: Db): Promise<number> {
  const bounds = sql.join([...STATE_TIME_BOUNDS, Infinity].map((bound) => sql`${bound}::float8`));
  const ends = sql.join(ENDS.map((end) => sql.lit(end)));
  const { rows: counted } = await sql<{ count: string }>`
    WITH gone AS (
      DELETE FROM job_moves WHERE n IN (SELECT n FROM job_moves ORDER BY n LIMIT 5000)
      RETURNING from_state, to_state, seconds
    ), spells AS (
      INSERT INTO state_times (state, le, spells, seconds)
      SELECT from_state, (SELECT min(bound) FROM unnest(ARRAY[${bounds}]) bound WHERE bound >= seconds) AS le,
             count(*), sum(seconds)
      FROM gone WHERE from_state IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (state, le) DO UPDATE
        SET spells = state_times.spells + excluded.spells, seconds = state_times.seconds + excluded.seconds
    ), sums AS (
      INSERT INTO figures (name, label, value)
      SELECT 'ended', to_state, count(*) FROM gone WHERE to_state IN (${ends}) GROUP BY to_state
      UNION ALL
      SELECT 'submitted', '', count(*) FROM gone WHERE from_state IS NULL HAVING count(*) > 0
      ORDER BY 1, 2
      ON CONFLICT (name, label) DO UPDATE SET value = figures.value + excluded.value
    )
    SELECT count(*) AS count FROM gone`.execute(db);
  return Number(counted[0]?.count ?? 0);
}

async function rows(tx: Db, query: ReturnType<typeof sql>): Promise<readonly Row[]> {
  return (await query.execute(tx)).rows as Row[];
}

function backlog(row: Row | undefined): Backlog {
  return { count: Number(row?.count ?? 0), oldestS: Math.max(0, row?.oldest ?? 0) };
}
