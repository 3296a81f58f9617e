import { sql, type RawBuilder } from 'kysely';
import { v7 as newId } from '../ids.js';

/** A statement in SQL text as a CTE: the query builder puts no brackets around it. */
export const cte = <Row extends object>(statement: RawBuilder<Row>) => sql<Row>`(${statement})`;

/** Where the jobs of a statement come from: the table, or the CTE of it that inserts or moves them. */
type Source = 'jobs' | 'created' | 'moved';

/** What people see of these jobs' new state, as canonical JSON: the part of a statement that inserts or moves them. Nothing without a body. */
export function storyOf(source: Source, body: string | undefined): RawBuilder<object> {
  return sql<object>`
    INSERT INTO job_events (job_id, kind, body)
    SELECT id, 'state', body FROM ${sql.table(source)}, (VALUES (${body ?? null}::text)) AS story (body) WHERE body IS NOT NULL`;
}

/**
 * A message for each of these jobs, in their order. Within the urgency (1 is the most urgent) a job of somebody with many busy jobs
 * stands behind one of somebody with few; those of `source` that this statement inserts count as well where it is `created`.
 * None without an urgency.
 */
export function messagesFor(source: Source, jobs: readonly string[], urgency: number | undefined): RawBuilder<object> {
  const wanted = urgency === undefined ? [] : jobs;
  const ids = wanted.map(() => newId());
  const ahead = source === 'created' ? sql`wanted.place::integer - 1` : sql`0`;
  return sql<object>`
    INSERT INTO outbox (id, job_id, pool, priority)
    SELECT wanted.id, job.id, job.pool, message_priority(${urgency ?? 0}, job.requester_id, job.id, ${ahead})
    FROM unnest(${ids}::uuid[], ${wanted}::uuid[]) WITH ORDINALITY AS wanted (id, job_id, place)
    JOIN ${sql.table(source)} AS job ON job.id = wanted.job_id`;
}
