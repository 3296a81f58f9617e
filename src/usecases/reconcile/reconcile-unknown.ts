import { inProgressDetail, MOST_CRASHES, parkedDetail } from '../../domain/crash.js';
import type { Job } from '../../domain/job.js';
import { openIntents } from '../../domain/journal.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { JobView, Move } from '../../domain/move.js';
import { givenBack, queued } from '../../domain/moves.js';
import { retryDelayMs } from '../../domain/nudge.js';
import { durationMs } from '../../domain/time.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import { checkJob } from '../claim/check-job.js';
import type { Shutdown } from '../claim/lease.js';
import { withClaim, type Claim, type ClaimRule } from '../claim/with-claim.js';
import { workerEvent } from '../facts.js';
import { prove, succeed } from '../finish/finish-job.js';
import { freshChanges } from '../phases/fresh-changes.js';
import { openChecked } from '../phases/open-checked.js';
import type { OpenRunspaceFailure } from '../phases/run-phase.js';
import { attention, needsAttention } from '../stop/needs-attention.js';
import { isRefusal, stopOf } from '../stop/stop-reason.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';
import { parked, reconciliation } from './reconciliation.js';

/**
 * Reconciles changes without a recorded result (RULES 6): waits until the old execution must be dead, then checks the target.
 * Only a finding `present` or `absent` decides. `ensure` changes may go on under the same grant; the rest needs a person.
 */
export async function reconcileUnknown(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const rule: ClaimRule = {
    due: ({ state }) => state === 'unknown',
    onParked: (view, crashes) => poisoned(context, view, crashes),
  };
  await withClaim(context, jobId, rule, stop, (claim) => look(context, claim));
}

/** A crash while checking ends the checks; an earlier crash, during a change, is what is being checked. */
function poisoned(context: WorkerContext, { job, journal }: JobView, crashes: number): Move | undefined {
  if (crashes === job.crashes) return undefined;
  const open = openIntents(journal).map(({ changeId }) => ({ changeId }));
  const why = open.length > 0 ? inProgressDetail(open) : parkedDetail(crashes);
  return parked(context, { ...job, crashes }, why, job.partial);
}

async function look(context: WorkerContext, { job, hold, story }: Claim): Promise<void> {
  const checked = await checkJob(context, job);
  if (!checked.ok) return needsAttention(context, job, checked.error.code, checked.error.detail);
  const { bundle } = checked.value;
  const reader = await openChecked(context, bundle, job, 'detect', 'detect', hold.reading);
  if (!reader.ok) return notSeen(context, job, bundle, reader.error);
  try {
    const fresh = await freshChanges(context, reader.value, bundle, job, story.onRecord, hold.reading);
    if (!fresh.ok) return await notSeen(context, job, bundle, fresh.error);
    const { finding } = fresh.value.observation;
    if (finding !== 'present' && finding !== 'absent') return await lookLater(context, job, bundle);
    const { changes } = fresh.value;
    const reconciled = await transitionClaimed(context, job, ['unknown'], (view) =>
      reconciliation(context, view, bundle.manifest, changes),
    );
    // A reconciled job that is still `unknown` lacks only the proof.
    if (!reconciled.ok || reconciled.value.state !== 'unknown') return;
    const proved = await prove(context, { job, bundle, story, hold }, reader.value);
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await requeue(context, job);
  } finally {
    await reader.value.session.close();
  }
}

async function requeue(context: WorkerContext, job: Job): Promise<void> {
  const worn = 'its worker crashed or stopped responding; nothing is left to do, but that is not verified';
  await transitionClaimed(context, job, ['unknown'], ({ job: current }) =>
    current.crashes >= MOST_CRASHES
      ? parked(context, current, worn, current.partial)
      : queued(2, { events: [workerEvent(context, 'job.requeued', job)] }),
  );
}

/** A target that refuses is not asked again: it would refuse again, and an account that fails to sign in is locked. */
async function notSeen(
  context: WorkerContext,
  job: Job,
  bundle: RunbookBundle,
  failure: PhaseFailure | OpenRunspaceFailure,
): Promise<void> {
  const { code, detail = code } = stopOf(failure, bundle.manifest.codes);
  return isRefusal(failure) ? needsAttention(context, job, code, detail) : lookLater(context, job, bundle);
}

async function lookLater(context: WorkerContext, job: Job, { manifest }: RunbookBundle): Promise<void> {
  const limit = job.stateSince.getTime() + durationMs(manifest.defer.upTo);
  await transitionClaimed(context, job, ['unknown'], ({ job: current, now }) => {
    if (now.getTime() > limit) {
      const why = { code: 'outcome-unknown' as const, detail: 'the target could not be checked in time' };
      return attention(context, current, why, current.partial);
    }
    const age = now.getTime() - current.stateSince.getTime();
    return givenBack('unknown', new Date(now.getTime() + retryDelayMs(age)));
  });
}
