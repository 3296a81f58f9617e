import type { Kysely } from 'kysely';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewRollout, StoredRollout } from '../../../ports/rollouts.js';
import type { SubmissionFailure } from '../../../ports/submissions.js';
import { append } from '../append-audit.js';
import { KeyMismatched, once } from '../jobs/idempotency.js';
import { insertJobs } from '../jobs/insert-jobs.js';
import { Refused, refuseFrozen } from '../jobs/refuse-frozen.js';
import type { Database, Db } from '../schema.js';
import { rolloutOf, rowOfRollout } from './rows.js';

/** The key was used, or all work is frozen: nothing is written. */
class NotTaken extends Error {}

/** The rollout, its jobs and their events, messages and key commit together or not at all. */
export async function submitRollout(
  db: Kysely<Database>,
  key: IdempotencyKey,
  { rollout, event, jobs }: NewRollout,
): Promise<Result<Made<StoredRollout>, SubmissionFailure>> {
  const make = () =>
    db
      .transaction()
      .execute(async (tx) => {
        await tx.insertInto('rollouts').values(rowOfRollout(rollout)).execute();
        await append(tx, event);
        if (!(await insertJobs(tx, key, { answer: rollout.id }, jobs))) throw new NotTaken();
        return readRollout(tx, rollout.id);
      })
      .catch((error: unknown) => {
        if (error instanceof NotTaken) return undefined;
        throw error;
      });
  try {
    return ok(
      await once(
        db,
        key,
        make,
        ({ answer }) => readRollout(db, answer ?? ''),
        () => refuseFrozen(db),
      ),
    );
  } catch (error) {
    if (error instanceof Refused || error instanceof KeyMismatched) return fail(error.failure);
    throw error;
  }
}

export async function readRollout(db: Db, id: string): Promise<StoredRollout | undefined> {
  const row = await db.selectFrom('rollouts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && rolloutOf(row);
}
