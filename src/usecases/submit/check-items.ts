import { canonicalJson, type ValueObject } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { NewJob } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { checkRequest, type JobRequest } from './check-request.js';
import type { RequestFacts } from './request-facts.js';
import type { MemberFailure } from './submit-batch.js';

/** A refused item of a rollout or a scan, by its place. */
export interface RefusedItem extends MemberFailure {
  /** As it was asked for: the id or the name of a target. */
  readonly target: string;
}

/**
 * The jobs of all items of a rollout or a scan, or every item that is refused. The limit of requests for one target is for requests, not
 * for items of one.
 * @param placeOf what says in a job which item of what it is, by its index
 */
export function checkItems(
  context: Pick<ApiContext, 'values' | 'settings' | 'newId'>,
  actor: Actor,
  { runbook, reason, ticket }: Pick<JobRequest, 'runbook' | 'reason' | 'ticket'>,
  items: readonly { readonly target: string; readonly parameters: ValueObject }[],
  facts: RequestFacts,
  placeOf: (index: number) => Pick<Job, 'rollout' | 'scan'>,
): Result<readonly NewJob[], readonly RefusedItem[]> {
  const jobs: NewJob[] = [];
  const members: RefusedItem[] = [];
  const seen = new Map<string, number>();
  const unlimited = { ...facts, recent: () => -1 };
  for (const [index, { target, parameters }] of items.entries()) {
    const request = { runbook, target, parameters, reason, ...(ticket === undefined ? {} : { ticket }) };
    const checked = checkRequest(context, actor, request, unlimited, 0, placeOf(index));
    if (!checked.ok) {
      members.push({ index, target, failure: checked.error });
      continue;
    }
    const { job } = checked.value;
    const same = canonicalJson({ target: job.target.id, parameters: job.parameters });
    const first = seen.get(same);
    if (first !== undefined) members.push({ index, target, failure: { kind: 'duplicate-member', first } });
    else seen.set(same, index);
    jobs.push(checked.value);
  }
  return members.length > 0 ? fail(members) : ok(jobs);
}
