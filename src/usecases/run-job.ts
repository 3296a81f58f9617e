import type { Job } from '../domain/job.js';
import type { ChangeClass } from '../domain/manifest.js';
import { isPartial } from '../domain/journal.js';
import { residual } from '../domain/residual.js';
import { applyChanges } from './apply/apply-changes.js';
import { claimJob } from './claim/claim-job.js';
import { deferOrBlock } from './stop/defer-job.js';
import { needsAttention } from './stop/needs-attention.js';
import { startOver } from './apply/drift.js';
import type { Execution } from './claim/execution.js';
import { finishJob, prove } from './finish/finish-job.js';
import { freshChanges } from './phases/fresh-changes.js';
import type { Shutdown } from './claim/lease.js';
import { whileHeld } from './claim/with-claim.js';
import { openChecked } from './phases/open-checked.js';
import { recordInPlace } from './journal/record-in-place.js';
import { maintenanceStop } from './stop/maintenance.js';
import { stopOf } from './stop/stop-reason.js';
import type { WorkerContext } from './worker-context.js';

/**
 * Claims a granted job and carries it out: a fresh Detect + Plan must leave exactly granted changes (RULES 5), each is applied with
 * its intent recorded before and its result after, and the job ends when a last Detect + Plan finds nothing left.
 */
export async function runJob(context: WorkerContext, job: Job, stop: Shutdown): Promise<void> {
  const claimed = await claimJob(context, job);
  if (!claimed) return;
  await whileHeld(context, claimed.job, stop, (held) => execute(context, { ...claimed, ...held }));
}

async function execute(context: WorkerContext, execution: Execution): Promise<void> {
  const { job, journal, bundle, hold, story } = execution;
  const maintenance = journal.length > 0 ? undefined : await maintenanceStop(context, job);
  if (maintenance) return deferOrBlock(context, job, maintenance, bundle);
  const reader = await openChecked(context, bundle, job, 'detect', 'detect', hold.reading);
  if (!reader.ok) return deferOrBlock(context, job, stopOf(reader.error, bundle.manifest.codes), bundle);
  try {
    const fresh = await freshChanges(context, reader.value, bundle, job, story.onRecord, hold.looking);
    if (!fresh.ok) return await deferOrBlock(context, job, stopOf(fresh.error, bundle.manifest.codes), bundle);
    const { observation, changes } = fresh.value;
    if (observation.finding === 'inconclusive' || observation.finding === 'not-applicable') {
      return await deferOrBlock(context, job, { kind: 'blocked', code: observation.finding }, bundle);
    }
    const plan = job.plan?.plan;
    if (!plan) return;
    const classOf = (id: string): ChangeClass =>
      bundle.manifest.actions[plan.changes.find((change) => change.id === id)?.action ?? '']?.class ?? 'irreversible';
    const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
    // Like changes, fewer locks than approved are fine: what is done already needs none. Another one was never taken.
    const locksHeld = job.kind === 'rollback-of' || observation.locks.every((key) => plan.locks.includes(key));
    const left = residual(ids(plan.changes), ids(changes), journal, classOf);
    if (left.kind === 'drift') {
      // A rollback has no other plan to offer; before its first change nothing is half done.
      if (job.kind === 'rollback-of' && !isPartial(journal))
        return await deferOrBlock(context, job, { kind: 'blocked', code: 'state-drift', detail: left.why }, bundle);
      return await startOver(context, execution, fresh.value, left.why);
    }
    if (left.kind === 'outcome-unknown-once')
      return await needsAttention(context, job, 'outcome-unknown-once', left.changeId);
    if (left.kind === 'go-on' && !locksHeld)
      return await startOver(context, execution, fresh.value, 'the object to lock is another');
    await recordInPlace(context, job, journal, left.inPlace);
    if (left.kind === 'go-on') {
      const todo = plan.changes.filter(({ id }) => left.todo.includes(id));
      const applied = await applyChanges(context, execution, reader.value, todo);
      if (applied !== 'all-applied') return;
    }
    await finishJob(context, execution, await prove(context, execution, reader.value));
  } finally {
    await reader.value.session.close();
  }
}
