import { canonicalJson } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { NewJob, SubmissionFailure } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { checkRequest, type JobRequest, type RequestFailure } from './check-request.js';
import { orFirst, scopeOf } from './idempotency.js';
import { readFacts, type RequestFacts } from './request-facts.js';

/** A member of a batch: it supersedes no job, because that is decided about one job that somebody looked at. */
export type BatchRequest = Omit<JobRequest, 'supersedes'>;

/** Why one member of a batch is refused. `first`: index of the member that asks for the same. */
export interface MemberFailure {
  readonly index: number;
  readonly failure: RequestFailure | { readonly kind: 'duplicate-member'; readonly first: number };
}

export type BatchFailure =
  Denial | SubmissionFailure | { readonly kind: 'batch-refused'; readonly members: readonly MemberFailure[] };

/**
 * Requests that become jobs together or not at all: one key, one statement that writes. Each is checked as if the ones before it had
 * been submitted: they count for the rate limit and for the priority.
 */
export async function submitBatch(
  context: ApiContext,
  actor: Actor,
  key: string,
  requests: readonly BatchRequest[],
): Promise<Result<Made<readonly Job[]>, BatchFailure>> {
  const scope = scopeOf(actor, 'POST /v1/jobs:batch', key, requests);
  return orFirst(await submitNew(context, actor, scope, requests), () => context.submissions.firstAll(scope));
}

async function submitNew(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  requests: readonly BatchRequest[],
): Promise<Result<Made<readonly Job[]>, BatchFailure>> {
  const facts = await readFacts(context, actor, requests);
  try {
    const checked = checkAll(context, actor, requests, facts);
    if (!checked.ok) return checked;
    const [first, ...others] = checked.value;
    if (!first) return ok({ made: [], repeated: false });
    return await context.submissions.submitAll(key, [first, ...others]);
  } finally {
    facts.done();
  }
}

/** The jobs of all members, or every member that is refused. */
function checkAll(
  context: ApiContext,
  actor: Actor,
  requests: readonly BatchRequest[],
  facts: RequestFacts,
): Result<readonly NewJob[], BatchFailure> {
  const jobs: NewJob[] = [];
  const members: MemberFailure[] = [];
  const seen = new Map<string, number>();
  const perTarget = new Map<string, number>();
  for (const [index, request] of requests.entries()) {
    const id = facts.target(request.target)?.id ?? '';
    const ahead = perTarget.get(id) ?? 0;
    perTarget.set(id, ahead + 1);
    const checked = checkRequest(context, actor, request, facts, ahead);
    if (!checked.ok) {
      members.push({ index, failure: checked.error });
      continue;
    }
    const { runbook, target, parameters } = checked.value.job;
    const same = canonicalJson({ runbook: runbook.id, target: target.id, parameters });
    const first = seen.get(same);
    if (first !== undefined) members.push({ index, failure: { kind: 'duplicate-member', first } });
    else seen.set(same, index);
    jobs.push(checked.value);
  }
  return members.length > 0 ? fail({ kind: 'batch-refused', members }) : ok(jobs);
}
