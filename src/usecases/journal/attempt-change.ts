import { changeValue, phaseParameters } from '../../domain/phases.js';
import { latest, type JournalEntry } from '../../domain/journal.js';
import type { Phase } from '../../domain/manifest.js';
import type { JobView, Move } from '../../domain/move.js';
import { noted } from '../../domain/moves.js';
import type { Change } from '../../domain/plan.js';
import type { Result } from '../../domain/result.js';
import { originalOf } from '../../domain/undo.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import type { Execution } from '../claim/execution.js';
import { workerEvent } from '../facts.js';
import { runPhase, type Runspace } from '../phases/run-phase.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';
import { becomeUnknown, effectOf, recordResult, type Effect } from './record-result.js';

export type Reported = Extract<PhaseFailure, { kind: 'reported' }>;

/** How an attempt ended. `stopped`: nothing more may be done for the job here; it has been moved on, or is another worker's. */
export type Attempt =
  { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: Reported } | { readonly kind: 'stopped' };

/** One change, and which way it goes. */
export interface Step {
  readonly change: Change;
  readonly direction: JournalEntry['direction'];
  /** The job's state while it makes such changes. */
  readonly state: 'running' | 'rolling-back';
  /** What ends or pauses the job instead of this change; asked in the transaction of the intent. */
  readonly instead?: (view: JobView) => Move | undefined;
}

const STOPPED = { kind: 'stopped' } as const;

/**
 * One attempt at one change: the intent committed, the phase run in the writer, the result committed. Only what the script itself
 * reported is a failure; anything else leaves the outcome unknown.
 */
export async function attemptChange(
  context: WorkerContext,
  execution: Execution,
  writer: Runspace,
  step: Step,
): Promise<Attempt> {
  const { job, hold } = execution;
  const attempt = await declareIntent(context, execution, step);
  if (attempt === undefined) return STOPPED;
  // This process may have been paused after the commit: another worker may own the job by now and have sent the change.
  if (hold.stale()) return STOPPED;
  const done = await carryOut(execution, writer, step);
  const about = { changeId: step.change.id, direction: step.direction, attempt } as const;
  if (done.ok) return (await recordResult(context, job, { ...about, ...done.value })) ? { kind: 'done' } : STOPPED;
  const failure = done.error;
  if (failure.kind !== 'reported') {
    await becomeUnknown(context, job, step.change.id, failure);
    return STOPPED;
  }
  const detail = failure.error.message.slice(0, 2000);
  const recorded = await recordResult(context, job, { ...about, result: 'failed', code: failure.code, detail });
  return recorded ? { kind: 'failed', failure } : STOPPED;
}

/** The durable intent, committed before anything is sent; refused when the job may not go on. Returns the attempt, from 1. */
async function declareIntent(
  context: WorkerContext,
  { job, grant }: Execution,
  { change, direction, state, instead }: Step,
): Promise<number | undefined> {
  let attempt = 0;
  const moved = await transitionClaimed(context, job, [state], (view) => {
    const early = instead?.(view);
    if (early) return early;
    attempt = (latest(view.journal, direction).get(change.id)?.attempt ?? 0) + 1;
    const undo = direction === 'undo' ? { direction } : {};
    const data = { change: change.id, ...undo, attempt, epoch: view.job.epoch, jti: grant.jti };
    return noted(view.job, {
      events: [workerEvent(context, 'change.intent', view.job, { data })],
      writes: [{ kind: 'intent', changeId: change.id, direction, attempt }],
    });
  });
  return moved.ok && attempt > 0 && moved.value.state === state ? attempt : undefined;
}

async function carryOut(
  { job, bundle, story, hold }: Execution,
  writer: Runspace,
  { change, direction }: Step,
): Promise<Result<Effect, PhaseFailure>> {
  const phase: Phase = direction === 'undo' || job.kind === 'rollback-of' ? 'rollback' : 'apply';
  const given = direction === 'apply' && phase === 'rollback' ? originalOf(change) : change;
  const parameters = { Parameters: phaseParameters(job, job.supplied), Change: changeValue(given) };
  const ran = await runPhase(writer, bundle, phase, parameters, story.onRecord, hold.signal);
  return ran.ok ? effectOf(ran.value) : ran;
}
