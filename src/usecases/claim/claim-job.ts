import type { Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { madeAndNotUndone, type JournalEntry } from '../../domain/journal.js';
import { NUDGE_MS } from '../../domain/nudge.js';
import { fail } from '../../domain/result.js';
import type { Move } from '../../ports/job-store.js';
import type { Blocked } from './check-job.js';
import { checkGrant, type CheckedGrant } from './check-grant.js';
import { serviceFact } from '../facts.js';
import type { WorkerContext } from '../worker-context.js';

/** How long a job waits before it asks again for an object that another job holds (milliseconds). */
const LOCK_RETRY_MS = 1500;

export interface Claimed extends CheckedGrant {
  readonly job: Job;
}

/** Checks the grant, then claims the job with a new epoch and its object locks in one transaction. Undefined: nothing to do. */
export async function claimJob(context: WorkerContext, jobId: string): Promise<Claimed | undefined> {
  const job = await context.jobs.get(jobId);
  if (!job || !claimable(job)) return undefined;
  const checked = await checkGrant(context, job);
  if (!checked.ok) {
    await refuse(context, job, checked.error);
    return undefined;
  }
  const { grant } = checked.value;
  const engineDigest = await context.host.engineDigest();
  const claimed = await context.jobs.transition(jobId, ({ job: current, journal, now, latest }) => {
    const untouched = current.revision === job.revision && claimable(current);
    if (!untouched || (current.nextTryAt && current.nextTryAt > now)) return fail({ kind: 'not-due' as const });
    const end = endInstead(context, current, journal, latest, grant);
    if (end) return { ok: true, value: end };
    if (current.state === 'deferred') return { ok: true, value: requeue(context, current) };
    const epoch = current.epoch + 1;
    const leaseUntil = new Date(now.getTime() + context.settings.leaseMs);
    return {
      ok: true,
      value: {
        to: 'running',
        set: {
          epoch,
          leaseUntil,
          worker: context.settings.id,
          engineDigest,
          nextTryAt: null,
          code: null,
          detail: null,
        },
        events: [serviceFact(context.newId, 'worker', 'job.claimed', current, { data: { epoch, jti: grant.jti } })],
        writes: [{ kind: 'lock', keys: grant.locks }],
        wakeAt: leaseUntil,
      },
    };
  });
  if (claimed.ok) return claimed.value.state === 'running' ? { ...checked.value, job: claimed.value } : undefined;
  if (claimed.error.kind === 'locked') await waitForLock(context, jobId, grant.locks, claimed.error.key);
  return undefined;
}

function claimable(job: Job): boolean {
  return job.state === 'queued' || (job.state === 'deferred' && job.grantJti !== undefined);
}

/** A deferred job goes back to the queue first: the table of edges has one way into `running`. */
function requeue(context: WorkerContext, job: Job): Move {
  return {
    to: 'queued',
    set: { nextTryAt: null },
    events: [serviceFact(context.newId, 'worker', 'job.requeued', job)],
    message: { priority: 3 },
  };
}

function endInstead(
  context: WorkerContext,
  job: Job,
  journal: readonly JournalEntry[],
  latest: Date,
  grant: Pick<Grant, 'notBefore' | 'executeBy'>,
): Move | undefined {
  const partial = madeAndNotUndone(journal).length > 0;
  const end = (to: 'expired' | 'cancelled', code: string): Move => ({
    to,
    set: { code, nextTryAt: null, partial },
    events: [serviceFact(context.newId, 'worker', `job.${to}`, job, { data: { partial } })],
    writes: [{ kind: 'unlock' }],
  });
  if (job.cancel) return end('cancelled', 'cancelled');
  if (latest >= new Date(grant.executeBy)) return end('expired', 'grant-expired');
  if (latest < new Date(grant.notBefore)) return { to: job.state, events: [], wakeAt: new Date(grant.notBefore) };
  return undefined;
}

async function refuse(context: WorkerContext, job: Job, { code, detail }: Blocked): Promise<void> {
  await context.jobs.transition(job.id, ({ job: current, journal }) => {
    if (current.revision !== job.revision) return fail({ kind: 'moved-on' as const });
    const jti = current.grantJti;
    return {
      ok: true,
      value: {
        to: 'blocked',
        set: { code, detail, nextTryAt: null, partial: madeAndNotUndone(journal).length > 0 },
        events: [
          serviceFact(context.newId, 'worker', 'job.blocked', job, { outcome: 'denied', data: { code, detail } }),
          ...(jti ? [serviceFact(context.newId, 'worker', 'grant.revoked', job, { data: { jti } })] : []),
        ],
        writes: [{ kind: 'unlock' }, ...(jti ? [{ kind: 'revoke-grant', jti } as const] : [])],
      },
    };
  });
}

/** Stands in line without holding a slot. The object may have become free between the try and this: so the first wait is short. */
async function waitForLock(context: WorkerContext, jobId: string, keys: readonly string[], key: string): Promise<void> {
  await context.jobs.transition(jobId, ({ job, now }) => {
    if (job.state !== 'queued') return fail({ kind: 'moved-on' as const });
    const set = { code: 'object-locked', detail: `another job works on ${key}, or asked for it earlier` };
    // Later it is sent for by whoever lets go; then this is for a message that was lost.
    const wakeAt = new Date(now.getTime() + (job.code === 'object-locked' ? NUDGE_MS : LOCK_RETRY_MS));
    return { ok: true, value: { to: 'queued', set, events: [], writes: [{ kind: 'wait-for-lock', keys }], wakeAt } };
  });
}
