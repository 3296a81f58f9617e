import { readProof } from '../../../domain/decision-proof.js';
import { isUuid } from '../../../domain/uuid.js';
import { sql, type CompiledQuery, type InferResult } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { ChangeResult, JournalEntry } from '../../../domain/journal.js';
import type { PersonRef } from '../../../domain/people.js';
import type { DecisionRow, JobView } from '../../../domain/move.js';
import { jobOf, planOf, type Read } from './job-row.js';
import type { Db } from '../schema.js';

/** A job as one snapshot shows it, and the version of its row: a move is written only where that is still the version. */
export interface Seen {
  readonly view: JobView;
  readonly version: string;
}

function look(db: Db, id: string) {
  return db
    .selectFrom('jobs')
    .selectAll()
    .select([
      sql<Date>`clock_timestamp()`.as('db_now'),
      sql<Date>`latest_time(clock_era)`.as('db_latest'),
      sql<string>`xmin::text`.as('version'),
    ])
    .select((eb) => [
      jsonObjectFrom(
        eb
          .selectFrom('plans')
          .selectAll('plans')
          .whereRef('plans.job_id', '=', 'jobs.id')
          .whereRef('plans.digest', '=', 'jobs.plan_digest'),
      ).as('plan'),
      jsonArrayFrom(
        eb.selectFrom('change_journal').selectAll('change_journal').whereRef('job_id', '=', 'jobs.id').orderBy('n'),
      ).as('journal'),
      jsonArrayFrom(
        eb.selectFrom('decisions').selectAll('decisions').whereRef('job_id', '=', 'jobs.id').orderBy('n'),
      ).as('decisions'),
    ])
    .where('id', '=', id);
}

type Looked = InferResult<ReturnType<typeof look>>[number];

/** The text of the look, built once: it is the most frequent statement, and its id is the only parameter. */
let compiled: CompiledQuery<Looked> | undefined;

/** The job with its plan, journal and decisions in one statement, hence from one snapshot. */
export async function seeJob(db: Db, id: string): Promise<Seen | undefined> {
  if (!isUuid(id)) return undefined;
  compiled ??= look(db, id).compile();
  const { rows } = await db.executeQuery<Looked>({ ...compiled, parameters: [id] });
  const row = rows[0];
  if (!row) return undefined;
  const { db_now: now, db_latest: latest, version, plan, journal, decisions, ...columns } = row;
  return {
    view: {
      job: jobOf(columns, plan ? planOf(plan) : undefined),
      journal: journal.map(entryOf),
      decisions: decisions.map(decisionOf),
      now,
      latest,
    },
    version,
  };
}

/** A time inside a JSON member comes as text. */
const time = (value: Date | string): Date => new Date(value);

function entryOf(row: Read<'change_journal'>): JournalEntry {
  return {
    changeId: row.change_id,
    direction: row.direction as JournalEntry['direction'],
    attempt: row.attempt,
    epoch: Number(row.epoch),
    n: Number(row.n),
    intentAt: time(row.intent_at),
    ...(row.result === null ? {} : { result: row.result as ChangeResult }),
    ...(row.result_at === null ? {} : { resultAt: time(row.result_at) }),
    ...(row.backup_ref === null ? {} : { backupRef: row.backup_ref }),
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.detail === null ? {} : { detail: row.detail }),
  };
}

export function decisionOf(row: Read<'decisions'>): DecisionRow {
  return {
    id: row.id,
    job: row.job_id,
    planDigest: row.plan_digest,
    decision: row.decision as DecisionRow['decision'],
    person: JSON.parse(row.person) as PersonRef,
    reason: row.reason,
    proof: readProof(row.proof),
    decidedAt: time(row.decided_at),
    status: row.status as DecisionRow['status'],
    ...(row.execute_by === null ? {} : { executeBy: time(row.execute_by) }),
    ...(row.on_failure === null ? {} : { onFailure: row.on_failure as 'leave' | 'rollback' }),
    ...(row.code === null ? {} : { code: row.code }),
  };
}
