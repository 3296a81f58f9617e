import { codeClass } from '../../domain/codes.js';
import { latest, madeAndNotUndone, openIntents } from '../../domain/journal.js';
import type { Job } from '../../domain/job.js';
import type { Phase } from '../../domain/manifest.js';
import type { Change } from '../../domain/plan.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Value } from '../../domain/canonical.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import type { Move } from '../../ports/job-store.js';
import { deferOrBlock } from '../stop/defer-job.js';
import { becomeUnknown, effectOf, recordResult, type Effect } from '../journal/record-result.js';
import { failJob } from '../undo/fail-job.js';
import { serviceFact } from '../facts.js';
import { openRunspace, runPhase, type Runspace } from '../phases/run-phase.js';
import type { Execution } from '../claim/execution.js';
import { inChange } from '../../platform/spans.js';
import { stopOf } from '../stop/stop-reason.js';
import { originalOf } from '../../domain/undo.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

export type Applied = 'all-applied' | 'stopped';

/**
 * Applies the changes that are still to do, one after the other: intent committed, Apply in the writer, result committed. Stops at
 * the first that is not clearly done; the job has been moved on by then.
 */
export async function applyChanges(
  context: WorkerContext,
  execution: Execution,
  todo: readonly Change[],
): Promise<Applied> {
  const { job, bundle, hold } = execution;
  if (!(await useGrant(context, execution))) return 'stopped';
  const phase: Phase = job.kind === 'rollback-of' ? 'rollback' : 'apply';
  const writer = await openRunspace(context, bundle, job, phase, 'apply', hold.signal);
  if (!writer.ok) {
    await deferOrBlock(context, job, stopOf(writer.error), bundle);
    return 'stopped';
  }
  try {
    for (const change of todo) {
      const one = () => applyOne(context, execution, writer.value, change);
      if ((await inChange(change.id, 'change.apply', one)) === 'stopped') return 'stopped';
    }
    return 'all-applied';
  } finally {
    await writer.value.session.close();
  }
}

/** Consumes the grant once the fresh plan matched; a job that was settled goes on under its own earlier use. */
async function useGrant(context: WorkerContext, { job, grant }: Execution): Promise<boolean> {
  const used = await context.jobs.grantUse(grant.jti);
  if (used?.job === job.id) return true;
  const moved = await moveOurs(context, job, ['running'], ({ job: current }) => ({
    to: 'running',
    events: [
      serviceFact(context.newId, 'worker', 'grant.used', job, { data: { jti: grant.jti, epoch: current.epoch } }),
    ],
    writes: [{ kind: 'grant-use', jti: grant.jti }],
    ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
  }));
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

async function applyOne(
  context: WorkerContext,
  execution: Execution,
  writer: Runspace,
  change: Change,
): Promise<'applied' | 'stopped'> {
  const attempt = await declareIntent(context, execution, change);
  if (attempt === undefined) return 'stopped';
  // Paused between the record and the send: by now the job may be another's, and the change sent by them.
  if (execution.hold.stale()) return 'stopped';
  const done = await carryOut(execution, writer, change);
  if (done.ok) {
    const about = { changeId: change.id, direction: 'apply', attempt } as const;
    return (await recordResult(context, execution.job, { ...about, ...done.value })) ? 'applied' : 'stopped';
  }
  if (done.error.kind !== 'reported') {
    // Only what the script itself said is heard; everything else leaves the outcome unknown.
    await becomeUnknown(context, execution.job, change.id, done.error);
    return 'stopped';
  }
  const recorded = await recordResult(context, execution.job, {
    changeId: change.id,
    direction: 'apply',
    attempt,
    result: 'failed',
    code: done.error.code,
    detail: done.error.error.message.slice(0, 2000),
  });
  if (recorded) await stopAfterFailure(context, execution, done.error);
  return 'stopped';
}

/** The durable intent, committed before anything is sent; refused when the job may not go on. Returns the attempt. */
async function declareIntent(
  context: WorkerContext,
  { job, grant, hold }: Execution,
  change: Change,
): Promise<number | undefined> {
  const frozen = (await context.freeze.read()).frozen;
  let attempt = 0;
  const moved = await context.jobs.transition(job.id, ({ job: current, journal, now, latest: over }) => {
    if (current.epoch !== job.epoch || current.state !== 'running') return fail({ kind: 'not-ours' as const });
    const early = boundary(context, current, journal, now, {
      expired: over >= new Date(grant.executeBy),
      frozen,
      stopping: hold.stopping(),
    });
    if (early) return ok(early);
    attempt = (latest(journal, 'apply').get(change.id)?.attempt ?? 0) + 1;
    const data = { change: change.id, attempt, epoch: current.epoch, jti: grant.jti };
    return ok<Move>({
      to: 'running',
      events: [serviceFact(context.newId, 'worker', 'change.intent', current, { data })],
      writes: [{ kind: 'intent', changeId: change.id, direction: 'apply', attempt }],
      ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
    });
  });
  return moved.ok && attempt > 0 && moved.value.state === 'running' ? attempt : undefined;
}

/** What ends or pauses a job at the boundary between two changes. */
function boundary(
  context: WorkerContext,
  job: Execution['job'],
  journal: Parameters<typeof madeAndNotUndone>[0],
  now: Date,
  { expired, frozen, stopping }: { readonly expired: boolean; readonly frozen: boolean; readonly stopping: boolean },
): Move | undefined {
  const partial = madeAndNotUndone(journal).length > 0;
  const common = { leaseUntil: null, partial } as const;
  const writes = [{ kind: 'unlock' }] as const;
  if (job.cancel) {
    const events = [serviceFact(context.newId, 'worker', 'job.cancelled', job, { data: { partial } })];
    return { to: 'cancelled', set: { ...common, code: 'cancelled', detail: job.cancel.reason }, events, writes };
  }
  if (expired) {
    const events = [
      serviceFact(context.newId, 'worker', partial ? 'job.failed' : 'job.expired', job, { outcome: 'failure' }),
    ];
    return { to: partial ? 'failed' : 'expired', set: { ...common, code: 'grant-expired' }, events, writes };
  }
  if (frozen || stopping) return pauseHere(context, job, partial, now, frozen);
  return undefined;
}

/** Between two changes, with the grant kept: until the freeze ends, or for another worker at once. */
function pauseHere(context: WorkerContext, job: Job, partial: boolean, now: Date, frozen: boolean): Move {
  const code = frozen ? 'frozen' : 'worker-stopped';
  const wakeAt = new Date(now.getTime() + (frozen ? 15_000 : 0));
  const until = job.until ?? new Date(now.getTime() + 24 * 3_600_000);
  return {
    to: 'deferred',
    set: { leaseUntil: null, partial, code, detail: null, nextTryAt: wakeAt, until },
    events: [serviceFact(context.newId, 'worker', 'job.deferred', job, { data: { code, partial } })],
    writes: [{ kind: 'unlock' }],
    wakeAt,
    ...(frozen ? {} : { message: { priority: 2 } }),
  };
}

type Reported = Extract<PhaseFailure, { kind: 'reported' }>;

async function carryOut(
  { job, bundle, story, hold }: Execution,
  writer: Runspace,
  change: Change,
): Promise<Result<Effect, PhaseFailure>> {
  const phase: Phase = job.kind === 'rollback-of' ? 'rollback' : 'apply';
  const given = (phase === 'rollback' ? originalOf(change) : change) as unknown as Value;
  const parameters = { Parameters: { ...job.parameters, ...job.supplied }, Change: given };
  const ran = await runPhase(writer, bundle, phase, parameters, story.onRecord, hold.signal);
  return ran.ok ? effectOf(ran.value) : ran;
}

/** The script said no. Before any change of this job that is `blocked` or `deferred`, afterwards `failed`. */
async function stopAfterFailure(context: WorkerContext, execution: Execution, failure: Reported): Promise<void> {
  const view = await context.jobs.view(execution.job.id);
  if (!view || openIntents(view.journal).length > 0) return;
  const kind = codeClass(failure.code);
  const nothingDone = madeAndNotUndone(view.journal).length === 0;
  if (nothingDone && (kind === 'refused' || kind === 'deferred')) {
    await deferOrBlock(context, execution.job, stopOf(failure), execution.bundle);
    return;
  }
  await failJob(context, execution, failure.code, failure.error.message);
}
