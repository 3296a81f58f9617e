import { isCode } from '../domain/codes/index.js';
import type { Job } from '../domain/job.js';
import type { Actor } from '../domain/people.js';
import type { Rights } from '../domain/policy/rights.js';
import type { Result } from '../domain/result.js';
import { isUuid } from '../domain/uuid.js';
import type { ApiContext } from '../usecases/api-context.js';
import { jobProblem } from '../usecases/audit/job-problem.js';
import type { Failure } from './problem.js';
import { failure, type Reply, type RouteContext } from './route.js';
import { jobDetail, jobSummary, type ShownDetail, type ShownSummary } from './views/job.js';

/** A target by its id or name. An id stays one when the target is gone, and a name that it had still finds its jobs. */
export async function targetNamed({ inventory }: ApiContext, target: string | undefined) {
  if (target === undefined) return {};
  if (isUuid(target)) return { target };
  const id = (await inventory.byName(target))?.target.id;
  return id === undefined ? { targetName: target } : { target: id };
}

/** The runbook is read only where its own codes are needed. */
export async function summaryOf(context: ApiContext, job: Job): Promise<ShownSummary> {
  if (job.code === undefined || isCode(job.code)) return jobSummary(job);
  const manifest = await context.catalogue.manifest(job.runbook.contentDigest);
  return jobSummary(job, manifest?.codes);
}

/** A job that the actor may not see is not there. */
export function visible<C extends RouteContext, T>(
  context: ApiContext,
  handle: (job: Job, route: C) => Promise<Reply<T>>,
) {
  return async (of: C): Promise<Reply<T>> => {
    const job = await context.jobs.get(of.id);
    if (!job || !maySee(await context.rights.read(), of.actor, job)) return failure({ kind: 'job-not-found' });
    return handle(job, of);
  };
}

/** Everybody sees their own jobs; who may read those of others sees them, on the targets for which the policy allows it. */
export function maySee(
  rights: Rights,
  { person }: Pick<Actor, 'person'>,
  job: Pick<Job, 'requester' | 'target'>,
): boolean {
  return job.requester.id === person.id || !rights.denial({ action: 'read-all-jobs', person, target: job.target });
}

/** The job as a move left it, or why there was none. */
export async function answer(context: ApiContext, result: Result<Job, Failure>): Promise<Reply<ShownDetail>> {
  return result.ok ? showJob(context, result.value) : failure(result.error);
}

/** A job with everything that happened to it, and whether that is what the log commits to. */
export async function showJob(context: ApiContext, job: Job): Promise<Reply<ShownDetail>> {
  const [view, story, manifest, problem] = await Promise.all([
    context.jobs.view(job.id),
    context.events.after(job.id, 0, 5000),
    context.catalogue.manifest(job.runbook.contentDigest),
    jobProblem(context, job.id),
  ]);
  const current = view?.job ?? job;
  const body = { ...jobDetail(current, view?.journal ?? [], view?.decisions ?? [], story, manifest), problem };
  return { kind: 'answer', body, headers: { ETag: `"${current.revision}"` } };
}
