import type { Kysely } from 'kysely';
import type { AuditEvent } from '../../../domain/audit.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewJob, SubmissionFailure } from '../../../ports/submissions.js';
import { append } from '../append-audit.js';
import type { Database, Db } from '../schema.js';
import { KeyMismatched, keptUnder, once } from './idempotency.js';
import { insertJobs } from './insert-jobs.js';
import { Refused, refuseFrozen } from './refuse-frozen.js';

/** The key was used, or all work is frozen: nothing is written. */
class NotTaken extends Error {}

/** A row that stands for a list of jobs, such as a rollout or a scan. */
interface NewList<T> {
  readonly id: string;
  readonly event: AuditEvent;
  readonly jobs: readonly [NewJob, ...NewJob[]];
  readonly insert: (tx: Db) => Promise<unknown>;
  readonly read: (db: Db, id: string) => Promise<T | undefined>;
}

/** The row, its jobs and their events, messages and key commit together or not at all. */
export async function submitList<T>(
  db: Kysely<Database>,
  key: IdempotencyKey,
  { id, event, jobs, insert, read }: NewList<T>,
): Promise<Result<Made<T>, SubmissionFailure>> {
  const make = () =>
    db
      .transaction()
      .execute(async (tx) => {
        await insert(tx);
        await append(tx, event);
        if (!(await insertJobs(tx, key, { answer: id }, jobs))) throw new NotTaken();
        return read(tx, id);
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
        ({ answer }) => read(db, answer ?? ''),
        () => refuseFrozen(db),
      ),
    );
  } catch (error) {
    if (error instanceof Refused || error instanceof KeyMismatched) return fail(error.failure);
    throw error;
  }
}

/** What the first request with this key made; undefined where none did, or another request. */
export async function firstList<T>(
  db: Db,
  key: IdempotencyKey,
  read: (db: Db, id: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const kept = await keptUnder(db, key);
    return kept?.answer ? await read(db, kept.answer) : undefined;
  } catch (error) {
    if (error instanceof KeyMismatched) return undefined;
    throw error;
  }
}
