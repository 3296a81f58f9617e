import { sql, type Kysely } from 'kysely';
import type { TransitionFailure } from '../../../ports/job-store.js';
import { enqueue } from './outbox.js';
import type { Database } from '../schema.js';

type Tx = Kysely<Database>;

/** Thrown inside a transition to roll it back with an expected failure. */
export class Refused extends Error {
  readonly failure: TransitionFailure;

  constructor(failure: TransitionFailure) {
    super(failure.kind);
    this.name = 'Refused';
    this.failure = failure;
  }
}

/** What a job in the line still wants: it is queued, and its time to execute is not over. */
const STILL_WAITING = sql`jobs.state = 'queued' AND jobs.execute_by > clock_timestamp()`;

/**
 * Takes every key or none, first come first served: one that another job holds, or asked for earlier, refuses the whole move. A
 * job that holds them already stands behind nobody. Waits for no one.
 */
export async function takeLocks(tx: Tx, job: string, keys: readonly string[]): Promise<void> {
  const held = await tx.selectFrom('object_locks').select('key').where('job_id', '=', job).execute();
  const wanted = [...keys].filter((key) => !held.some((own) => own.key === key)).sort();
  if (wanted.length > 0) {
    const { rows } = await sql<{ job_id: string; keys: string[] }>`
      SELECT job_id, keys FROM lock_waiters JOIN jobs ON jobs.id = lock_waiters.job_id
      WHERE keys && ${wanted}::text[] AND job_id <> ${job} AND ${STILL_WAITING}
        AND n < coalesce((SELECT own.n FROM lock_waiters AS own WHERE own.job_id = ${job}), 9223372036854775807)
      ORDER BY n LIMIT 1`.execute(tx);
    const [earlier] = rows;
    if (earlier) {
      throw new Refused({
        kind: 'locked',
        key: wanted.find((key) => earlier.keys.includes(key)) ?? '',
        by: earlier.job_id,
      });
    }
  }
  for (const key of wanted) await takeLock(tx, job, key);
  await tx.deleteFrom('lock_waiters').where('job_id', '=', job).execute();
}

async function takeLock(tx: Tx, job: string, key: string): Promise<void> {
  await tx
    .insertInto('object_locks')
    .values({ key, job_id: job })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const holder = await tx.selectFrom('object_locks').select('job_id').where('key', '=', key).executeTakeFirst();
  if (holder?.job_id !== job) throw new Refused({ kind: 'locked', key, by: holder?.job_id ?? 'unknown' });
}

export async function joinLockQueue(tx: Tx, job: string, keys: readonly string[]): Promise<void> {
  await tx
    .insertInto('lock_waiters')
    .values({ job_id: job, keys: [...keys].sort() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Gives up locks and place, and sends for the next of each key. */
export async function releaseLocks(tx: Tx, job: string): Promise<void> {
  const locks = await tx.deleteFrom('object_locks').where('job_id', '=', job).returning('key').execute();
  const places = await tx.deleteFrom('lock_waiters').where('job_id', '=', job).returning('keys').execute();
  const free = [...new Set([...locks.map(({ key }) => key), ...places.flatMap(({ keys }) => keys)])];
  if (free.length === 0) return;
  const { rows } = await sql<{ job_id: string }>`
    SELECT DISTINCT next.job_id FROM unnest(${free}::text[]) AS free (key)
    CROSS JOIN LATERAL (
      SELECT job_id FROM lock_waiters JOIN jobs ON jobs.id = lock_waiters.job_id
      WHERE keys @> ARRAY[free.key] AND ${STILL_WAITING} ORDER BY n LIMIT 1) AS next`.execute(tx);
  await enqueue(
    tx,
    rows.map((row) => row.job_id),
    2,
  );
}
