import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { isUuid } from '../../../domain/uuid.js';
import type { AuditFilter } from '../../../ports/audit-log.js';

/** The conditions on the event of a row; true where there are none. */
export function wanted(filter: AuditFilter): RawBuilder<SqlBool> {
  const { job, actor, action, from, to, ownJobsOf, target } = filter;
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (job !== undefined) conditions.push(sql`event.job_id = ${job}`);
  if (actor !== undefined) conditions.push(sql`event.actor_id = ${actor}`);
  if (action !== undefined) conditions.push(sql`event.action = ${action}`);
  if (from !== undefined) conditions.push(sql`event.at >= ${from}`);
  if (to !== undefined) conditions.push(sql`event.at < ${to}`);
  if (filter.persons !== undefined) conditions.push(involves(filter.persons));
  if (target !== undefined) conditions.push(concerns(target));
  const ofJob = jobConditions(filter);
  if (ownJobsOf !== undefined) ofJob.push(sql`jobs.requester_id = ${ownJobsOf}`);
  if (ofJob.length > 0)
    conditions.push(sql`event.job_id IN (SELECT jobs.id FROM jobs WHERE ${sql.join(ofJob, sql` AND `)})`);
  return sql<SqlBool>`${sql.join(conditions, sql` AND `)}`;
}

function jobConditions({ runbook, subject }: AuditFilter): RawBuilder<unknown>[] {
  return [
    ...(runbook === undefined ? [] : [sql`jobs.runbook_id = ${runbook}`]),
    ...(subject === undefined ? [] : [sql`strpos(jobs.subjects, ${subject}) > 0`]),
  ];
}

/** Events that a person did, and those of jobs that the person requested or decided about. */
function involves(persons: readonly string[]): RawBuilder<unknown> {
  const ids = sql`${persons}::text[]`;
  return sql`(event.actor_id = ANY(${ids}) OR event.job_id IN (
    SELECT jobs.id FROM jobs WHERE jobs.requester_id = ANY(${ids})
    UNION SELECT decisions.job_id FROM decisions WHERE decisions.person_id = ANY(${ids})))`;
}

/** Events of jobs for a target, and those about the target itself, under the name that it had then or has now. */
function concerns(target: string): RawBuilder<unknown> {
  const ofJob = isUuid(target) ? sql`jobs.target_id = ${target}` : sql`jobs.target_name = ${target}`;
  const id = sql`event.bytes::jsonb->'data'->>'targetId'`;
  const itself = isUuid(target)
    ? sql`${id} = ${target}`
    : sql`(event.bytes::jsonb->'data'->>'targetName' = ${target}
        OR ${id} = (SELECT targets.id::text FROM targets WHERE targets.name = ${target}))`;
  return sql`(event.job_id IN (SELECT jobs.id FROM jobs WHERE ${ofJob}) OR (event.job_id IS NULL AND ${itself}))`;
}
