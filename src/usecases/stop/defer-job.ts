import type { ValueObject } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { isPartial } from '../../domain/journal.js';
import type { Manifest, RunbookBundle } from '../../domain/manifest.js';
import type { JobView, Move } from '../../domain/move.js';
import { deferred, ended, type Why } from '../../domain/moves.js';
import { longestDeferral } from '../../domain/scans/limits.js';
import { durationMs } from '../../domain/time.js';
import { workerEvent, type Ids } from '../facts.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';
import { paused, unplanned } from './pause.js';
import type { Stop } from './stop-reason.js';

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
  await transitionClaimed(context, job, ['planning', 'running'], (view) =>
    stop.kind === 'abandoned'
      ? abandoned(context, view)
      : deferredOrBlocked(context, view, stop, bundle?.manifest.defer, findings),
  );
}

/** The move of a job that stopped for this reason: put off while there is time and the reason passes, else its end. */
export function deferredOrBlocked(
  ids: Ids,
  view: JobView,
  stop: Stop,
  defer?: Manifest['defer'],
  findings?: ValueObject,
): Move {
  const { job, journal, now } = view;
  const set = { partial: isPartial(journal), ...(findings ? { findings } : {}) };
  if (stop.kind !== 'deferred' || !defer) return blocked(ids, view, stop, stop.code, set);
  const until = job.until ?? new Date(now.getTime() + longestDeferral(job, durationMs(defer.upTo)));
  if (now < until) {
    const nextTryAt = new Date(Math.min(now.getTime() + durationMs(defer.every), until.getTime()));
    const data = { code: stop.code, nextTryAt: nextTryAt.toISOString(), until: until.toISOString() };
    const events = [workerEvent(ids, 'job.deferred', job, { outcome: 'failure', data })];
    return deferred(stop, nextTryAt, until, { set, events });
  }
  const detail = `${stop.code} until the deadline${stop.detail ? `: ${stop.detail}` : ''}`;
  return blocked(ids, view, { code: 'deferral-expired', detail }, stop.code, set);
}

/** `blocked` says that nothing was done: with changes in place the job has failed. */
function blocked(
  ids: Ids,
  { job }: JobView,
  { code, detail }: Why,
  was: string,
  set: { readonly partial: boolean; readonly findings?: ValueObject },
): Move {
  const { grantJti: jti } = job;
  const [to, action, outcome] = set.partial
    ? (['failed', 'job.failed', 'failure'] as const)
    : (['blocked', 'job.blocked', 'denied'] as const);
  const events = [
    workerEvent(ids, action, job, { outcome, data: { code, was } }),
    ...(jti ? [workerEvent(ids, 'grant.revoked', job, { data: { jti } })] : []),
  ];
  return ended(
    to,
    { code, detail: detail ?? null },
    { set, events, writes: jti ? [{ kind: 'revoke-grant', jti }] : [] },
  );
}

/** Stopped while it only read: by a cancel, or because the worker ends; then whoever comes next may start at once. */
export function abandoned(ids: Ids, view: JobView): Move {
  if (view.job.cancel) return cancelled(ids, view);
  return view.job.state === 'planning' ? unplanned(view) : paused(ids, view, 'worker-stopped');
}

/** The end of a job that somebody cancelled, at a boundary at which nothing is in progress. */
export function cancelled(ids: Ids, { job, journal }: JobView): Move {
  const partial = isPartial(journal);
  const why = { code: 'cancelled' as const, detail: job.cancel?.reason ?? null };
  const events = [workerEvent(ids, 'job.cancelled', job, { data: { partial } })];
  return ended('cancelled', why, { set: { partial }, events });
}
