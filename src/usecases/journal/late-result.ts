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
 * Takes what was heard while the record was away into it. Under its own claim a result counts like any other, and the job goes on
 * at once by a look at the target; after a later claim, or when the job has ended, it is evidence in the audit log and changes
 * nothing. Merging twice does nothing: a worker that dies before it lets a result go merges it again.
 * @throws Error while the record is still away; nothing is lost then.
 */
export async function mergeLateResults(context: WorkerContext): Promise<number> {
  return context.spool.drain((result) => mergeLateResult(context, result));
}

/** One heard result, from the spool or straight from a change whose job was taken over meanwhile. */
export async function mergeLateResult(context: WorkerContext, heard: LateResult): Promise<void> {
  await context.jobs.transition<{ readonly kind: 'known' }>(heard.job, ({ job, journal, now }) => {
    const entry = entryOf(journal, heard);
    if (entry?.result === heard.result) return fail({ kind: 'known' });
    const working = job.state === 'running' || job.state === 'rolling-back';
    if (job.epoch === heard.epoch && working && entry?.result === undefined && entry !== undefined) {
      return ok(count(context, job, heard, now));
    }
    return ok(noted(job, { events: [lateEvent(job, heard)] }));
  });
}

function entryOf(journal: readonly JournalEntry[], heard: LateResult): JournalEntry | undefined {
  return journal.find(
    ({ changeId, direction, attempt }) =>
      changeId === heard.changeId && direction === heard.direction && attempt === heard.attempt,
  );
}

/** The old execution is dead by evidence: it was this worker's own, and it ended. So the look at the target need not wait. */
function count(context: WorkerContext, job: Job, heard: LateResult, now: Date): Move {
  const { job: _, epoch: __, ...result } = heard;
  const data = { ...resultData(heard), merged: true };
  const outcome = heard.result === 'failed' ? 'failure' : 'success';
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

function lateEvent(job: Job, heard: LateResult) {
  const { changeId, direction, attempt, epoch, result } = heard;
  const id = eventIdOf('change.result-late', { job: heard.job, changeId, direction, attempt, epoch, result });
  return serviceEvent(() => id, 'worker', 'change.result-late', job, {
    outcome: 'unknown',
    data: { ...resultData(heard), now: job.epoch },
  });
}

function resultData({ changeId, direction, attempt, epoch, result, code }: LateResult) {
  return { change: changeId, direction, attempt, epoch, result, ...(code === undefined ? {} : { code }) };
}
