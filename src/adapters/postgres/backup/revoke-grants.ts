import { sql } from 'kysely';
import { auditBytes, type AuditEvent } from '../../../domain/audit.js';
import { isTerminal, STATES } from '../../../domain/job.js';
import { NO_ID } from '../ids.js';
import type { Db } from '../schema.js';

/** Grants that are revoked and audited by one pair of statements. */
const PAGE = 500;

/**
 * Revokes the grants of all jobs that have not ended: those that were used after the backup look unused here.
 * @returns how many were revoked; each is audited
 */
export async function revokeGrants(db: Db, eventOf: (job: string, jti: string) => AuditEvent): Promise<number> {
  const ends = STATES.filter(isTerminal);
  let count = 0;
  for (let after = NO_ID; ;) {
    const revoked = await db
      .updateTable('grants')
      .set({ revoked_at: sql<Date>`now()` })
      .where('jti', 'in', (query) =>
        query
          .selectFrom('grants as open')
          .innerJoin('jobs', 'jobs.id', 'open.job_id')
          .select('open.jti')
          .where('jobs.state', 'not in', ends)
          .where('open.revoked_at', 'is', null)
          .where('open.jti', '>', after)
          .orderBy('open.jti')
          .limit(PAGE),
      )
      .returning(['jti', 'job_id'])
      .execute();
    if (revoked.length === 0) return count;
    const events = revoked.map(({ job_id: job, jti }) => auditBytes(eventOf(job, jti)));
    await sql`SELECT audit_append(entry) FROM unnest(${events}::text[]) AS entry`.execute(db);
    count += revoked.length;
    for (const { jti } of revoked) if (jti > after) after = jti;
  }
}
