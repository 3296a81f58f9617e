import { sql, type Kysely } from 'kysely';
import type { Job } from '../../../domain/job.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { ScheduleStep } from '../../../ports/schedules.js';
import { append } from '../append-audit.js';
import { insertJobs } from '../jobs/insert-jobs.js';
import type { Nudges } from '../nudges.js';
import type { Database, Db } from '../schema.js';

/** Takes back what the transaction wrote before. */
class Frozen extends Error {}

/** One transaction for everything that a step is: killed at any moment, it was all of it or nothing. */
export async function recordStep(
  db: Kysely<Database>,
  nudges: Nudges,
  step: ScheduleStep,
): Promise<Result<Job | undefined, 'passed' | 'frozen'>> {
  try {
    const done = await db.transaction().execute((tx) => write(tx, step));
    if (done === 'passed') return fail('passed');
    if (done.job) {
      nudges.outbox();
      nudges.job(done.job.id);
    }
    return ok(done.job);
  } catch (error) {
    if (error instanceof Frozen) return fail('frozen');
    throw error;
  }
}

async function write(tx: Db, step: ScheduleStep): Promise<{ readonly job: Job | undefined } | 'passed'> {
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
  const rows = rowsOf(step);
  if (rows.length > 0) await tx.insertInto('schedule_firings').values(rows).execute();
  const job = step.fire && (await submit(tx, step.fire));
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
  return { job };
}

/** The job, in this transaction. Its key is new: no instant has two firings. */
async function submit(tx: Db, { key, job }: NonNullable<ScheduleStep['fire']>): Promise<Job> {
  const made = await insertJobs(tx, key, { job_id: job.job.id }, [job]);
  if (!made?.[0]) throw new Frozen();
  return made[0];
}

function rowsOf({ schedule, missed, fire }: ScheduleStep) {
  const gone = missed.map(({ first, instant, count, cause = null, detail = null }) => ({
    ...{ schedule_id: schedule, instant, first_instant: first, instants: count, outcome: 'missed' },
    ...{ cause, detail, job_id: null as string | null },
  }));
  if (!fire) return gone;
  const { instant, job } = fire;
  const fired = {
    ...{ schedule_id: schedule, instant, first_instant: instant, instants: 1, outcome: 'submitted' },
    ...{ cause: null, detail: null, job_id: job.job.id },
  };
  return [...gone, fired];
}
