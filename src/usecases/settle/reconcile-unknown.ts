import type { Job } from '../../domain/job.js';
import { latest, madeAndNotUndone, openIntents, type JournalEntry } from '../../domain/journal.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import { lookAgainMs } from '../../domain/nudge.js';
import { fail } from '../../domain/result.js';
import { durationMs } from '../../domain/time.js';
import type { Move, Write } from '../../ports/job-store.js';
import { checkJob } from '../claim/check-job.js';
import { claimCrashed, inHandDetail, MOST_CRASHES, poisonDetail } from '../../domain/crash.js';
import { attention, needsAttention } from '../stop/needs-attention.js';
import { serviceFact } from '../facts.js';
import { prove, succeed } from '../finish/finish-job.js';
import { freshChanges, type Fresh } from '../phases/fresh-changes.js';
import { holdLease, type Hold, type Shutdown } from '../claim/lease.js';
import { openRunspace } from '../phases/run-phase.js';
import { openStory, type Story } from '../phases/job-output.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/**
 * Settles changes whose result was never heard (RULES 6): wait until the old execution is surely dead, then look at the target.
 * Only a finding `present` or `absent` settles. `ensure` changes may go on under the same grant; the rest needs a person.
 */
export async function settleUnknown(context: WorkerContext, jobId: string, stop: Shutdown): Promise<void> {
  const { id, leaseMs } = context.settings;
  const claimed = await context.jobs.transition(jobId, ({ job, journal, now }) => {
    const due = job.state === 'unknown' && !(job.nextTryAt && job.nextTryAt > now);
    if (!due || (job.leaseUntil && job.leaseUntil > now)) return fail({ kind: 'not-due' as const });
    const crashes = job.crashes + (claimCrashed(job, now) ? 1 : 0);
    if (crashes > job.crashes && crashes >= MOST_CRASHES) {
      const open = openIntents(journal).map(({ changeId }) => ({ changeId }));
      const why = open.length > 0 ? inHandDetail(open) : poisonDetail(crashes);
      return { ok: true, value: quarantine(context, { ...job, crashes }, why) };
    }
    const leaseUntil = new Date(now.getTime() + leaseMs);
    const set = { epoch: job.epoch + 1, leaseUntil, worker: id, crashes };
    return { ok: true, value: { to: 'unknown', set, events: [], wakeAt: leaseUntil } };
  });
  if (!claimed.ok || claimed.value.state !== 'unknown') return;
  const hold = holdLease(context, claimed.value, stop);
  const story = openStory(context, jobId);
  try {
    await look(context, claimed.value, hold, story);
  } finally {
    await story.close();
    hold.release();
  }
}

async function look(context: WorkerContext, job: Job, hold: Hold, story: Story): Promise<void> {
  const checked = await checkJob(context, job);
  if (!checked.ok) return needsAttention(context, job, checked.error.code, checked.error.detail);
  const { bundle } = checked.value;
  const reader = await openRunspace(context, bundle, job, 'detect', 'detect', hold.reading);
  if (!reader.ok) return lookLater(context, job, bundle);
  try {
    const fresh = await freshChanges(context, reader.value, bundle, job, story.onRecord, hold.reading);
    if (!fresh.ok) return await lookLater(context, job, bundle);
    const { finding } = fresh.value.observation;
    if (finding !== 'present' && finding !== 'absent') return await lookLater(context, job, bundle);
    const settled = await settle(context, job, bundle, fresh.value);
    if (settled !== 'nothing-left') return;
    const proved = await prove(context, { job, bundle, story, hold }, reader.value);
    if (proved.kind === 'proved') await succeed(context, job, proved);
    else await requeue(context, job);
  } finally {
    await reader.value.session.close();
  }
}

/** Writes what was seen of each unheard change. Returns `nothing-left` when only the proof is missing. */
async function settle(
  context: WorkerContext,
  job: Job,
  bundle: RunbookBundle,
  fresh: Fresh,
): Promise<'nothing-left' | 'moved'> {
  const view = await context.jobs.view(job.id);
  if (!view) return 'moved';
  const open = openIntents(view.journal);
  const listed = new Set(fresh.changes.map(({ id }) => id));
  const unsettled = open.find((entry) => listed.has(entry.changeId) && !settlesByAbsence(job, bundle, entry));
  if (unsettled) {
    await needsAttention(context, job, 'unheard-once', `the result of change ${unsettled.changeId} was never heard`);
    return 'moved';
  }
  const undoing = view.journal.some(({ direction }) => direction === 'undo');
  const writes = open.map((entry) => resultOf(entry, listed));
  const moved = await moveOurs(context, job, ['unknown'], ({ job: current, now }): Move => {
    const events = writes.map(({ changeId, result, direction }) =>
      serviceFact(context.newId, 'worker', 'job.settled', job, {
        data: { change: changeId, direction, result, epoch: current.epoch },
      }),
    );
    const partial = [...latest(view.journal, 'apply').values()].some(({ result }) => result === 'changed');
    if (undoing) return endOfUndo(context, job, fresh, view.journal, events, writes);
    if (current.cancel) {
      const event = serviceFact(context.newId, 'worker', 'job.cancelled', job, { data: { partial } });
      const set = { code: 'cancelled', detail: current.cancel.reason, partial, leaseUntil: null, nextTryAt: null };
      return { to: 'cancelled', set, events: [...events, event], writes: [...writes, { kind: 'unlock' }] };
    }
    if (fresh.changes.length === 0) {
      return { to: 'unknown', set: { partial }, events, writes, wakeAt: current.leaseUntil ?? now };
    }
    if (current.crashes >= MOST_CRASHES) {
      const why = writes.length > 0 ? inHandDetail(writes, fresh.changes.length) : poisonDetail(current.crashes);
      return quarantine(context, { ...current, partial }, why, events, writes);
    }
    return {
      to: 'queued',
      set: { code: null, detail: null, leaseUntil: null, nextTryAt: null },
      events: [...events, serviceFact(context.newId, 'worker', 'job.requeued', job)],
      writes,
      message: { priority: 2 },
    };
  });
  return moved.ok && moved.value.state === 'unknown' ? 'nothing-left' : 'moved';
}

function settlesByAbsence(job: Job, { manifest }: RunbookBundle, entry: JournalEntry): boolean {
  const change = job.plan?.plan.changes.find(({ id }) => id === entry.changeId);
  const rule = change && manifest.actions[change.action];
  return rule?.class === 'ensure' || (rule?.class === 'once' && rule.proof !== undefined);
}

function resultOf(entry: JournalEntry, listed: ReadonlySet<string>): Extract<Write, { kind: 'result' }> {
  const { changeId, direction, attempt } = entry;
  const applied = direction === 'apply';
  // An undo is in place when the plan lists its original again.
  const inPlace = listed.has(changeId) !== applied;
  return { kind: 'result', changeId, direction, attempt, result: inPlace ? 'in-place' : 'not-in-place' };
}

/** A rollback within the job was interrupted: what the target shows decides; it is not taken up again by itself. */
function endOfUndo(
  context: WorkerContext,
  job: Job,
  fresh: Fresh,
  journal: readonly JournalEntry[],
  events: Move['events'],
  writes: readonly Write[],
): Move {
  const made = [...latest(journal, 'apply').values()].filter(({ result }) => result === 'changed');
  const restored = made.every(({ changeId }) => fresh.changes.some(({ id }) => id === changeId));
  return {
    to: restored ? 'rolled-back' : 'rollback-failed',
    set: { leaseUntil: null, nextTryAt: null, partial: !restored },
    events: [
      ...events,
      serviceFact(context.newId, 'worker', restored ? 'job.rolled-back' : 'job.rollback-failed', job, {
        outcome: restored ? 'success' : 'failure',
        data: { left: madeAndNotUndone(journal).length },
      }),
    ],
    writes: [...writes, { kind: 'unlock' }],
  };
}

async function requeue(context: WorkerContext, job: Job): Promise<void> {
  await moveOurs(context, job, ['unknown'], ({ job: current }): Move =>
    current.crashes >= MOST_CRASHES
      ? quarantine(
          context,
          current,
          'its worker ended, or was not heard of again; nothing is left to do, but that is not proved',
        )
      : {
          to: 'queued',
          set: { code: null, detail: null, leaseUntil: null, nextTryAt: null },
          events: [serviceFact(context.newId, 'worker', 'job.requeued', job)],
          message: { priority: 2 },
        },
  );
}

/** It ended its worker too often to be run again: a person looks at it, and others go on. */
function quarantine(
  context: WorkerContext,
  job: Job,
  why: string,
  events: Move['events'] = [],
  writes: readonly Write[] = [],
): Move {
  const move = attention(context, job, 'poison', why, job.partial);
  return {
    ...move,
    set: { ...move.set, crashes: job.crashes },
    events: [...events, ...move.events],
    writes: [...writes, ...(move.writes ?? [])],
  };
}

async function lookLater(context: WorkerContext, job: Job, { manifest }: RunbookBundle): Promise<void> {
  const limit = job.stateSince.getTime() + durationMs(manifest.defer.upTo);
  await moveOurs(context, job, ['unknown'], ({ job: current, now }) => {
    if (now.getTime() > limit) {
      return attention(context, current, 'unsettled', 'the target gave no answer that settles this', current.partial);
    }
    const nextTryAt = new Date(now.getTime() + lookAgainMs(now.getTime() - current.stateSince.getTime()));
    return { to: 'unknown', set: { nextTryAt, leaseUntil: null }, events: [], wakeAt: nextTryAt };
  });
}
