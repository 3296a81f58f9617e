import type { JobCode } from '../../domain/codes/lookup.js';
import { isPartial } from '../../domain/journal.js';
import { ended } from '../../domain/moves.js';
import type { Execution } from '../claim/execution.js';
import { workerEvent } from '../facts.js';
import { undoOwnChanges } from './undo-own-changes.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** Ends a job that tried and did not succeed; where the grant says so, puts back what it made first. */
export async function failJob(
  context: WorkerContext,
  execution: Execution,
  code: JobCode,
  detail: string,
): Promise<void> {
  const view = await context.jobs.view(execution.job.id);
  if (!view) return;
  const partial = isPartial(view.journal);
  if (partial && execution.grant.onFailure === 'rollback' && execution.bundle.manifest.rollback === 'script') {
    await undoOwnChanges(context, execution, code, detail);
    return;
  }
  const events = [workerEvent(context, 'job.failed', execution.job, { outcome: 'failure', data: { code, partial } })];
  await transitionClaimed(context, execution.job, ['running', 'waiting'], () =>
    ended('failed', { code, detail }, { set: { partial }, events }),
  );
}
