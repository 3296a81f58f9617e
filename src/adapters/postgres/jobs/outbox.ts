import { sql, type Kysely } from 'kysely';
import { v7 as newId } from '../ids.js';
import type { Database } from '../schema.js';

/**
 * A message for each job, to be sent once the transaction is committed. Within its urgency (1 the most urgent) a job of somebody
 * with many busy jobs stands behind one of somebody with few.
 */
export async function enqueue(tx: Kysely<Database>, jobs: readonly string[], urgency: number): Promise<void> {
  if (jobs.length === 0) return;
  const ids = jobs.map(() => newId());
  await sql`
    INSERT INTO outbox (id, job_id, pool, priority)
    SELECT wanted.id, jobs.id, jobs.pool, message_priority(${urgency}, jobs.requester_id, jobs.id)
    FROM unnest(${ids}::uuid[], ${jobs}::uuid[]) AS wanted (id, job_id) JOIN jobs ON jobs.id = wanted.job_id`.execute(
    tx,
  );
}

/** How urgent a message is that a job wants by itself: what is approved or unsettled overtakes what is only asked for. */
export function urgencyOf({ state, kind }: { readonly state: string; readonly kind: string }): number {
  if (state === 'unknown' || state === 'running' || state === 'rolling-back') return 2;
  if (state === 'queued' || kind === 'rollback-of') return 2;
  return state === 'planning' ? 4 : 5;
}
