import type { Value } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { latest } from '../../domain/journal.js';
import { utcText } from '../../domain/time.js';
import type { JobStore } from '../../ports/job-store.js';

/**
 * What a runbook gets to know of the job it follows: when it last changed something, on the clock of this job's target, and which
 * objects it names. Null where the job follows none.
 */
export async function followedJob(
  jobs: Pick<JobStore, 'view'>,
  { follows }: Pick<Job, 'follows'>,
  clockOffsetMs: number,
): Promise<Value> {
  const view = follows === undefined ? undefined : await jobs.view(follows);
  if (!view) return null;
  const { job, journal } = view;
  // The time at which the result was recorded is never before the change itself.
  const ended = [...latest(journal, 'apply').values()].filter(({ resultAt }) => resultAt !== undefined);
  const times = ended.map(({ resultAt }) => resultAt?.getTime() ?? 0);
  const last = times.length > 0 ? Math.max(...times) : job.stateSince.getTime();
  const ids = new Set(ended.map(({ changeId }) => changeId));
  const changed = (job.plan?.plan.changes ?? []).filter(({ id }) => ids.has(id));
  const objects = changed.flatMap(({ resource }) =>
    resource.startsWith('user:') ? [resource.slice('user:'.length)] : [],
  );
  return {
    job: job.id,
    runbook: job.runbook.id,
    lastChangedAtTargetUtc: utcText(new Date(last + clockOffsetMs)),
    objects: [...new Set(objects)],
  };
}
