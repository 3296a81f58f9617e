import type { Code } from '../../domain/codes/index.js';
import type { Grant } from '../../domain/grant.js';
import type { Job } from '../../domain/job.js';
import { isPartial, type JournalEntry } from '../../domain/journal.js';
import { REQUEUE_AFTER_MS } from '../../domain/nudge.js';
import { resourceName } from '../../domain/plan.js';
import type { Move } from '../../domain/move.js';
import { claimed, ended, givenBack, queued } from '../../domain/moves.js';
import { fail, ok } from '../../domain/result.js';
import { utcText } from '../../domain/time.js';
import type { Blocked } from './check-job.js';
import { checkGrant, type CheckedGrant } from './check-grant.js';
import { workerEvent } from '../facts.js';
import type { WorkerContext } from '../worker-context.js';

/** How long a job waits before it asks again for an object that another job holds (milliseconds). */
const LOCK_RETRY_MS = 1500;
/** How long a job of a paused rollout waits before it looks again (milliseconds). */
const HELD_RETRY_MS = 15_000;

export interface Claimed extends CheckedGrant {
  readonly job: Job;
  /** As the claim found it. Nobody else writes it while the claim holds. */
  readonly journal: readonly JournalEntry[];
}

/** Checks the grant, then claims the job with a new epoch and its object locks in one transaction. Undefined: nothing to do. */
export async function claimJob(context: WorkerContext, job: Job): Promise<Claimed | undefined> {
  if (!claimable(job)) return undefined;
  if (job.rollout !== undefined && (await context.rollouts.isHeld(job.rollout.id))) {
    await waitForRollout(context, job);
    return undefined;
  }
  const checked = await checkGrant(context, job);
  if (!checked.ok) {
    await refuse(context, job, checked.error);
    return undefined;
  }
  const { grant } = checked.value;
  const engineDigest = await context.host.engineDigest();
  let journal: readonly JournalEntry[] = [];
  const moved = await context.jobs.transition(job.id, ({ job: current, journal: entries, now, latest }) => {
    journal = entries;
    const untouched = current.revision === job.revision && claimable(current);
    if (!untouched || (current.nextTryAt && current.nextTryAt > now)) return fail({ kind: 'not-due' as const });
    const end = endInstead(context, current, journal, latest, grant);
    if (end) return ok(end);
    // The table of edges has one way into `running`: from the queue.
    if (current.state === 'deferred') return ok(queued(3, { events: [workerEvent(context, 'job.requeued', current)] }));
    const lease = { worker: context.settings.id, until: new Date(now.getTime() + context.settings.leaseMs) };
    const data = { epoch: current.epoch + 1, jti: grant.jti };
    return ok(
      claimed(current, 'running', lease, {
        set: { engineDigest, code: null, detail: null },
        events: [workerEvent(context, 'job.claimed', current, { data })],
        writes: [{ kind: 'lock', keys: grant.locks }],
      }),
    );
  });
  if (moved.ok) return moved.value.state === 'running' ? { ...checked.value, job: moved.value, journal } : undefined;
  if (moved.error.kind === 'locked') await waitForLock(context, job.id, grant.locks, moved.error.key);
  return undefined;
}

function claimable(job: Job): boolean {
  return job.state === 'queued' || (job.state === 'deferred' && job.grantJti !== undefined);
}

function endInstead(
  context: WorkerContext,
  job: Job,
  journal: readonly JournalEntry[],
  latest: Date,
  grant: Pick<Grant, 'notBefore' | 'executeBy'>,
  over: Code = 'grant-expired',
): Move | undefined {
  const partial = isPartial(journal);
  const end = (to: 'expired' | 'cancelled', code: Code): Move =>
    ended(to, { code }, { set: { partial }, events: [workerEvent(context, `job.${to}`, job, { data: { partial } })] });
  if (job.cancel) return end('cancelled', 'cancelled');
  if (latest >= new Date(grant.executeBy)) return end('expired', over);
  if (latest < new Date(grant.notBefore)) return { to: job.state, events: [], wakeAt: new Date(grant.notBefore) };
  return undefined;
}

async function refuse(context: WorkerContext, job: Job, { code, detail }: Blocked): Promise<void> {
  await context.jobs.transition(job.id, ({ job: current, journal }) => {
    if (current.revision !== job.revision) return fail({ kind: 'moved-on' as const });
    const jti = current.grantJti;
    return ok(
      ended(
        'blocked',
        { code, detail },
        {
          set: { partial: isPartial(journal) },
          events: [
            workerEvent(context, 'job.blocked', job, { outcome: 'denied', data: { code, detail } }),
            ...(jti ? [workerEvent(context, 'grant.revoked', job, { data: { jti } })] : []),
          ],
          writes: jti ? [{ kind: 'revoke-grant', jti }] : [],
        },
      ),
    );
  });
}

/** A rollout that is paused begins nothing: the job looks again later, within the time of its grant. */
async function waitForRollout(context: WorkerContext, { id, revision }: Job): Promise<void> {
  await context.jobs.transition(id, ({ job, journal, now, latest }) => {
    if (job.revision !== revision || (job.nextTryAt && job.nextTryAt > now)) return fail({ kind: 'not-due' as const });
    const over = job.executeBy && endInstead(context, job, journal, latest, windowOf(job.executeBy), 'rollout-held');
    if (over) return ok(over);
    // Of a deferred job the code says why it was put off.
    const why = job.state === 'queued' ? ({ code: 'rollout-held', detail: null } as const) : {};
    return ok(givenBack(job.state, new Date(now.getTime() + HELD_RETRY_MS), why));
  });
}

/** Of a grant that is not looked at: nothing begins, and only its end matters. */
const windowOf = (executeBy: Date) => ({ notBefore: utcText(new Date(0)), executeBy: utcText(executeBy) });

/** Joins the lock queue without holding a slot. The object may have become free since the attempt, so the first wait is short. */
async function waitForLock(context: WorkerContext, jobId: string, keys: readonly string[], key: string): Promise<void> {
  await context.jobs.transition(jobId, ({ job, now }) => {
    if (job.state !== 'queued') return fail({ kind: 'moved-on' as const });
    // The plan says what people call the object; its key alone would tell nobody who that is.
    const about = job.plan?.plan.changes.find(({ resource }) => resource.toLowerCase() === key) ?? { resource: key };
    const detail = `another job works on ${resourceName(about)}, or asked for it earlier`;
    const set = { code: 'object-locked' as const, detail };
    // After the first wait, the releasing job enqueues this one; the timer then only covers a lost message.
    const wakeAt = new Date(now.getTime() + (job.code === 'object-locked' ? REQUEUE_AFTER_MS : LOCK_RETRY_MS));
    return ok<Move>({ to: 'queued', set, events: [], writes: [{ kind: 'wait-for-lock', keys }], wakeAt });
  });
}
