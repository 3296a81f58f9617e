import type { ChainedEvent } from '../../../domain/audit.js';
import type { JobRecord } from '../../../domain/audit-line.js';
import { isUuid } from '../../../domain/uuid.js';
import { anyUuid } from '../ids.js';
import { jobOf } from '../jobs/job-row.js';
import { decisionOf } from '../jobs/job-view.js';
import type { Db } from '../schema.js';

/** The events that say who submitted a job, who approved it, and that its values were erased. */
const DECIDING = ['job.submitted', 'job.approved', 'values.erased'];

/** What is stored of these jobs; an id that no job has is left out. */
export async function jobRecords(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, JobRecord>> {
  const possible = [...new Set(ids.filter(isUuid))];
  if (possible.length === 0) return new Map();
  const [jobs, plans, decisions, links] = await Promise.all([
    db.selectFrom('jobs').selectAll().where('id', '=', anyUuid(possible)).execute(),
    db.selectFrom('plans').select(['job_id', 'digest', 'bytes']).where('job_id', '=', anyUuid(possible)).execute(),
    db.selectFrom('decisions').selectAll().where('job_id', '=', anyUuid(possible)).orderBy('n').execute(),
    decidingLinks(db, possible),
  ]);
  return new Map(
    jobs.map((row) => [
      row.id,
      {
        job: jobOf(row, undefined),
        plans: new Map(plans.filter(({ job_id: id }) => id === row.id).map(({ digest, bytes }) => [digest, bytes])),
        decisions: decisions.filter(({ job_id: id }) => id === row.id).map(decisionOf),
        links: links.filter(({ job }) => job === row.id).map(({ job: _, ...link }) => link),
      },
    ]),
  );
}

async function decidingLinks(db: Db, jobs: readonly string[]): Promise<readonly (ChainedEvent & { job: string })[]> {
  const rows = await db
    .selectFrom('audit_events as event')
    .innerJoin('audit_chain as chain', 'chain.event_n', 'event.n')
    .select(['event.job_id', 'event.bytes', 'event.writer', 'chain.seq', 'chain.prev_hash', 'chain.hash'])
    .where('event.job_id', '=', anyUuid(jobs))
    .where('event.action', 'in', DECIDING)
    .orderBy('chain.seq')
    .execute();
  return rows.map((row) => ({
    job: row.job_id ?? '',
    seq: Number(row.seq),
    prevHash: row.prev_hash,
    hash: row.hash,
    writer: row.writer,
    event: row.bytes,
  }));
}
