import type { Kysely } from 'kysely';
import type { Job } from '../../../domain/job.js';
import { superseded } from '../../../domain/moves.js';
import { utcText } from '../../../domain/time.js';
import { fail, ok } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewJob, SubmissionFailure, Submissions } from '../../../ports/submissions.js';
import { KeyMismatched, keptUnder, once, type Kept } from './idempotency.js';
import { insertJobs } from './insert-jobs.js';
import { seeJob } from './job-view.js';
import type { Database, Db } from '../schema.js';
import { transitionWithin } from './transition.js';

class Refused extends Error {
  readonly failure: SubmissionFailure;

  constructor(failure: SubmissionFailure) {
    super(failure.kind);
    this.name = 'Refused';
    this.failure = failure;
  }
}

export function createSubmissions(db: Kysely<Database>): Submissions {
  return {
    async submit(key, submission) {
      try {
        const { supersede } = submission;
        if (!supersede) return ok(await submit(db, key, submission));
        return ok(
          await db.transaction().execute(async (tx) => {
            const submitted = await submit(tx, key, submission);
            if (!submitted.repeated) await supersedeOld(tx, supersede);
            return submitted;
          }),
        );
      } catch (error) {
        if (error instanceof Refused || error instanceof KeyMismatched) return fail(error.failure);
        throw error;
      }
    },
    async first(key) {
      const kept = await keptUnder(db, key).catch((error: unknown) => {
        if (error instanceof KeyMismatched) return undefined;
        throw error;
      });
      return kept && jobUnder(db, kept);
    },
  };
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
    async () => {
      // The freeze may end between the statement that found it and this one.
      const frozen = await db.selectFrom('global_freeze').selectAll().executeTakeFirst();
      if (!frozen) return;
      throw new Refused({ kind: 'frozen', by: frozen.by_name, at: utcText(frozen.at), reason: frozen.reason });
    },
  );
}

async function supersedeOld(tx: Db, { job, event }: NonNullable<NewJob['supersede']>): Promise<void> {
  const notSupersedable = { kind: 'not-supersedable', job } as const;
  const moved = await transitionWithin(tx, job, (view) =>
    view.job.state === 'awaiting-approval' ? ok(superseded(event)) : fail(notSupersedable),
  );
  if (!moved.ok) throw new Refused(notSupersedable);
}
