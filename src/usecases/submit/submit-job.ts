import type { Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { checkRequest, type JobRequest, type SubmitFailure } from './check-request.js';
import { orFirst, scopeOf } from './idempotency.js';
import { readFacts, type RequestFacts } from './request-facts.js';

/** A request becomes a job in one transaction; planning follows. A wish that changed is a new job that names the old one. */
export async function submitJob(
  context: ApiContext,
  actor: Actor,
  key: string,
  request: JobRequest,
): Promise<Result<Made<Job>, SubmitFailure>> {
  const scope = scopeOf(actor, 'POST /v1/jobs', key, request);
  return orFirst(await submitNew(context, actor, scope, request), () => context.submissions.first(scope));
}

async function submitNew(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  request: JobRequest,
): Promise<Result<Made<Job>, SubmitFailure>> {
  const facts = await readFacts(context, actor, [request]);
  try {
    return await store(context, actor, key, request, facts);
  } finally {
    facts.done();
  }
}

async function store(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  request: JobRequest,
  facts: RequestFacts,
): Promise<Result<Made<Job>, SubmitFailure>> {
  const checked = checkRequest(context, actor, request, facts);
  if (!checked.ok) return checked;
  const superseded = await supersededBy(context, actor, request, checked.value.job.id);
  if (!superseded.ok) return superseded;
  const supersede = superseded.value ? { supersede: superseded.value } : {};
  return context.submissions.submit(key, { ...checked.value, ...supersede });
}

async function supersededBy(context: ApiContext, actor: Actor, { supersedes }: JobRequest, by: string) {
  if (supersedes === undefined) return ok(undefined);
  const old = await context.jobs.get(supersedes);
  if (!old || old.requester.id !== actor.person.id) return fail({ kind: 'not-supersedable' as const, job: supersedes });
  return ok({ job: old.id, event: personEvent(context.newId, actor.person, 'job.superseded', old, { data: { by } }) });
}
