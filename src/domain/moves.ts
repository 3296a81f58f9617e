import type { JobCode } from './codes/lookup.js';
import type { AuditEvent } from './audit.js';
import { isTerminal, type TRANSITIONS, type Job, type State } from './job.js';
import type { JobPatch, Move, Write } from './move.js';

/** The states that nothing leaves. */
export type EndState = { [S in State]: (typeof TRANSITIONS)[S] extends readonly [] ? S : never }[State];

/** Why a job is where it is, for people: a stable code and a sentence. */
export interface Why {
  readonly code: JobCode;
  readonly detail?: string | null;
}

/** What a move carries besides its state: members to set, audit events, rows. Nothing of it by default. */
export interface Along {
  readonly set?: JobPatch;
  readonly events?: readonly AuditEvent[];
  readonly writes?: readonly Write[];
}

/** The states in which a job may hold object locks, or a place in the line for them. */
const MAY_HOLD_LOCKS: readonly State[] = ['queued', 'running', 'rolling-back', 'unknown'];

const NO_LEASE = { leaseUntil: null, nextTryAt: null } as const;
const NO_TIMERS = { ...NO_LEASE, until: null } as const;

/**
 * The move with what follows from leaving a state: the lease and the next try end with the state that they were for, an ended job
 * has no deadline, and locks are released where the new state holds none. What the move itself sets wins. The store completes
 * every move, so that no caller can forget it.
 */
export function complete(from: State, move: Move): Move {
  const { to } = move;
  if (from === to) return move;
  const sameClaim = from === 'running' && to === 'rolling-back';
  const cleared = isTerminal(to) ? NO_TIMERS : sameClaim ? {} : NO_LEASE;
  const releases = MAY_HOLD_LOCKS.includes(from) && !MAY_HOLD_LOCKS.includes(to);
  return {
    ...move,
    set: { ...cleared, ...move.set },
    ...(releases ? { writes: [...(move.writes ?? []), { kind: 'unlock' }] } : {}),
  };
}

/** The end of a job. */
export function ended(to: EndState, why: Partial<Why>, along: Along = {}): Move {
  return { to, set: { ...why, ...along.set }, events: along.events ?? [], writes: along.writes ?? [] };
}

/** The requester replaced it by another job; `event` says which. */
export function superseded(event: AuditEvent): Move {
  return ended('superseded', { code: 'superseded' }, { events: [event] });
}

/** What a restore from a backup leaves of a job that holds a grant, by the state in the backup. */
const RESTORED = {
  running: 'unknown',
  'rolling-back': 'unknown',
  queued: 'blocked',
  deferred: 'blocked',
} as const satisfies { readonly [S in State]?: 'unknown' | 'blocked' };

/** The states whose jobs a restore moves where they hold a grant. */
export const MOVED_BY_RESTORE = Object.keys(RESTORED) as readonly (keyof typeof RESTORED)[];

/**
 * The move of a restore from a backup; undefined where it leaves the job as it is. A job that ran becomes `unknown` and is looked at
 * at `now`; one that was granted and did not run is `blocked`. The epoch is raised: what an earlier claim still writes is refused.
 */
export function restored(
  job: Job,
  now: Date,
  eventOf: (action: 'job.unknown' | 'job.blocked', why: Why) => AuditEvent,
): Move | undefined {
  const to =
    job.grantJti === undefined ? undefined : (RESTORED as { readonly [S in State]?: 'unknown' | 'blocked' })[job.state];
  if (to === undefined) return undefined;
  const why = {
    code: 'database-restored',
    detail: 'the database was restored from a backup while this job was active',
  } as const;
  const events = [eventOf(`job.${to}`, why)];
  const set = { epoch: job.epoch + 1 };
  if (to === 'blocked') return ended(to, why, { set, events });
  return becameUnknown(why, now, { set: { ...set, nextTryAt: null }, events });
}

/** A person must look at it: no lease, no timer. `partial` says whether changes of the job are in place. */
export function attentionNeeded(why: Why, partial: boolean, along: Along = {}): Move {
  const set = { ...NO_TIMERS, ...why, partial, ...along.set };
  return { to: 'needs-attention', set, events: along.events ?? [], writes: along.writes ?? [] };
}

/**
 * What became of the last change is not known; a worker looks at the target from `nextTryAt` on. The locks are kept: nobody else
 * may work on the object before that.
 */
export function becameUnknown(why: Why, nextTryAt: Date, along: Along = {}): Move {
  return {
    to: 'unknown',
    set: { ...NO_TIMERS, ...why, nextTryAt, ...along.set },
    events: along.events ?? [],
    writes: along.writes ?? [],
    wakeAt: nextTryAt,
  };
}

/** Put off until `nextTryAt`, at most until `until`. */
export function deferred(why: Why, nextTryAt: Date, until: Date, along: Along = {}): Move {
  return {
    to: 'deferred',
    set: { code: why.code, detail: why.detail ?? null, nextTryAt, until, ...along.set },
    events: along.events ?? [],
    writes: along.writes ?? [],
    wakeAt: nextTryAt,
  };
}

/** Every change is in place and the proof is still to come: looked at again at `nextTryAt`, at most until `until`. */
export function waiting(why: Why, nextTryAt: Date, until: Date, along: Along = {}): Move {
  return {
    to: 'waiting',
    set: { ...why, nextTryAt, until, crashes: 0, ...along.set },
    events: along.events ?? [],
    writes: along.writes ?? [],
    wakeAt: nextTryAt,
  };
}

/** To the queue under a grant, with a message now (priority 1 is the most urgent); nothing is wrong with it. */
export function queued(priority: number, along: Along = {}): Move {
  return {
    to: 'queued',
    set: { code: null, detail: null, ...along.set },
    events: along.events ?? [],
    writes: along.writes ?? [],
    message: { priority },
  };
}

/** Who claims a job, and until when without a further sign. */
export interface Lease {
  readonly worker: string;
  readonly until: Date;
}

/** A claim: the next epoch, so that what an earlier worker still writes is refused, and a lease. */
export function claimed(job: Pick<Job, 'epoch'>, to: State, lease: Lease, along: Along = {}): Move {
  const { worker, until: leaseUntil } = lease;
  return {
    to,
    set: { epoch: job.epoch + 1, leaseUntil, worker, ...along.set },
    events: along.events ?? [],
    writes: along.writes ?? [],
    wakeAt: leaseUntil,
  };
}

/** A claim given back with the job where it was: somebody looks again at `nextTryAt`. */
export function givenBack(state: State, nextTryAt: Date, set: JobPatch = {}): Move {
  return { to: state, set: { leaseUntil: null, nextTryAt, ...set }, events: [], wakeAt: nextTryAt };
}

/** Something about a job that stays where it is and keeps its timer, whichever that is. */
export function noted(job: Pick<Job, 'state' | 'leaseUntil' | 'nextTryAt' | 'plan'>, along: Along): Move {
  const { set, events = [], writes = [] } = along;
  const expires = job.state === 'awaiting-approval' ? job.plan?.expiresAt : undefined;
  const wakeAt = job.leaseUntil ?? job.nextTryAt ?? expires;
  return { to: job.state, ...(set ? { set } : {}), events, writes, ...(wakeAt ? { wakeAt } : {}) };
}
