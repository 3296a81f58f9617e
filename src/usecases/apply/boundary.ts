import { isPartial } from '../../domain/journal.js';
import type { JobView, Move } from '../../domain/move.js';
import { ended } from '../../domain/moves.js';
import { workerEvent, type Ids } from '../facts.js';
import { cancelled } from '../stop/defer-job.js';
import { paused } from '../stop/pause.js';

/** What holds at the boundary between two changes, apart from the job itself. */
export interface AtBoundary {
  /** The time of the grant is over. */
  readonly expired: boolean;
  /** All work is frozen. */
  readonly frozen: boolean;
  /** This worker ends. */
  readonly stopping: boolean;
}

/** What ends or pauses a job at the boundary between two changes; undefined: the next change may begin. */
export function boundary(ids: Ids, view: JobView, { expired, frozen, stopping }: AtBoundary): Move | undefined {
  const { job, journal } = view;
  if (job.cancel) return cancelled(ids, view);
  if (expired) {
    const partial = isPartial(journal);
    const to = partial ? 'failed' : 'expired';
    const events = [workerEvent(ids, `job.${to}`, job, { outcome: 'failure' })];
    return ended(to, { code: 'grant-expired' }, { set: { partial }, events });
  }
  if (frozen || stopping) return paused(ids, view, frozen ? 'frozen' : 'worker-stopped');
  return undefined;
}
