import { missingSteps, waiverOf } from '../../domain/claims.js';
import type { Job } from '../../domain/job.js';
import type { ValueObject } from '../../domain/canonical.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Move } from '../../domain/move.js';
import { ended } from '../../domain/moves.js';
import { checkJob, type CheckedJob } from '../claim/check-job.js';
import { parkedDetail } from '../../domain/crash.js';
import { deferOrBlock } from '../stop/defer-job.js';
import { workerEvent } from '../facts.js';
import { demanding } from '../job-rights.js';
import type { Shutdown } from '../claim/lease.js';
import { withClaim, type ClaimRule } from '../claim/with-claim.js';
import { observe, type Observation } from '../phases/observe.js';
import { openChecked } from '../phases/open-checked.js';
import { maintenanceStop } from '../stop/maintenance.js';
import { stopOf } from '../stop/stop-reason.js';
import { suppliedValues } from './supplied-values.js';
import { notInPlace, undoChanges } from '../../domain/undo.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';
import { findingsDigest } from '../../domain/digest.js';
import { resourceName } from '../../domain/plan.js';
import { makePlan } from '../../domain/made-plan.js';
import { MOST_CLOCK_SKEW_MS } from '../../domain/time.js';
import { undoing, withPlanned } from '../../domain/planned.js';

/**
 * Detect on the target with the detect credential, Plan on the worker; nothing is changed. Ends `awaiting-approval` with a plan,
 * `compliant` when there is nothing to do, `deferred` or `blocked` with a code. A scan with a plan ends `drifted`.
 */
export async function planJob(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const rule: ClaimRule = {
    due: ({ state, grantJti }) => state === 'planning' || (state === 'deferred' && !grantJti),
    onParked: ({ job }, crashes) => poisoned(context, job, crashes),
    events: (job, epoch) => [workerEvent(context, 'job.planning-started', job, { data: { epoch } })],
  };
  await withClaim(context, jobId, rule, stop, ({ job, hold, story }) =>
    planClaimed(context, job, story.onRecord, hold.looking),
  );
}

/** A job that ends its worker each time it is planned: nothing was changed, and others go on. */
function poisoned(context: WorkerContext, job: Job, crashes: number): Move {
  const why = { code: 'parked' as const, detail: parkedDetail(crashes) };
  const data = { code: 'parked', crashes };
  const events = [workerEvent(context, 'job.blocked', job, { outcome: 'failure', data })];
  return ended('blocked', why, { set: { crashes }, events });
}

async function planClaimed(
  context: WorkerContext,
  job: Job,
  onRecord: Parameters<typeof observe>[5],
  signal: AbortSignal,
): Promise<void> {
  const checked = await checkJob(context, job);
  if (!checked.ok) return deferOrBlock(context, job, { kind: 'blocked', ...checked.error });
  const { bundle } = checked.value;
  const maintenance = await maintenanceStop(context, job);
  if (maintenance) return deferOrBlock(context, job, maintenance, bundle);
  const reader = await openChecked(context, bundle, job, 'detect', 'detect', signal);
  if (!reader.ok) return deferOrBlock(context, job, stopOf(reader.error, bundle.manifest.codes), bundle);
  try {
    const { clockOffsetMs } = reader.value.session.remote;
    if (Math.abs(clockOffsetMs) > MOST_CLOCK_SKEW_MS && bundle.manifest.toleratesClockSkew !== true) {
      const detail = `the target's clock is ${Math.round(clockOffsetMs / 1000)} s off the worker's`;
      return await deferOrBlock(context, job, { kind: 'blocked', code: 'clock-skew', detail });
    }
    const supplied = await suppliedOnce(context, job, bundle, clockOffsetMs);
    if (!supplied.ok) {
      const detail = `the target's settings lack ${supplied.error.name}`;
      return await deferOrBlock(context, job, { kind: 'blocked', code: supplied.error.kind, detail });
    }
    const missing = job.kind === 'remediation' ? missingSteps(bundle.manifest.escalation, supplied.value) : [];
    const { waiver } = bundle.manifest.escalation ?? {};
    if (
      missing.length > 0 &&
      waiver !== undefined &&
      waiverOf(bundle.manifest.escalation, job.parameters) === undefined
    ) {
      const detail = `no record for this user and target: ${missing.join(', ')}; ${waiver} may say why`;
      return await deferOrBlock(context, job, { kind: 'blocked', code: 'precondition-missing', detail });
    }
    const seen = await observe(context, reader.value, bundle, job, supplied.value, onRecord, signal);
    if (!seen.ok) return await deferOrBlock(context, job, stopOf(seen.error, bundle.manifest.codes), bundle);
    const { finding } = seen.value;
    if (finding === 'inconclusive' || finding === 'not-applicable') {
      const stop = { kind: 'blocked', code: finding } as const;
      return await deferOrBlock(context, job, stop, bundle, seen.value.state);
    }
    await conclude(context, job, checked.value, supplied.value, seen.value);
  } finally {
    await reader.value.session.close();
  }
}

/** Supplied values are filled once; a rollback goes by those of its original. */
async function suppliedOnce(context: WorkerContext, job: Job, bundle: RunbookBundle, clockOffsetMs: number) {
  if (job.supplied) {
    return { ok: true, value: job.kind === 'rollback-of' ? undoing(job.supplied) : job.supplied } as const;
  }
  return suppliedValues(context, job, bundle.manifest, clockOffsetMs);
}

async function conclude(
  context: WorkerContext,
  job: Job,
  checked: CheckedJob,
  supplied: ValueObject,
  seen: Observation,
): Promise<void> {
  const { bundle } = checked;
  const work = job.kind === 'rollback-of' ? await workOfRollback(context, job, seen) : seen;
  if ('drifted' in work) {
    const stop = { kind: 'blocked', code: 'state-drift', detail: work.drifted } as const;
    return deferOrBlock(context, job, stop, bundle, seen.state);
  }
  const { changes, locks } = work;
  const engineDigest = await context.host.engineDigest();
  const findingsSha256 = findingsDigest(seen.state, job.salt);
  await transitionClaimed(context, job, ['planning'], ({ now }): Move => {
    const cleared = { code: null, detail: null, until: null, crashes: 0 } as const;
    const set = { supplied, findings: seen.state, engineDigest, ...cleared };
    if (changes.length === 0) {
      const event = workerEvent(context, 'job.compliant', job, { data: { finding: seen.finding, findingsSha256 } });
      return ended('compliant', {}, { set, events: [event] });
    }
    const fixed = job.kind === 'remediation' ? withPlanned(supplied, locks) : supplied;
    const made = makePlan(job, bundle, checked, fixed, seen.state, locks, changes, now);
    const plan = demanding(made, job, bundle.manifest, checked.rights);
    const { id: admission } = checked.admission;
    const data = { planSha256: plan.digest, admission, changes: changes.length, risk: plan.risk };
    if (job.kind === 'scan') {
      const event = workerEvent(context, 'job.scanned', job, { data: { ...data, findingsSha256 } });
      return ended('drifted', {}, { set: { ...set, supplied: fixed, plan }, events: [event] });
    }
    return {
      to: 'awaiting-approval',
      set: { ...set, supplied: fixed, plan },
      events: [workerEvent(context, 'job.planned', job, { data })],
    };
  });
}

/**
 * A rollback starts only from what its original left: the original's Plan must list none of the properties that it changed, with
 * whatever value. It takes the original's locks: what is in order now may name no object any more.
 */
async function workOfRollback(
  context: WorkerContext,
  job: Job,
  seen: Observation,
): Promise<Pick<Observation, 'changes' | 'locks'> | { readonly drifted: string }> {
  const original = job.rollbackOf === undefined ? undefined : await context.jobs.view(job.rollbackOf);
  if (!original) return { drifted: 'the job to undo is not stored' };
  const undo = undoChanges(original.job.plan?.plan.changes ?? [], original.journal, job.salt);
  const [gone] = notInPlace(undo, seen.changes);
  if (gone) return { drifted: `${gone.property} of ${resourceName(gone)} is not as the job to undo left it` };
  return { changes: undo, locks: original.job.plan?.plan.locks ?? [] };
}
