import { sql, type Kysely } from 'kysely';
import { isUuid } from '../../../domain/uuid.js';
import type { ScanRecord, Scans, StoredScan } from '../../../ports/scans.js';
import { append } from '../append-audit.js';
import { jobOf } from '../jobs/job-row.js';
import { firstList, submitList } from '../jobs/submit-list.js';
import type { Nudges } from '../nudges.js';
import type { Database, Db } from '../schema.js';
import { counted, findings } from './findings.js';
import { neededOf, rowOfScan, scanOf } from './rows.js';

export function createScans(db: Kysely<Database>, nudges: Nudges): Scans {
  return {
    async submit(key, { scan, event, jobs }) {
      const insert = (tx: Db) => tx.insertInto('scans').values(rowOfScan(scan)).execute();
      const submitted = await submitList(db, key, { id: scan.id, event, jobs, insert, read: readScan });
      if (submitted.ok && !submitted.value.repeated) {
        nudges.outbox();
        for (const { job } of jobs) nudges.job(job.id);
      }
      return submitted;
    },
    first: (key) => firstList(db, key, readScan),
    record: (id) => (isUuid(id) ? record(db, id) : Promise.resolve(undefined)),
    async list({ requester, before, limit }) {
      const rows = await db
        .selectFrom('scans')
        .selectAll()
        .$if(requester !== undefined, (query) => query.where('requester_id', '=', requester ?? ''))
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return counted(db, rows.map(scanOf));
    },
    async countOpen(requester) {
      const row = await db
        .selectFrom('scans')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('requester_id', '=', requester)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    findings: (filter) => findings(db, filter),
    async done(limit) {
      const rows = await db
        .selectFrom('scans')
        .selectAll()
        .where('ended_at', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('jobs')
                .select('jobs.id')
                .whereRef('jobs.scan', '=', 'scans.id')
                .where('jobs.state', 'in', ['planning', 'deferred']),
            ),
          ),
        )
        .orderBy('id')
        .limit(limit)
        .execute();
      return counted(db, rows.map(scanOf));
    },
    end: (id, event) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('scans')
          .set({ ended_at: sql<Date>`clock_timestamp()` })
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        await append(tx, event);
        return true;
      }),
  };
}

async function readScan(db: Db, id: string): Promise<StoredScan | undefined> {
  const row = await db.selectFrom('scans').selectAll().where('id', '=', id).executeTakeFirst();
  return row && scanOf(row);
}

/** A scan with its items, from one snapshot. */
function record(db: Kysely<Database>, id: string): Promise<ScanRecord | undefined> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const scan = await readScan(tx, id);
      if (!scan) return undefined;
      const jobs = await tx.selectFrom('jobs').selectAll().where('scan', '=', id).orderBy('scan_index').execute();
      const plans = await tx
        .selectFrom('plans')
        .innerJoin('jobs', 'jobs.id', 'plans.job_id')
        .selectAll('plans')
        .where('jobs.scan', '=', id)
        .whereRef('jobs.plan_digest', '=', 'plans.digest')
        .execute();
      const needed = new Map(plans.map((row) => [row.job_id, neededOf(row)]));
      return {
        scan,
        items: jobs.map((row) => {
          const plan = needed.get(row.id);
          return { job: jobOf(row, undefined), ...(plan ? { plan } : {}) };
        }),
      };
    });
}
