import type { Job } from '../../domain/job.js';
import type { JournalEntry } from '../../domain/journal.js';
import { eventIdOf } from '../../domain/audit.js';
import type { Move } from '../../domain/move.js';
import { becameUnknown, noted } from '../../domain/moves.js';
import { fail, ok } from '../../domain/result.js';
import type { LateResult } from '../../ports/result-spool.js';
import { serviceEvent, workerEvent } from '../facts.js';
import type { WorkerContext } from '../worker-context.js';

/**
 * Merges the spooled results into the database. Under its own claim a late result counts like any other, and a worker checks the
 * target at once. After a later claim, or when the job has ended, it becomes evidence in the audit log and changes nothing. Merging
 * is idempotent: a worker that dies before it deletes a spooled result merges it again.
 * @throws Error while the database is unavailable; nothing is lost then.
 */
export async function mergeLateResults(context: WorkerContext): Promise<number> {
  return context.spool.drain((result) => mergeLateResult(context, result));
}

/** Merges one late result: from the spool, or of a change whose job another worker took over meanwhile. */
export async function mergeLateResult(context: WorkerContext, late: LateResult): Promise<void> {
  await context.jobs.transition<{ readonly kind: 'known' }>(late.job, ({ job, journal, now }) => {
    const entry = entryOf(journal, late);
    if (entry?.result === late.result) return fail({ kind: 'known' });
    const working = job.state === 'running' || job.state === 'rolling-back';
    if (job.epoch === late.epoch && working && entry?.result === undefined && entry !== undefined) {
      return ok(count(context, job, late, now));
    }
    return ok(noted(job, { events: [lateEvent(job, late)] }));
  });
}

function entryOf(journal: readonly JournalEntry[], late: LateResult): JournalEntry | undefined {
  return journal.find(
    ({ changeId, direction, attempt }) =>
      changeId === late.changeId && direction === late.direction && attempt === late.attempt,
  );
}

/** The old execution is dead by evidence: it was this worker's own, and it ended. So the look at the target need not wait. */
function count(context: WorkerContext, job: Job, late: LateResult, now: Date): Move {
  const { job: _, epoch: __, ...result } = late;
  const data = { ...resultData(late), merged: true };
  const outcome = late.result === 'failed' ? 'failure' : 'success';
  const why = {
    code: 'database-unavailable' as const,
    detail: 'the database was unavailable when the change finished',
  };
  const move = becameUnknown(why, now, {
    events: [
      workerEvent(context, 'change.result', job, { outcome, data }),
      workerEvent(context, 'job.unknown', job, { outcome: 'unknown', data: { code: 'database-unavailable' } }),
    ],
    writes: [{ kind: 'result', ...result }],
  });
  return { ...move, message: { priority: 2 } };
}

function lateEvent(job: Job, late: LateResult) {
  const { changeId, direction, attempt, epoch, result } = late;
  const id = eventIdOf('change.result-late', { job: late.job, changeId, direction, attempt, epoch, result });
  return serviceEvent(() => id, 'worker', 'change.result-late', job, {
    outcome: 'unknown',
    data: { ...resultData(late), now: job.epoch },
  });
}

function resultData({ changeId, direction, attempt, epoch, result, code }: LateResult) {
  return { change: changeId, direction, attempt, epoch, result, ...(code === undefined ? {} : { code }) };
}
