import { phaseCode } from '../../domain/codes/lookup.js';
import { isPartial, openIntents } from '../../domain/journal.js';
import type { Phase } from '../../domain/manifest.js';
import type { JobView } from '../../domain/move.js';
import { noted } from '../../domain/moves.js';
import type { Change } from '../../domain/plan.js';
import { inChange } from '../../platform/spans.js';
import type { Execution } from '../claim/execution.js';
import { workerEvent } from '../facts.js';
import { attemptChange, type Reported } from '../journal/attempt-change.js';
import { openWriterChecked } from '../phases/open-checked.js';
import type { Runspace } from '../phases/run-phase.js';
import { deferOrBlock } from '../stop/defer-job.js';
import { stopOf } from '../stop/stop-reason.js';
import { failJob } from '../undo/fail-job.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';
import { boundary } from './boundary.js';

export type Applied = 'all-applied' | 'stopped';

/**
 * Applies the changes that are still to do, one after the other: intent committed, Apply in the writer, result committed. Stops at
 * the first that is not clearly done; the job has been moved on by then.
 */
export async function applyChanges(
  context: WorkerContext,
  execution: Execution,
  reader: Runspace,
  todo: readonly Change[],
): Promise<Applied> {
  const { job, bundle, grant, hold } = execution;
  if (!(await useGrant(context, execution))) return 'stopped';
  const phase: Phase = job.kind === 'rollback-of' ? 'rollback' : 'apply';
  const writer = await openWriterChecked(context, reader, bundle, job, phase, 'apply', hold.signal);
  if (!writer.ok) {
    await deferOrBlock(context, job, stopOf(writer.error, bundle.manifest.codes), bundle);
    return 'stopped';
  }
  try {
    for (const change of todo) {
      const { frozen } = await context.freeze.read();
      const instead = (view: JobView) =>
        boundary(context, view, {
          expired: view.latest >= new Date(grant.executeBy),
          frozen,
          stopping: hold.stopping(),
        });
      const step = { change, direction: 'apply', state: 'running', instead } as const;
      const one = () => attemptChange(context, execution, writer.value, step);
      const attempt = await inChange(change.id, 'change.apply', one);
      if (attempt.kind === 'failed') await stopAfterFailure(context, execution, attempt.failure);
      if (attempt.kind !== 'done') return 'stopped';
    }
    return 'all-applied';
  } finally {
    await writer.value.session.close();
  }
}

/** Consumes the grant once the fresh plan matched; a job that was reconciled continues under its own earlier use. */
async function useGrant(context: WorkerContext, { job, grant }: Execution): Promise<boolean> {
  const used = await context.jobs.grantUse(grant.jti);
  if (used?.job === job.id) return true;
  const moved = await transitionClaimed(context, job, ['running'], ({ job: current }) =>
    noted(current, {
      events: [workerEvent(context, 'grant.used', job, { data: { jti: grant.jti, epoch: current.epoch } })],
      writes: [{ kind: 'grant-use', jti: grant.jti }],
    }),
  );
  if (moved.ok) return true;
  if (moved.error.kind === 'grant-used') {
    await deferOrBlock(context, job, {
      kind: 'blocked',
      code: 'grant-used',
      detail: 'the grant was used by another job',
    });
  }
  return false;
}

/** The script said no. Before any change of this job that is `blocked` or `deferred`, afterwards `failed`. */
async function stopAfterFailure(context: WorkerContext, execution: Execution, failure: Reported): Promise<void> {
  const view = await context.jobs.view(execution.job.id);
  if (!view || openIntents(view.journal).length > 0) return;
  const own = execution.bundle.manifest.codes;
  const { code, class: of } = phaseCode(failure.code, own);
  const nothingDone = !isPartial(view.journal);
  if (nothingDone && (of === 'refused' || of === 'deferred')) {
    await deferOrBlock(context, execution.job, stopOf(failure, own), execution.bundle);
    return;
  }
  await failJob(context, execution, code, failure.error.message);
}
