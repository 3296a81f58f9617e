import { latest } from '../../domain/journal.js';
import type { Change } from '../../domain/plan.js';
import type { Value } from '../../domain/canonical.js';
import { becomeUnknown, effectOf, recordResult } from '../journal/record-result.js';
import type { Execution } from '../claim/execution.js';
import { serviceFact } from '../facts.js';
import { observe } from '../phases/observe.js';
import { openRunspace, runPhase, type Runspace } from '../phases/run-phase.js';
import { inChange } from '../../platform/spans.js';
import { originalOf, undoChanges } from '../../domain/undo.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/**
 * `onFailure: rollback`: puts back exactly the changes that this job made, newest first, each with intent and result. Proved by a
 * Detect + Plan that lists all of them again.
 */
export async function undoOwnChanges(
  context: WorkerContext,
  execution: Execution,
  code: string,
  detail: string,
): Promise<void> {
  const { job } = execution;
  const moved = await moveOurs(context, job, ['running'], ({ job: current }) => ({
    to: 'rolling-back',
    set: { code, detail, partial: true },
    events: [serviceFact(context.newId, 'worker', 'job.rolling-back', job, { outcome: 'failure', data: { code } })],
    ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
  }));
  if (!moved.ok) return;
  const view = await context.jobs.view(job.id);
  if (!view) return;
  const undo = undoChanges(job.plan?.plan.changes ?? [], view.journal);
  const writer = await openRunspace(context, execution.bundle, job, 'rollback', 'apply', execution.hold.signal);
  if (!writer.ok) return end(context, execution, undefined, 'the target could not be reached to put the changes back');
  try {
    for (const change of undo) {
      const one = () => undoOne(context, execution, writer.value, change);
      const failure = await inChange(change.undoes ?? change.id, 'change.undo', one);
      if (failure === 'unknown') return;
      if (failure !== undefined) return await end(context, execution, undefined, failure);
    }
  } finally {
    await writer.value.session.close();
  }
  await end(context, execution, undo);
}

async function undoOne(
  context: WorkerContext,
  execution: Execution,
  writer: Runspace,
  change: Change,
): Promise<string | undefined> {
  const { job, bundle, story, hold } = execution;
  const original = originalOf(change);
  let attempt = 0;
  const declared = await moveOurs(context, job, ['rolling-back'], ({ job: current, journal }) => {
    attempt = (latest(journal, 'undo').get(original.id)?.attempt ?? 0) + 1;
    const data = { change: original.id, direction: 'undo', attempt, epoch: current.epoch, jti: execution.grant.jti };
    return {
      to: 'rolling-back',
      events: [serviceFact(context.newId, 'worker', 'change.intent', current, { data })],
      writes: [{ kind: 'intent', changeId: original.id, direction: 'undo', attempt }],
      ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
    };
  });
  if (!declared.ok) return 'unknown';
  const parameters = { Parameters: { ...job.parameters, ...job.supplied }, Change: original as unknown as Value };
  const ran = await runPhase(writer, bundle, 'rollback', parameters, story.onRecord, hold.signal);
  const done = ran.ok ? effectOf(ran.value) : ran;
  const about = { changeId: original.id, direction: 'undo', attempt } as const;
  if (done.ok) {
    return (await recordResult(context, job, { ...about, ...done.value })) ? undefined : 'unknown';
  }
  if (done.error.kind !== 'reported') {
    await becomeUnknown(context, job, original.id, done.error);
    return 'unknown';
  }
  const { code, error } = done.error;
  const failed = { ...about, result: 'failed', code, detail: error.message.slice(0, 2000) } as const;
  if (!(await recordResult(context, job, failed))) return 'unknown';
  return `${code}: ${error.message}`;
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
  await moveOurs(context, job, ['rolling-back'], () => ({
    to: restored ? 'rolled-back' : 'rollback-failed',
    set: { leaseUntil: null, partial: !restored, ...(restored ? {} : { detail: why }) },
    events: [
      serviceFact(context.newId, 'worker', restored ? 'job.rolled-back' : 'job.rollback-failed', job, {
        outcome: restored ? 'success' : 'failure',
        data: { undone: undone?.length ?? 0 },
      }),
    ],
    writes: [{ kind: 'unlock' }],
  }));
}

async function listsAllAgain(
  context: WorkerContext,
  { job, bundle, story, hold }: Execution,
  undone: readonly Change[],
): Promise<boolean> {
  const reader = await openRunspace(context, bundle, job, 'detect', 'detect', hold.signal);
  if (!reader.ok) return false;
  try {
    const seen = await observe(context, reader.value, bundle, job, job.supplied ?? {}, story.onRecord, hold.signal);
    return seen.ok && undone.every(({ undoes }) => seen.value.changes.some(({ id }) => id === undoes));
  } finally {
    await reader.value.session.close();
  }
}
