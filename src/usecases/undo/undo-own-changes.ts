import type { JobCode } from '../../domain/codes/lookup.js';
import { ended } from '../../domain/moves.js';
import type { Change } from '../../domain/plan.js';
import { attemptChange } from '../journal/attempt-change.js';
import type { Execution } from '../claim/execution.js';
import { workerEvent } from '../facts.js';
import { observe } from '../phases/observe.js';
import { openChecked } from '../phases/open-checked.js';
import { inChange } from '../../platform/spans.js';
import { originalOf, undoChanges } from '../../domain/undo.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/**
 * `onFailure: rollback`: puts back exactly the changes that this job made, newest first, each with intent and result. Proved by a
 * Detect + Plan that lists all of them again.
 */
export async function undoOwnChanges(
  context: WorkerContext,
  execution: Execution,
  code: JobCode,
  detail: string,
): Promise<void> {
  const { job } = execution;
  const moved = await transitionClaimed(context, job, ['running'], ({ job: current }) => ({
    to: 'rolling-back',
    set: { code, detail, partial: true },
    events: [workerEvent(context, 'job.rolling-back', job, { outcome: 'failure', data: { code } })],
    ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
  }));
  if (!moved.ok) return;
  const view = await context.jobs.view(job.id);
  if (!view) return;
  const undo = undoChanges(job.plan?.plan.changes ?? [], view.journal, job.salt);
  const writer = await openChecked(context, execution.bundle, job, 'rollback', 'apply', execution.hold.signal);
  if (!writer.ok) return end(context, execution, undefined, 'the target could not be reached to put the changes back');
  try {
    for (const change of undo) {
      const step = { change: originalOf(change), direction: 'undo', state: 'rolling-back' } as const;
      const one = () => attemptChange(context, execution, writer.value, step);
      const attempt = await inChange(step.change.id, 'change.undo', one);
      if (attempt.kind === 'stopped') return;
      if (attempt.kind === 'failed') {
        const { code: failed, error } = attempt.failure;
        return await end(context, execution, undefined, `${failed}: ${error.message}`);
      }
    }
  } finally {
    await writer.value.session.close();
  }
  await end(context, execution, undo);
}

/** Without a list of undone changes the rollback has failed already; with it, the target has the last word. */
async function end(
  context: WorkerContext,
  execution: Execution,
  undone: readonly Change[] | undefined,
  failure?: string,
): Promise<void> {
  const { job } = execution;
  const restored = undone !== undefined && (await listsAllAgain(context, execution, undone));
  const why = failure ?? 'the changes are not all back';
  const event = workerEvent(context, restored ? 'job.rolled-back' : 'job.rollback-failed', job, {
    outcome: restored ? 'success' : 'failure',
    data: { undone: undone?.length ?? 0 },
  });
  const along = { set: { partial: !restored }, events: [event] };
  await transitionClaimed(context, job, ['rolling-back'], () =>
    restored ? ended('rolled-back', {}, along) : ended('rollback-failed', { detail: why }, along),
  );
}

async function listsAllAgain(
  context: WorkerContext,
  { job, bundle, story, hold }: Execution,
  undone: readonly Change[],
): Promise<boolean> {
  const reader = await openChecked(context, bundle, job, 'detect', 'detect', hold.signal);
  if (!reader.ok) return false;
  try {
    const seen = await observe(context, reader.value, bundle, job, job.supplied ?? {}, story.onRecord, hold.signal);
    return seen.ok && undone.every(({ undoes }) => seen.value.changes.some(({ id }) => id === undoes));
  } finally {
    await reader.value.session.close();
  }
}
