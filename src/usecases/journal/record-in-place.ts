import type { Job } from '../../domain/job.js';
import { latest, type JournalEntry } from '../../domain/journal.js';
import { noted } from '../../domain/moves.js';
import { workerEvent } from '../facts.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** Records granted changes that are there already: the state is claimed, not the cause. They are never ours to undo. */
export async function recordInPlace(
  context: WorkerContext,
  job: Job,
  journal: readonly JournalEntry[],
  inPlace: readonly string[],
): Promise<void> {
  const known = latest(journal, 'apply');
  const fresh = inPlace.filter((id) => known.get(id)?.result !== 'in-place');
  if (fresh.length === 0) return;
  await transitionClaimed(context, job, ['running'], ({ job: current }) =>
    noted(current, {
      events: fresh.map((changeId) =>
        workerEvent(context, 'change.result', job, {
          data: { change: changeId, result: 'in-place', epoch: current.epoch },
        }),
      ),
      writes: fresh.map((changeId) => {
        const open = known.get(changeId);
        const attempt = open && open.result === undefined ? open.attempt : 0;
        return { kind: 'result', changeId, direction: 'apply', attempt, result: 'in-place' } as const;
      }),
    }),
  );
}
