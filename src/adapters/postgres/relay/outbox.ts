import type { Db } from '../schema.js';
import { sql } from 'kysely';
import type { Message } from '../../../ports/queue.js';

export const messageId = (outboxId: string) => `m-${outboxId}`;

export async function relayOutbox(
  db: Db,
  send: (pool: string, messages: readonly Message[]) => Promise<void>,
  limit: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('outbox')
      .select(['id', 'job_id', 'pool', 'priority'])
      .where('sent_at', 'is', null)
      .orderBy('priority')
      .orderBy('created_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return 0;
    for (const pool of new Set(rows.map((row) => row.pool))) {
      const messages = rows
        .filter((row) => row.pool === pool)
        .map((row) => ({ id: messageId(row.id), jobId: row.job_id, priority: row.priority }));
      await send(pool, messages);
    }
    const ids = rows.map((row) => row.id);
    await tx
      .updateTable('outbox')
      .set({ sent_at: sql<Date>`now()` })
      .where(sql<boolean>`id = ANY(${ids}::uuid[])`)
      .execute();
    return rows.length;
  });
}
