import type { Kysely } from 'kysely';
import type { Job } from '../../../domain/job.js';
import { superseded } from '../../../domain/moves.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewJob, SubmissionFailure, Submissions } from '../../../ports/submissions.js';
import { KeyMismatched, keptUnder, once, type Kept } from './idempotency.js';
import { insertJobs } from './insert-jobs.js';
import { seeJob } from './job-view.js';
import { jobsByIds } from './jobs-by-ids.js';
import { Refused, refuseFrozen } from './refuse-frozen.js';
import type { Nudges } from '../nudges.js';
import type { Database, Db } from '../schema.js';
import { transitionWithin } from './transition.js';

export function createSubmissions(db: Kysely<Database>, nudges: Nudges): Submissions {
  /** After the commit: says so to whoever waits for these jobs. */
  const announced = <T>(submitted: Made<T>, idsOf: (made: T) => readonly string[]): Made<T> => {
    if (submitted.repeated) return submitted;
    nudges.outbox();
    for (const id of idsOf(submitted.made)) nudges.job(id);
    return submitted;
  };
  return {
    submit(key, submission) {
      const { supersede } = submission;
      return orRefused(async () => {
        if (!supersede) return announced(await submit(db, key, submission), (made) => [made.id]);
        const submitted = await db.transaction().execute(async (tx) => {
          const made = await submit(tx, key, submission);
          if (!made.repeated) await supersedeOld(tx, supersede);
          return made;
        });
        return announced(submitted, (made) => [made.id, supersede.job]);
      });
    },
    submitAll: (key, jobs) =>
      orRefused(async () => announced(await submitAll(db, key, jobs), (made) => made.map(({ id }) => id))),
    async first(key) {
      const kept = await keptByThis(db, key);
      return kept && jobUnder(db, kept);
    },
    async firstAll(key) {
      const kept = await keptByThis(db, key);
      return kept && jobsUnder(db, kept);
    },
  };
}

async function orRefused<T>(work: () => Promise<T>): Promise<Result<T, SubmissionFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Refused || error instanceof KeyMismatched) return fail(error.failure);
    throw error;
  }
}

/** What is kept under a key; undefined too where another request used it. */
async function keptByThis(db: Db, key: IdempotencyKey): Promise<Kept | undefined> {
  const kept = await orRefused(() => keptUnder(db, key));
  return kept.ok ? kept.value : undefined;
}

/** A batch keeps the ids of its jobs, in the order of the request. */
const keptIds = (jobs: readonly NewJob[]): string => JSON.stringify(jobs.map(({ job }) => job.id));

async function jobsUnder(db: Db, { answer }: Kept): Promise<readonly Job[] | undefined> {
  const ids = JSON.parse(answer ?? '[]') as readonly string[];
  const jobs = await jobsByIds(db, ids);
  return ids.map((id) => jobs.get(id)).filter((job) => job !== undefined);
}

const jobUnder = async (db: Db, { job_id: id }: Kept) => (await seeJob(db, id ?? ''))?.view.job;

function submit(db: Db, key: IdempotencyKey, submission: NewJob): Promise<Made<Job>> {
  return once(
    db,
    key,
    async () => {
      const jobs = await insertJobs(db, key, { job_id: submission.job.id }, [submission]);
      return jobs?.[0];
    },
    (kept) => jobUnder(db, kept),
    () => refuseFrozen(db),
  );
}

function submitAll(db: Db, key: IdempotencyKey, jobs: readonly [NewJob, ...NewJob[]]): Promise<Made<readonly Job[]>> {
  return once(
    db,
    key,
    () => insertJobs(db, key, { answer: keptIds(jobs) }, jobs),
    (kept) => jobsUnder(db, kept),
    () => refuseFrozen(db),
  );
}

async function supersedeOld(tx: Db, { job, event }: NonNullable<NewJob['supersede']>): Promise<void> {
  const notSupersedable = { kind: 'not-supersedable', job } as const;
  const moved = await transitionWithin(tx, job, (view) =>
    view.job.state === 'awaiting-approval' ? ok(superseded(event)) : fail(notSupersedable),
  );
  if (!moved.ok) throw new Refused(notSupersedable);
}
