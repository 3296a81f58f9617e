import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { v7 as newId } from './ids.js';
import { auditBytes } from '../../domain/audit.js';
import { canonicalJson } from '../../domain/canonical.js';
import { brokenRule, isEnd, mayMove, type Job, type State } from '../../domain/job.js';
import type { ChangeResult, JournalEntry } from '../../domain/journal.js';
import type { PersonRef } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { DecisionRow, JobStore, JobView, Move, TransitionFailure } from '../../ports/job-store.js';
import { columnsOf, jobOf } from './job-row.js';
import type { Database, JobsTable } from './schema.js';
import { Refused, storePlan, write } from './writes.js';

type Db = Kysely<Database>;

/** Without news for this long, a state that needs a worker is nudged again (milliseconds). */
const NUDGE_MS = 30_000;
const NEEDS_WORKER: readonly State[] = [
  'planning',
  'queued',
  'running',
  'rolling-back',
  'unknown',
  'waiting',
  'deferred',
];

export function createJobStore(db: Db): JobStore {
  return {
    get: async (id) => (await load(db, id, false))?.job,
    view: (id) => load(db, id, false),
    transition: (id, decide) => transition(db, id, decide),
    renewLease: async (id, epoch, forMs) => {
      const until = sql<Date>`now() + ${forMs} * interval '1 millisecond'`;
      const renewed = await db
        .updateTable('jobs')
        .set({ lease_until: until, wake_at: until })
        .where('id', '=', id)
        .where('epoch', '=', epoch)
        .where('state', 'in', ['planning', 'deferred', 'running', 'rolling-back', 'waiting', 'unknown'])
        .executeTakeFirst();
      return renewed.numUpdatedRows === 1n;
    },
    grant: async (jti) => {
      const row = await db.selectFrom('grants').selectAll().where('jti', '=', jti).executeTakeFirst();
      if (!row) return undefined;
      const { job_id: job, bytes, signature, kid, revoked_at: revokedAt } = row;
      return { jti, job, bytes, signature, kid, ...(revokedAt ? { revokedAt } : {}) };
    },
    grantUse: async (jti) => {
      const row = await db.selectFrom('grant_use').selectAll().where('jti', '=', jti).executeTakeFirst();
      return row ? { job: row.job_id, epoch: Number(row.epoch) } : undefined;
    },
    pendingDecisions: async (limit) =>
      (
        await db
          .selectFrom('decisions')
          .selectAll()
          .where('status', '=', 'pending')
          .orderBy('decided_at')
          .limit(limit)
          .execute()
      ).map(decisionOf),
  };
}

async function transition<F>(
  db: Db,
  id: string,
  decide: (view: JobView) => Result<Move, F>,
): Promise<Result<Job, F | TransitionFailure>> {
  try {
    return await db.transaction().execute(async (tx): Promise<Result<Job, F | TransitionFailure>> => {
      const view = await load(tx, id, true);
      if (!view) return fail({ kind: 'job-not-found' });
      const decided = decide(view);
      if (!decided.ok) return decided;
      return ok(await carryOut(tx, view, decided.value));
    });
  } catch (error) {
    if (error instanceof Refused) return fail(error.failure);
    throw error;
  }
}

async function carryOut(tx: Transaction<Database>, { job, now }: JobView, move: Move): Promise<Job> {
  if (!mayMove(job.state, move.to)) throw new Error(`job ${job.id}: ${job.state} does not lead to ${move.to}`);
  const epoch = move.set?.epoch ?? job.epoch;
  const moved = job.state !== move.to;
  if (move.set?.plan) await storePlan(tx, job.id, move.set.plan);
  for (const row of move.writes ?? []) await write(tx, job, epoch, row);
  const row = await tx
    .updateTable('jobs')
    .set({
      ...columnsOf(move.set ?? {}),
      state: move.to,
      ...(moved ? { state_since: sql<Date>`now()` } : {}),
      wake_at: wakeAt(move, now),
      revision: sql<string>`revision + 1`,
    })
    .where('id', '=', job.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const after = jobOf(row, await planRow(tx, row));
  const broken = brokenRule(after);
  if (broken) throw new Error(`job ${job.id}: ${broken}`);
  for (const event of move.events) await sql`SELECT audit_append(${auditBytes(event)})`.execute(tx);
  if (moved || move.events.length > 0) await tellStory(tx, after, move);
  if (move.message) await enqueue(tx, after, move.message.priority);
  return after;
}

/** What people see of a move: its state and which facts came with it. */
async function tellStory(tx: Transaction<Database>, job: Job, move: Move): Promise<void> {
  const changes = (move.writes ?? []).flatMap((row) =>
    row.kind === 'intent' || row.kind === 'result'
      ? [{ changeId: row.changeId, direction: row.direction, result: row.kind === 'result' ? row.result : null }]
      : [],
  );
  const body = canonicalJson({
    state: job.state,
    code: job.code ?? null,
    facts: move.events.map((event) => event.action),
    ...(changes.length > 0 ? { changes } : {}),
  });
  await tx.insertInto('job_events').values({ job_id: job.id, kind: 'state', body }).execute();
}

function wakeAt(move: Move, now: Date): Date | null {
  if (isEnd(move.to)) return null;
  if (move.wakeAt) return move.wakeAt;
  if (move.to === 'awaiting-approval') return move.set?.plan?.expiresAt ?? new Date(now.getTime() + NUDGE_MS);
  return NEEDS_WORKER.includes(move.to) ? new Date(now.getTime() + NUDGE_MS) : null;
}

export async function enqueue(
  tx: Transaction<Database>,
  job: { readonly id: string; readonly pool: string },
  priority: number,
): Promise<void> {
  await tx
    .insertInto('outbox')
    .values({ id: newId(), job_id: job.id, pool: job.pool, priority, sent_at: null, taken_at: null })
    .execute();
}

async function load(db: Db, id: string, lock: boolean): Promise<JobView | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const row = await db
    .selectFrom('jobs')
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as('db_now'))
    .where('id', '=', id)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) return undefined;
  const { db_now: now, ...columns } = row;
  const hasHistory = columns.plan_digest !== null;
  // One after the other: inside a transaction there is one connection.
  const plan = await planRow(db, columns);
  const journal = hasHistory
    ? await db.selectFrom('change_journal').selectAll().where('job_id', '=', id).orderBy('intent_at').execute()
    : [];
  const decisions = hasHistory
    ? await db.selectFrom('decisions').selectAll().where('job_id', '=', id).orderBy('decided_at').execute()
    : [];
  return { job: jobOf(columns, plan), journal: journal.map(entryOf), decisions: decisions.map(decisionOf), now };
}

function planRow(db: Db, row: Selectable<JobsTable>): Promise<Selectable<Database['plans']> | undefined> {
  if (row.plan_digest === null) return Promise.resolve(undefined);
  return db
    .selectFrom('plans')
    .selectAll()
    .where('job_id', '=', row.id)
    .where('digest', '=', row.plan_digest)
    .executeTakeFirst();
}

function entryOf(row: Selectable<Database['change_journal']>): JournalEntry {
  return {
    changeId: row.change_id,
    direction: row.direction as JournalEntry['direction'],
    attempt: row.attempt,
    epoch: Number(row.epoch),
    intentAt: row.intent_at,
    ...(row.result === null ? {} : { result: row.result as ChangeResult }),
    ...(row.result_at === null ? {} : { resultAt: row.result_at }),
    ...(row.backup_ref === null ? {} : { backupRef: row.backup_ref }),
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.detail === null ? {} : { detail: row.detail }),
  };
}

function decisionOf(row: Selectable<Database['decisions']>): DecisionRow {
  return {
    id: row.id,
    job: row.job_id,
    planDigest: row.plan_digest,
    decision: row.decision as DecisionRow['decision'],
    person: JSON.parse(row.person) as PersonRef,
    reason: row.reason,
    proof: JSON.parse(row.proof) as DecisionRow['proof'],
    decidedAt: row.decided_at,
    status: row.status as DecisionRow['status'],
    ...(row.execute_by === null ? {} : { executeBy: row.execute_by }),
    ...(row.on_failure === null ? {} : { onFailure: row.on_failure as 'leave' | 'rollback' }),
    ...(row.code === null ? {} : { code: row.code }),
  };
}
