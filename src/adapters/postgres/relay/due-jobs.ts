import { anyUuid } from '../ids.js';
import type { Db } from '../schema.js';
import { sql } from 'kysely';
import { REQUEUE_AFTER_MS } from '../../../domain/nudge.js';
import { addTo } from './metrics.js';
import { enqueue, urgencyOf } from '../jobs/outbox.js';
import { messageId } from './outbox.js';

export async function enqueueDue(
  db: Db,
  live: (pool: string) => Promise<ReadonlySet<string>>,
  limit: number,
): Promise<number> {
  const due = await db
    .selectFrom('jobs')
    .select(['id', 'pool'])
    .where('wake_at', '<=', sql<Date>`now()`)
    .orderBy('wake_at')
    .limit(limit)
    .execute();
  if (due.length === 0) return 0;
  const waiting = await db
    .selectFrom('outbox')
    .select(['id', 'job_id', 'sent_at'])
    .where('taken_at', 'is', null)
    .where('job_id', '=', anyUuid(due.map((job) => job.id)))
    .execute();
  const liveIds = new Map<string, ReadonlySet<string>>();
  for (const pool of new Set(due.map((job) => job.pool))) liveIds.set(pool, await live(pool));
  const onItsWay = (job: { id: string; pool: string }) =>
    waiting.some(
      (row) =>
        row.job_id === job.id && (row.sent_at === null || liveIds.get(job.pool)?.has(messageId(row.id)) === true),
    );
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('jobs')
      .select(['id', 'pool', 'state', 'kind'])
      .where('id', '=', anyUuid(due.map((job) => job.id)))
      .where('wake_at', '<=', sql<Date>`now()`)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return 0;
    await tx
      .updateTable('jobs')
      .set({ wake_at: sql<Date>`now() + ${REQUEUE_AFTER_MS} * interval '1 millisecond'` })
      .where('id', '=', anyUuid(rows.map((row) => row.id)))
      .execute();
    const lacking = rows.filter((job) => !onItsWay(job));
    if (lacking.length > 0) {
      await giveUpLost(tx, lacking, waiting);
      for (const urgency of new Set(lacking.map(urgencyOf))) {
        const jobs = lacking.filter((job) => urgencyOf(job) === urgency);
        await enqueue(
          tx,
          jobs.map(({ id }) => id),
          urgency,
        );
      }
    }
    return lacking.length;
  });
}

/** A message that was sent, not taken, and is not in the queue any more is lost: its row is closed, and counted once a job. */
async function giveUpLost(
  tx: Db,
  lacking: readonly { readonly id: string }[],
  waiting: readonly { readonly id: string; readonly job_id: string }[],
): Promise<void> {
  const lost = waiting.filter((row) => lacking.some((job) => job.id === row.job_id)).map((row) => row.id);
  if (lost.length === 0) return;
  const closed = await tx
    .updateTable('outbox')
    .set({ taken_at: sql<Date>`now()` })
    .where('id', '=', anyUuid(lost))
    .where('taken_at', 'is', null)
    .returning('job_id')
    .execute();
  await addTo(tx, 'sweeper_repairs', new Set(closed.map((row) => row.job_id)).size);
}
