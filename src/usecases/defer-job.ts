import type { ValueObject } from '../domain/canonical.js';
import type { Job } from '../domain/job.js';
import type { RunbookBundle } from '../domain/manifest.js';
import { durationMs } from '../domain/time.js';
import type { Move } from '../ports/job-store.js';
import { serviceFact } from './facts.js';
import type { Stop } from './stops.js';
import { moveOurs, type WorkerContext } from './worker-context.js';

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
  await moveOurs(context, job, ['planning', 'running'], ({ job: current, now }): Move => {
    const said = { code: stop.code, detail: stop.detail ?? null };
    const shown = findings ? { findings } : {};
    if (stop.kind === 'deferred' && bundle) {
      const { upTo, every } = bundle.manifest.defer;
      const until = current.until ?? new Date(now.getTime() + durationMs(upTo));
      const nextTryAt = new Date(Math.min(now.getTime() + durationMs(every), until.getTime()));
      if (now < until) {
        const data = { code: stop.code, nextTryAt: nextTryAt.toISOString(), until: until.toISOString() };
        const set = { ...said, ...shown, nextTryAt, until, leaseUntil: null };
        const event = serviceFact(context.newId, 'worker', 'job.deferred', job, { outcome: 'failure', data });
        return { to: 'deferred', set, events: [event], writes: [{ kind: 'unlock' }], wakeAt: nextTryAt };
      }
      said.detail = `${stop.code} until the deadline${stop.detail ? `: ${stop.detail}` : ''}`;
      said.code = 'deferral-over';
    }
    const data = { code: said.code, was: stop.code };
    return {
      to: 'blocked',
      set: { ...said, ...shown, leaseUntil: null, nextTryAt: null },
      events: [
        serviceFact(context.newId, 'worker', 'job.blocked', job, { outcome: 'denied', data }),
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

/** The worker is shutting down while it only read: whoever comes next may start at once. */
async function giveBack(context: WorkerContext, job: Job): Promise<void> {
  await moveOurs(context, job, ['planning'], ({ now }) => ({
    to: 'planning',
    set: { leaseUntil: null },
    events: [],
    message: { priority: 3 },
    wakeAt: new Date(now.getTime() + 5000),
  }));
}
