import type { Db } from '../schema.js';
import { sql } from 'kysely';
import type { Deliveries } from '../../../ports/deliveries.js';

export function createDeliveries(db: Db): Deliveries {
  return {
    async take(id, jobId) {
      if (!/^m-[0-9a-f-]{36}$/.test(id) || !/^[0-9a-f-]{36}$/.test(jobId)) return 'unknown';
      const taken = await db
        .updateTable('outbox')
        .set({ taken_at: sql<Date>`now()` })
        .where('id', '=', id.slice(2))
        .where('job_id', '=', jobId)
        .where('taken_at', 'is', null)
        .executeTakeFirst();
      if (taken.numUpdatedRows === 1n) return 'taken';
      const known = await db
        .selectFrom('outbox')
        .select('id')
        .where('id', '=', id.slice(2))
        .where('job_id', '=', jobId)
        .executeTakeFirst();
      return known ? 'used' : 'unknown';
    },
  };
}
