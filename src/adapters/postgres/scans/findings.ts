import { sql } from 'kysely';
import type { ValueObject } from '../../../domain/canonical.js';
import type { State } from '../../../domain/job.js';
import { countStatuses, scanStatusOf, type ScanItemStatus } from '../../../domain/scans/item-status.js';
import type { CountedScan, Scans, StoredScan } from '../../../ports/scans.js';
import { jsonOf } from '../json-of.js';
import { anyUuid } from '../ids.js';
import type { Db } from '../schema.js';
import { scanOf } from './rows.js';

const statusOf = ({ state, code }: { readonly state: string; readonly code: string | null }): ScanItemStatus =>
  scanStatusOf({ state: state as State, ...(code === null ? {} : { code }) });

/** These scans with their counts, in their order. */
export async function counted(db: Db, scans: readonly StoredScan[]): Promise<readonly CountedScan[]> {
  if (scans.length === 0) return [];
  const rows = await db
    .selectFrom('jobs')
    .select(['scan', 'state', 'code'])
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('scan', '=', anyUuid(scans.map(({ id }) => id)))
    .groupBy(['scan', 'state', 'code'])
    .execute();
  return scans.map((scan) => {
    const counts = { ...countStatuses([]) };
    for (const row of rows) if (row.scan === scan.id) counts[statusOf(row)] += Number(row.count);
    return { scan, counts };
  });
}

/** See `Scans.findings`. */
export async function findings(
  db: Db,
  { runbook, requester, since, limit }: Parameters<Scans['findings']>[0],
): ReturnType<Scans['findings']> {
  const rows = await db
    .selectFrom('scans')
    .selectAll()
    .where('runbook_id', '=', runbook)
    .where('ended_at', 'is not', null)
    .$if(requester !== undefined, (query) => query.where('requester_id', '=', requester ?? ''))
    .$if(since !== undefined, (query) => query.where('ended_at', '>=', since ?? new Date(0)))
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const items = await db
    .selectFrom('jobs')
    .leftJoin('plans', (join) =>
      join.onRef('plans.job_id', '=', 'jobs.id').onRef('plans.digest', '=', 'jobs.plan_digest'),
    )
    .select(['jobs.scan', 'jobs.target_id', 'jobs.target_name', 'jobs.parameters', 'jobs.state', 'jobs.code'])
    .select([
      'jobs.erased_at',
      sql<number>`coalesce(jsonb_array_length(${jsonOf('plans.bytes')}->'changes'), 0)`.as('changes'),
    ])
    .where('jobs.scan', '=', anyUuid(rows.map(({ id }) => id)))
    .orderBy('jobs.scan_index')
    .execute();
  return rows.reverse().map((row) => ({
    scan: scanOf(row),
    items: items
      .filter(({ scan }) => scan === row.id)
      .map((item) => ({
        target: item.target_id,
        name: item.target_name,
        parameters: JSON.parse(item.parameters) as ValueObject,
        status: statusOf(item),
        changes: item.changes,
        ...(item.erased_at === null ? {} : { erased: true }),
      })),
  }));
}
