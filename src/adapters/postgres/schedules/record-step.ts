import { sql, type Kysely } from 'kysely';
import type { Job } from '../../../domain/job.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { ScheduleStep } from '../../../ports/schedules.js';
import { append } from '../append-audit.js';
import { insertJobs } from '../jobs/insert-jobs.js';
import { rowOfScan } from '../scans/rows.js';
import type { Nudges } from '../nudges.js';
import type { Database, Db } from '../schema.js';

/** Takes back what the transaction wrote before. */
class Frozen extends Error {}

/** One transaction for everything that a step is: killed at any moment, it was all of it or nothing. */
export async function recordStep(
  db: Kysely<Database>,
  nudges: Nudges,
  step: ScheduleStep,
): Promise<Result<readonly Job[], 'passed' | 'frozen'>> {
  try {
    const done = await db.transaction().execute((tx) => write(tx, step));
    if (done === 'passed') return fail('passed');
    if (done.jobs.length > 0) nudges.outbox();
    for (const { id } of done.jobs) nudges.job(id);
    return ok(done.jobs);
  } catch (error) {
    if (error instanceof Frozen) return fail('frozen');
    throw error;
  }
}

async function write(tx: Db, step: ScheduleStep): Promise<{ readonly jobs: readonly Job[] } | 'passed'> {
  const { schedule, seen, next } = step;
  const held = await tx
    .selectFrom('schedules')
    .select('id')
    .where('id', '=', schedule)
    .where('status', '=', 'active')
    .where('next_instant', '=', seen)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!held) return 'passed';
  const made = step.fire?.made;
  // A firing refers to its scan, and a job to its firing.
  if (made?.kind === 'scan') await tx.insertInto('scans').values(rowOfScan(made.scan.scan)).execute();
  const rows = rowsOf(step);
  if (rows.length > 0) await tx.insertInto('schedule_firings').values(rows).execute();
  const jobs = step.fire ? await submit(tx, step.fire) : [];
  await tx
    .updateTable('schedules')
    .set({
      ...{ next_instant: next?.instant ?? null, due_at: next?.dueAt ?? null },
      ...(next ? {} : { status: 'ended' }),
      revision: sql<string>`revision + 1`,
    })
    .where('id', '=', schedule)
    .execute();
  for (const event of step.events) await append(tx, event);
  return { jobs };
}

/** What it makes, in this transaction. Its key is new: no instant has two firings. */
async function submit(tx: Db, { key, made }: NonNullable<ScheduleStep['fire']>): Promise<readonly Job[]> {
  if (made.kind === 'scan') await append(tx, made.scan.event);
  const jobs =
    made.kind === 'scan'
      ? await insertJobs(tx, key, { answer: made.scan.scan.id }, made.scan.jobs)
      : await insertJobs(tx, key, { job_id: made.job.job.id }, [made.job]);
  if (!jobs?.[0]) throw new Frozen();
  return jobs;
}

function rowsOf({ schedule, missed, fire }: ScheduleStep) {
  const gone = missed.map(({ first, instant, count, cause = null, detail = null }) => ({
    ...{ schedule_id: schedule, instant, first_instant: first, instants: count, outcome: 'missed' },
    ...{ cause, detail, job_id: null as string | null, scan_id: null as string | null },
  }));
  if (!fire) return gone;
  const { instant, made } = fire;
  const fired = {
    ...{ schedule_id: schedule, instant, first_instant: instant, instants: 1, outcome: 'submitted' },
    ...{ cause: null, detail: null },
    job_id: made.kind === 'job' ? made.job.job.id : null,
    scan_id: made.kind === 'scan' ? made.scan.scan.id : null,
  };
  return [...gone, fired];
}
