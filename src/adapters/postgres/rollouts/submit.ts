import type { Kysely } from 'kysely';
import type { Result } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewRollout, StoredRollout } from '../../../ports/rollouts.js';
import type { SubmissionFailure } from '../../../ports/submissions.js';
import { submitList } from '../jobs/submit-list.js';
import type { Database, Db } from '../schema.js';
import { rolloutOf, rowOfRollout } from './rows.js';

/** The rollout, its jobs and their events, messages and key commit together or not at all. */
export function submitRollout(
  db: Kysely<Database>,
  key: IdempotencyKey,
  { rollout, event, jobs }: NewRollout,
): Promise<Result<Made<StoredRollout>, SubmissionFailure>> {
  const insert = (tx: Db) => tx.insertInto('rollouts').values(rowOfRollout(rollout)).execute();
  return submitList(db, key, { id: rollout.id, event, jobs, insert, read: readRollout });
}

export async function readRollout(db: Db, id: string): Promise<StoredRollout | undefined> {
  const row = await db.selectFrom('rollouts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && rolloutOf(row);
}
