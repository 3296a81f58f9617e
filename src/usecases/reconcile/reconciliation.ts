import { inProgressDetail, MOST_CRASHES, parkedDetail } from '../../domain/crash.js';
import type { Job } from '../../domain/job.js';
import { isPartial, latest, madeAndNotUndone, openIntents, type JournalEntry } from '../../domain/journal.js';
import type { Manifest } from '../../domain/manifest.js';
import type { JobView, Move, Write } from '../../domain/move.js';
import { ended, noted, queued, type Along } from '../../domain/moves.js';
import type { Change } from '../../domain/plan.js';
import { workerEvent, type Ids } from '../facts.js';
import { attention } from '../stop/needs-attention.js';

type Result = Extract<Write, { kind: 'result' }>;
type Actions = Pick<Manifest, 'actions'>;

/**
 * The move of an `unknown` job whose target shows that these changes are still to do. It stays
 * `unknown`, with the results written, where nothing is left but the proof.
 */
export function reconciliation(ids: Ids, view: JobView, manifest: Actions, fresh: readonly Change[]): Move {
  const { job, journal } = view;
  const open = openIntents(journal);
  const listed = new Set(fresh.map(({ id }) => id));
  const unknown = open.find((entry) => listed.has(entry.changeId) && !provenByAbsence(job, manifest, entry));
  if (unknown) {
    const detail = `the outcome of change ${unknown.changeId} is unknown`;
    return attention(ids, job, { code: 'outcome-unknown-once', detail }, isPartial(journal));
  }
  const writes = open.map((entry) => resultOf(entry, listed));
  const events = writes.map(({ changeId, result, direction }) =>
    workerEvent(ids, 'change.reconciled', job, { data: { change: changeId, direction, result, epoch: job.epoch } }),
  );
  const partial = [...latest(journal, 'apply').values()].some(({ result }) => result === 'changed');
  if (journal.some(({ direction }) => direction === 'undo')) return endOfUndo(ids, view, listed, { events, writes });
  if (job.cancel) {
    const cancelled = workerEvent(ids, 'job.cancelled', job, { data: { partial } });
    const why = { code: 'cancelled' as const, detail: job.cancel.reason };
    return ended('cancelled', why, { set: { partial }, events: [...events, cancelled], writes });
  }
  if (fresh.length === 0) return noted(job, { set: { partial }, events, writes });
  if (job.crashes >= MOST_CRASHES) {
    const why = writes.length > 0 ? inProgressDetail(writes, fresh.length) : parkedDetail(job.crashes);
    return parked(ids, job, why, partial, { events, writes });
  }
  return queued(2, { events: [...events, workerEvent(ids, 'job.requeued', job)], writes });
}

/** It ended its worker too often to be run again: a person looks at it, and others go on. */
export function parked(ids: Ids, job: Job, detail: string, partial: boolean, along: Along = {}): Move {
  return attention(ids, job, { code: 'parked', detail }, partial, { ...along, set: { crashes: job.crashes } });
}

function provenByAbsence(job: Job, manifest: Actions, entry: JournalEntry): boolean {
  const change = job.plan?.plan.changes.find(({ id }) => id === entry.changeId);
  const rule = change && manifest.actions[change.action];
  return rule?.class === 'ensure' || (rule?.class === 'once' && rule.proof !== undefined);
}

function resultOf(entry: JournalEntry, listed: ReadonlySet<string>): Result {
  const { changeId, direction, attempt } = entry;
  const applied = direction === 'apply';
  // An undo is in place when the plan lists its original again.
  const inPlace = listed.has(changeId) !== applied;
  return { kind: 'result', changeId, direction, attempt, result: inPlace ? 'in-place' : 'not-in-place' };
}

/** A rollback within the job was interrupted: what the target shows decides; it is not taken up again by itself. */
function endOfUndo(ids: Ids, { job, journal }: JobView, listed: ReadonlySet<string>, along: Along): Move {
  const made = [...latest(journal, 'apply').values()].filter(({ result }) => result === 'changed');
  const restored = made.every(({ changeId }) => listed.has(changeId));
  const action = restored ? 'job.rolled-back' : 'job.rollback-failed';
  const event = workerEvent(ids, action, job, {
    outcome: restored ? 'success' : 'failure',
    data: { left: madeAndNotUndone(journal).length },
  });
  const events = [...(along.events ?? []), event];
  return ended(restored ? 'rolled-back' : 'rollback-failed', {}, { ...along, set: { partial: !restored }, events });
}
