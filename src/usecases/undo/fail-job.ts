import { madeAndNotUndone } from '../../domain/journal.js';
import type { Execution } from '../claim/execution.js';
import { serviceFact } from '../facts.js';
import { undoOwnChanges } from './undo-own-changes.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/** Ends a job that tried and did not succeed; where the grant says so, puts back what it made first. */
export async function failJob(
  context: WorkerContext,
  execution: Execution,
  code: string,
  detail: string,
): Promise<void> {
  const view = await context.jobs.view(execution.job.id);
  if (!view) return;
  const partial = madeAndNotUndone(view.journal).length > 0;
  if (partial && execution.grant.onFailure === 'rollback' && execution.bundle.manifest.rollback === 'script') {
    await undoOwnChanges(context, execution, code, detail);
    return;
  }
  await moveOurs(context, execution.job, ['running', 'waiting'], () => ({
    to: 'failed',
    set: { code, detail, partial, leaseUntil: null, nextTryAt: null },
    events: [
      serviceFact(context.newId, 'worker', 'job.failed', execution.job, {
        outcome: 'failure',
        data: { code, partial },
      }),
    ],
    writes: [{ kind: 'unlock' }],
  }));
}
