import { sql, type Kysely } from 'kysely';
import { auditBytes, type AuditEvent } from '../../domain/audit.js';
import type { Database } from './schema.js';

/** A step back of less is the ordinary work of a time service. */
const JUMP_MS = 2000;

/**
 * Keeps the highest time of the database clock. A jump back begins a new era: what had expired before stays expired
 * (`latest_time`), what is made from now on goes by the new time, and timers and leases keep how long they had left. Returns how
 * far the clock went back in milliseconds, 0 for none.
 */
export async function trackClock(db: Kysely<Database>, jumped: (backMs: number) => AuditEvent): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('fixpoint-clock'))`.execute(tx);
    const { rows } = await sql<{ era: string; back_ms: number }>`
      SELECT era, extract(epoch FROM highest - clock_timestamp())::double precision * 1000 AS back_ms
      FROM clock_eras ORDER BY era DESC LIMIT 1`.execute(tx);
    const [current] = rows;
    if (!current) return 0;
    const backMs = Math.round(current.back_ms);
    if (backMs < JUMP_MS) {
      await sql`
        UPDATE clock_eras SET highest = clock_timestamp()
        WHERE era = ${current.era} AND highest < clock_timestamp()`.execute(tx);
      return 0;
    }
    await sql`INSERT INTO clock_eras VALUES (${current.era}::bigint + 1, clock_timestamp())`.execute(tx);
    await sql`
      UPDATE jobs SET wake_at = wake_at - step.by, next_try_at = next_try_at - step.by, lease_until = lease_until - step.by
      FROM (SELECT ${backMs}::double precision * interval '1 millisecond' AS by) AS step
      WHERE wake_at IS NOT NULL`.execute(tx);
    await sql`SELECT audit_append(${auditBytes(jumped(backMs))})`.execute(tx);
    return backMs;
  });
}
