import { isUuid } from '../../../domain/uuid.js';
import type { Db } from '../schema.js';
import { sql } from 'kysely';
import type { Deliveries } from '../../../ports/deliveries.js';

export function createDeliveries(db: Db): Deliveries {
  return {
    async take(id, jobId) {
      if (!id.startsWith('m-') || !isUuid(id.slice(2)) || !isUuid(jobId)) return 'unknown';
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
