import type { Job } from '../../domain/job.js';
import type { RunbookBundle } from '../../domain/manifest.js';
import type { Change } from '../../domain/plan.js';
import { notInPlace } from '../../domain/undo.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { OnRecord } from './job-output.js';
import { observe, type ObserveFailure, type Observation } from './observe.js';
import type { Runspace } from './run-phase.js';
import type { WorkerContext } from '../worker-context.js';

export interface Fresh {
  readonly observation: Observation;
  /** What is still to do for this job, in order. */
  readonly changes: readonly Change[];
}

/**
 * What is still to do now. A remediation: what its Plan lists. A rollback: those of its changes whose original is not listed (it
 * is still in place), in the granted order, then what its properties hold instead of what the original made; the locks are the
 * original's.
 */
export async function freshChanges(
  context: WorkerContext,
  reader: Runspace,
  bundle: RunbookBundle,
  job: Job,
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<Result<Fresh, ObserveFailure>> {
  const supplied = job.supplied;
  if (!supplied) return fail({ kind: 'malformed-output', detail: 'the job has no supplied values' });
  const seen = await observe(context, reader, bundle, job, supplied, onRecord, signal);
  if (!seen.ok) return seen;
  if (job.kind === 'remediation') return ok({ observation: seen.value, changes: seen.value.changes });
  const listed = new Set(seen.value.changes.map(({ id }) => id));
  const granted = job.plan?.plan.changes ?? [];
  const originals = new Set(granted.map(({ undoes }) => undoes));
  const others = notInPlace(granted, seen.value.changes).filter(({ id }) => !originals.has(id));
  return ok({
    observation: seen.value,
    changes: [...granted.filter(({ undoes }) => !listed.has(undoes ?? '')), ...others],
  });
}
