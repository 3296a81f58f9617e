import { sql } from 'kysely';
import { auditBytes } from '../../../domain/audit.js';
import { canonicalJson } from '../../../domain/canonical.js';
import { invariantViolation, isTerminal, canTransition, type Job, type State } from '../../../domain/job.js';
import { REQUEUE_AFTER_MS } from '../../../domain/nudge.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import { subjectsOf } from '../../../domain/subjects.js';
import type { JobView, Move } from '../../../domain/move.js';
import { complete } from '../../../domain/moves.js';
import type { TransitionFailure } from '../../../ports/job-store.js';
import { cte, messagesFor, storyOf } from './announce.js';
import { columnsOf, jobOf } from './job-row.js';
import { seeJob, type Seen } from './job-view.js';
import type { RecentLooks } from './recent-looks.js';
import { Refused } from './locks.js';
import type { Nudges } from '../nudges.js';
import type { Db } from '../schema.js';
import { storePlan, write } from './writes.js';

const NEEDS_WORKER: readonly State[] = [
  'planning',
  'queued',
  'running',
  'rolling-back',
  'unknown',
  'waiting',
  'deferred',
];
/** So often a decision is made again because the job moved meanwhile; after that its row is held while deciding. */
const FREE_TRIES = 4;

/**
 * Looks, decides, writes where nobody moved the job meanwhile (`xmin` of its row is the one that was seen), else decides again.
 * A move without rows of its own is one statement.
 */
export async function transition<F>(
  db: Db,
  nudges: Nudges,
  looks: RecentLooks,
  id: string,
  decide: (view: JobView) => Result<Move, F>,
): Promise<Result<Job, F | TransitionFailure>> {
  const moved = await tryToMove(db, looks.take(id), id, decide);
  if (!moved.ok) return moved;
  const { job, move } = moved.value;
  nudges.job(id);
  // Locks that are given up send for the job that waited for them.
  const sends = move.message !== undefined || move.writes?.some(({ kind }) => kind === 'unlock') === true;
  if (sends) nudges.outbox();
  return ok(job);
}

/** A job as a move left it. */
interface Moved {
  readonly job: Job;
  readonly move: Move;
}

async function tryToMove<F>(
  db: Db,
  recent: Seen | undefined,
  id: string,
  decide: (view: JobView) => Result<Move, F>,
): Promise<Result<Moved, F | TransitionFailure>> {
  try {
    for (let i = 0; i < FREE_TRIES; i++) {
      const before = i === 0 ? recent : undefined;
      const seen = before ?? (await seeJob(db, id));
      if (!seen) return fail({ kind: 'job-not-found' });
      const decided = decide(seen.view);
      // A refusal is never given for what the job was a moment ago.
      if (!decided.ok && before) continue;
      if (!decided.ok) return decided;
      const move = complete(seen.view.job.state, decided.value);
      const alone = move.set?.plan === undefined && (move.writes ?? []).length === 0;
      const job = alone
        ? await carryOut(db, seen, move)
        : await db.transaction().execute((tx) => carryOut(tx, seen, move));
      if (job) return ok({ job, move });
    }
    return await db.transaction().execute((tx) => moveHeld(tx, id, decide));
  } catch (error) {
    if (error instanceof Refused) return fail(error.failure);
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === '23505' && constraint === 'audit_events_event_id_key') return fail({ kind: 'duplicate-event' });
    throw error;
  }
}

/**
 * The same inside a transaction of the caller, with the row locked before the job is read: for a move that commits with other
 * rows, and for a job that many want to move at once.
 * @throws Refused with an expected failure, and whatever the database refuses: the transaction is lost.
 */
export async function transitionWithin<F>(
  tx: Db,
  id: string,
  decide: (view: JobView) => Result<Move, F>,
): Promise<Result<Job, F | TransitionFailure>> {
  const moved = await moveHeld(tx, id, decide);
  return moved.ok ? ok(moved.value.job) : moved;
}

async function moveHeld<F>(
  tx: Db,
  id: string,
  decide: (view: JobView) => Result<Move, F>,
): Promise<Result<Moved, F | TransitionFailure>> {
  await tx.selectFrom('jobs').select('id').where('id', '=', id).forUpdate().execute();
  const seen = await seeJob(tx, id);
  if (!seen) return fail({ kind: 'job-not-found' });
  const decided = decide(seen.view);
  if (!decided.ok) return decided;
  const move = complete(seen.view.job.state, decided.value);
  const job = await carryOut(tx, seen, move);
  if (!job) throw new Error(`job ${id} moved while its row was held`);
  return ok({ job, move });
}

/** Undefined, with nothing written, when the row is no longer the one that was seen. */
async function carryOut(db: Db, seen: Seen, move: Move): Promise<Job | undefined> {
  const { job } = seen.view;
  if (!canTransition(job.state, move.to) && !isNote(job, move)) {
    throw new Error(`job ${job.id}: ${job.state} does not lead to ${move.to}`);
  }
  const broken = invariantViolation(patched(job, move));
  if (broken) throw new Error(`job ${job.id}: ${broken}`);
  const after = await moveRow(db, seen, move);
  if (!after) return undefined;
  if (move.set?.plan) await storePlan(db, job.id, move.set.plan);
  for (const row of move.writes ?? []) await write(db, job, after.epoch, row);
  return after;
}

/** An ended job is never moved or set again; that a late decision about it was refused is still recorded. */
function isNote(job: Job, move: Move): boolean {
  return isTerminal(job.state) && move.to === job.state && move.set === undefined && move.message === undefined;
}

/** The job as the move will leave it, for the rule of its new state: asked before anything is written. */
function patched(job: Job, move: Move): Job {
  const set = Object.entries(move.set ?? {}).map(([name, value]) => [name, value ?? undefined]);
  return { ...job, ...(Object.fromEntries(set) as Partial<Job>), state: move.to };
}

/** The row, its audit events, what people see of the move and its message: one statement, all or nothing. */
async function moveRow(db: Db, { view: { job, now }, version }: Seen, move: Move): Promise<Job | undefined> {
  const set = move.set ?? {};
  const moved = job.state !== move.to;
  const begins = set.plan !== undefined || (move.writes ?? []).some(({ kind }) => kind === 'grant');
  const told = moved || move.events.length > 0;
  const events = move.events.map(auditBytes);
  const row = await db
    .with('moved', (query) =>
      query
        .updateTable('jobs')
        .set({
          ...columnsOf(set),
          ...subjects(job, move),
          state: move.to,
          ...(moved ? { state_since: sql<Date>`now()` } : {}),
          // What this plan or grant may still be used for is judged by the clock from now on.
          ...(begins ? { clock_era: sql<string>`clock_era()` } : {}),
          ...wakeAt(move, job, now),
          revision: sql<string>`revision + 1`,
        })
        .where('id', '=', job.id)
        .where(sql<boolean>`xmin = ${version}::xid`)
        .returningAll(),
    )
    .with('story', () => cte(storyOf('moved', told ? story(job, move) : undefined)))
    .with('messages', () => cte(messagesFor('moved', [job.id], move.message?.priority)))
    .selectFrom('moved')
    .selectAll()
    // Asked for per moved row: nothing is appended for a move that did not happen.
    .select(sql<string>`(SELECT count(audit_append(entry)) FROM unnest(${events}::text[]) AS entry)`.as('audited'))
    .executeTakeFirst();
  if (!row) return undefined;
  const { audited: _, ...columns } = row;
  return jobOf(columns, columns.plan_digest === null ? undefined : (set.plan ?? job.plan));
}

/** What people see of a move: its state and which facts came with it. */
function story(job: Job, move: Move): string {
  const changes = (move.writes ?? []).flatMap((row) =>
    row.kind === 'intent' || row.kind === 'result'
      ? [{ changeId: row.changeId, direction: row.direction, result: row.kind === 'result' ? row.result : null }]
      : [],
  );
  const code = move.set?.code === undefined ? job.code : move.set.code;
  return canonicalJson({
    state: move.to,
    code: code ?? null,
    facts: move.events.map((event) => event.action),
    ...(changes.length > 0 ? { changes } : {}),
  });
}

/** What the job is about, once Detect saw it. */
function subjects({ parameters }: Job, { set }: Move): { subjects?: string } {
  if (!set?.findings) return {};
  return { subjects: subjectsOf(parameters, set.findings, set.plan?.plan.changes) };
}

/** When the job is looked at next. A move that leaves state and code as they are leaves this too, unless it says otherwise. */
function wakeAt(move: Move, job: Job, now: Date): { wake_at?: Date | null } {
  if (isTerminal(move.to)) return { wake_at: null };
  if (move.wakeAt) return { wake_at: move.wakeAt };
  const soon = new Date(now.getTime() + REQUEUE_AFTER_MS);
  if (move.to === 'awaiting-approval') return { wake_at: move.set?.plan?.expiresAt ?? soon };
  if (NEEDS_WORKER.includes(move.to)) return { wake_at: soon };
  return job.state === move.to && move.set?.code === undefined ? {} : { wake_at: null };
}
