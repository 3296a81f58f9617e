import type { ValueObject } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { madeAndNotUndone } from '../../domain/journal.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { durationMs } from '../../domain/time.js';
import type { Move } from '../../ports/job-store.js';
import { serviceFact } from '../facts.js';
import type { Stop } from './stop-reason.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/**
 * Ends a job that did nothing, or puts it off. The first deferral sets the deadline (`defer.upTo`); a grant that was given is kept
 * until its executeBy.
 */
export async function deferOrBlock(
  context: WorkerContext,
  job: Job,
  stop: Stop,
  bundle?: RunbookBundle,
  findings?: ValueObject,
): Promise<void> {
  if (stop.kind === 'abandoned') return giveBack(context, job);
  await moveOurs(context, job, ['planning', 'running'], ({ job: current, journal, now }): Move => {
    const partial = madeAndNotUndone(journal).length > 0;
    const said = { code: stop.code, detail: stop.detail ?? null };
    const shown = findings ? { findings } : {};
    if (stop.kind === 'deferred' && bundle) {
      const { upTo, every } = bundle.manifest.defer;
      const until = current.until ?? new Date(now.getTime() + durationMs(upTo));
      const nextTryAt = new Date(Math.min(now.getTime() + durationMs(every), until.getTime()));
      if (now < until) {
        const data = { code: stop.code, nextTryAt: nextTryAt.toISOString(), until: until.toISOString() };
        const set = { ...said, ...shown, nextTryAt, until, leaseUntil: null, partial };
        const event = serviceFact(context.newId, 'worker', 'job.deferred', job, { outcome: 'failure', data });
        return { to: 'deferred', set, events: [event], writes: [{ kind: 'unlock' }], wakeAt: nextTryAt };
      }
      said.detail = `${stop.code} until the deadline${stop.detail ? `: ${stop.detail}` : ''}`;
      said.code = 'deferral-over';
    }
    const data = { code: said.code, was: stop.code };
    // `blocked` says that nothing was done.
    const [to, action] = partial ? (['failed', 'job.failed'] as const) : (['blocked', 'job.blocked'] as const);
    return {
      to,
      set: { ...said, ...shown, leaseUntil: null, nextTryAt: null, partial },
      events: [
        serviceFact(context.newId, 'worker', action, job, { outcome: partial ? 'failure' : 'denied', data }),
        ...(current.grantJti
          ? [serviceFact(context.newId, 'worker', 'grant.revoked', job, { data: { jti: current.grantJti } })]
          : []),
      ],
      writes: [
        { kind: 'unlock' },
        ...(current.grantJti ? [{ kind: 'revoke-grant', jti: current.grantJti } as const] : []),
      ],
    };
  });
}

/** Stopped while it only read: by a cancel, or because the worker ends; then whoever comes next may start at once. */
async function giveBack(context: WorkerContext, job: Job): Promise<void> {
  await moveOurs(context, job, ['planning', 'running'], ({ job: current, journal, now }): Move => {
    const partial = madeAndNotUndone(journal).length > 0;
    if (current.cancel) {
      const events = [serviceFact(context.newId, 'worker', 'job.cancelled', job, { data: { partial } })];
      const set = { code: 'cancelled', detail: current.cancel.reason, leaseUntil: null, partial };
      return { to: 'cancelled', set, events, writes: [{ kind: 'unlock' }] };
    }
    const again = { message: { priority: 3 }, wakeAt: new Date(now.getTime() + 5000) };
    if (current.state === 'planning') return { to: 'planning', set: { leaseUntil: null }, events: [], ...again };
    const until = current.until ?? new Date(now.getTime() + 24 * 3_600_000);
    const data = { code: 'worker-stopped', partial };
    return {
      to: 'deferred',
      set: { code: 'worker-stopped', detail: null, nextTryAt: now, until, leaseUntil: null, partial },
      events: [serviceFact(context.newId, 'worker', 'job.deferred', job, { data })],
      writes: [{ kind: 'unlock' }],
      ...again,
    };
  });
}
