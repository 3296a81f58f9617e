import type { Value } from '../domain/canonical.js';
import type { Job } from '../domain/job.js';
import { latest } from '../domain/journal.js';
import type { Manifest } from '../domain/manifest.js';
import { fail, ok, type Result } from '../domain/result.js';
import type { Target } from '../domain/target.js';
import { utcText } from '../domain/time.js';
import type { JobStore } from '../ports/job-store.js';

export type FollowFailure = { readonly kind: 'precondition-missing'; readonly why: string };

/**
 * Whether a job may follow the one it names: a runbook that the manifest lists, of the same person, carried out, and on the same
 * target or on the one that this target serves (its setting `directory`). Another person's job is not told apart from none.
 */
export function mayFollow(
  { follows = [], runsOn, id }: Pick<Manifest, 'follows' | 'runsOn' | 'id'>,
  target: Target,
  person: string,
  named: Job | undefined,
): Result<undefined, FollowFailure> {
  const missing = (why: string) => fail({ kind: 'precondition-missing', why } as const);
  if (!named || named.requester.id !== person) return missing('You have no job of this id.');
  if (named.kind !== 'remediation' || !follows.includes(named.runbook.id))
    return missing(`${id} follows ${follows.length === 0 ? 'no other runbook' : follows.join(' or ')}.`);
  if (named.state !== 'succeeded') return missing(`${named.runbook.id} has not succeeded: it is ${named.state}.`);
  const same = runsOn.kinds.includes(named.target.kind)
    ? named.target.id === target.id
    : named.target.name === target.settings.directory;
  if (!same)
    return missing(`${named.runbook.id} ran on ${named.target.name}, which is not what ${target.name} serves.`);
  return ok(undefined);
}

/**
 * What a runbook is told of the job it follows: when it last changed something, on the clock of this job's target, and which
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
  const settled = [...latest(journal, 'apply').values()].filter(({ resultAt }) => resultAt !== undefined);
  const times = settled.map(({ resultAt }) => resultAt?.getTime() ?? 0);
  const last = times.length > 0 ? Math.max(...times) : job.stateSince.getTime();
  const ids = new Set(settled.map(({ changeId }) => changeId));
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
