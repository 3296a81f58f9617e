import type { Value } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { AttemptResult, Move } from '../../domain/move.js';
import { becameUnknown, noted } from '../../domain/moves.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import { isDatabaseUnavailable } from '../../platform/database-unavailable.js';
import { workerEvent } from '../facts.js';
import { mergeLateResult } from './late-result.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** What Apply or Rollback says of its one change. */
export interface Effect {
  readonly result: 'changed' | 'noop';
  readonly backupRef?: string;
}

/** Reads `{ outcome, backupRef? }`. Nothing emitted counts as `changed`; anything else is output we cannot trust. */
export function effectOf(output: readonly Value[]): Result<Effect, PhaseFailure> {
  if (output.length === 0) return ok({ result: 'changed' });
  const [value] = output;
  const isObject = output.length === 1 && value !== null && typeof value === 'object' && !Array.isArray(value);
  const members = (isObject ? value : { unexpected: true }) as Record<string, Value>;
  const { outcome = 'changed', backupRef = null, ...rest } = members;
  const known = (outcome === 'changed' || outcome === 'noop') && Object.keys(rest).length === 0;
  if (!known || !(backupRef === null || (typeof backupRef === 'string' && !backupRef.includes('\u0000')))) {
    const detail = 'Apply and Rollback must emit { outcome: changed | noop, backupRef? } or nothing';
    return fail({ kind: 'malformed-output', detail });
  }
  return ok({ result: outcome, ...(backupRef === null ? {} : { backupRef }) });
}

/**
 * Records one result in journal and audit log, in one transaction; the state of the job does not change. False where this worker
 * may do nothing more for the job: the database is unavailable (the result is spooled and merged later), or another worker owns the
 * job (the result is audited as late).
 * @throws Error for anything else: the lease of the job then expires, and a worker checks the target.
 */
export async function recordResult(context: WorkerContext, job: Job, result: AttemptResult): Promise<boolean> {
  const late = { job: job.id, epoch: job.epoch, ...result };
  try {
    const recorded = await transitionClaimed(context, job, ['running', 'rolling-back'], ({ job: current }) =>
      noted(current, {
        // A recorded result is progress: the count of crashes starts again.
        set: { crashes: 0 },
        events: [resultEvent(context, current, result)],
        writes: [{ kind: 'result', ...result }],
      }),
    );
    if (!recorded.ok) await mergeLateResult(context, late);
    return recorded.ok;
  } catch (error) {
    // A bug is no outage: spooled, it would be merged as evidence and never be seen.
    if (!isDatabaseUnavailable(error)) throw error;
    await context.spool.keep(late);
    return false;
  }
}

function resultEvent(context: WorkerContext, job: Job, result: AttemptResult) {
  const { changeId: change, direction, attempt, code } = result;
  return workerEvent(context, 'change.result', job, {
    outcome: result.result === 'failed' ? 'failure' : 'success',
    data: {
      ...{ change, direction, attempt, epoch: job.epoch, result: result.result },
      ...(code === undefined ? {} : { code }),
    },
  });
}

/** The outcome of a change is not known: the job waits until the old execution must be dead, then a worker checks the target. */
export async function becomeUnknown(
  context: WorkerContext,
  job: Job,
  changeId: string,
  failure: Exclude<PhaseFailure, { kind: 'reported' }>,
): Promise<void> {
  const detail = 'detail' in failure ? failure.detail : failure.kind;
  // `cancelled` here means shutdown or a lost lease: users cannot cancel an in-progress change.
  const code =
    failure.kind === 'cancelled' ? 'worker-stopped' : failure.kind === 'refused' ? failure.code : failure.kind;
  await transitionClaimed(context, job, ['running', 'rolling-back'], ({ job: current, now }): Move => {
    const nextTryAt = new Date(now.getTime() + context.settings.reconcileAfterMs);
    const crashes = current.crashes + 1;
    const data = { change: changeId, code, epoch: current.epoch };
    const events = [workerEvent(context, 'job.unknown', current, { outcome: 'unknown', data })];
    return becameUnknown({ code, detail }, nextTryAt, { set: { crashes }, events });
  });
}
