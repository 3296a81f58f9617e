import type { ValueObject } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { authorise, type Actor, type Denial } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { digestOfTarget } from '../../domain/target.js';
import type { IdempotencyKey, Made } from '../../ports/idempotency.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import type { ValueProblem } from '../../ports/values.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { mayFollow, type FollowFailure } from './may-follow.js';
import { orFirst, scopeOf } from './idempotency.js';
import { ofThisTrace } from '../../platform/spans.js';

export interface JobRequest {
  readonly runbook: string;
  /** Id or name of a target of the inventory. */
  readonly target: string;
  readonly parameters: ValueObject;
  readonly reason: string;
  readonly ticket?: string;
  readonly supersedes?: string;
  /** A job of the same person that this one is the next step of. */
  readonly follows?: string;
}

export type SubmitFailure =
  | Denial
  | SubmissionFailure
  | FollowFailure
  | { readonly kind: 'runbook-not-found' | 'target-not-found' | 'local-refused' }
  | { readonly kind: 'target-kind'; readonly allowed: readonly string[] }
  | { readonly kind: 'invalid-parameters'; readonly problems: readonly ValueProblem[] }
  | { readonly kind: 'too-many-requests'; readonly retryAfterS: number };

/** A request becomes a job in one transaction; planning follows. A wish that changed is a new job that names the old one. */
export async function submitJob(
  context: ApiContext,
  actor: Actor,
  key: string,
  request: JobRequest,
): Promise<Result<Made<Job>, SubmitFailure>> {
  const scope = scopeOf(actor, 'POST /v1/jobs', key, request);
  return orFirst(context.submissions, scope, await submitNew(context, actor, scope, request));
}

async function submitNew(
  context: ApiContext,
  actor: Actor,
  key: IdempotencyKey,
  request: JobRequest,
): Promise<Result<Made<Job>, SubmitFailure>> {
  const runbook = await context.catalogue.current(request.runbook);
  if (!runbook) return fail({ kind: 'runbook-not-found' });
  const stored = (await context.inventory.get(request.target)) ?? (await context.inventory.byName(request.target));
  if (!stored) return fail({ kind: 'target-not-found' });
  const { target } = stored;
  const denial = authorise(actor.person, 'submit', target) ?? authorise(actor.person, 'plan', target);
  if (denial) return fail(denial);
  const { manifest, contentDigest } = runbook;
  if (!manifest.runsOn.kinds.includes(target.kind))
    return fail({ kind: 'target-kind', allowed: manifest.runsOn.kinds });
  if (target.transport.type === 'local' && !context.settings.allowLocal) return fail({ kind: 'local-refused' });
  const parameters = context.values.check(manifest.parameters, request.parameters);
  if (!parameters.ok) return fail({ kind: 'invalid-parameters', problems: parameters.error });
  const recent = await context.queries.countRecent(actor.person.id, target.id, new Date(Date.now() - 60_000));
  if (recent >= context.settings.submitPerMinute) return fail({ kind: 'too-many-requests', retryAfterS: 60 });
  const { follows } = request;
  if (follows !== undefined) {
    const allowed = mayFollow(manifest, target, actor.person.id, await context.jobs.get(follows));
    if (!allowed.ok) return allowed;
  }
  const job = {
    id: context.newId(),
    kind: 'remediation',
    state: 'planning',
    runbook: { id: manifest.id, version: manifest.version, contentDigest },
    target,
    targetDigest: digestOfTarget(target),
    pool: context.settings.pool,
    parameters: parameters.value,
    requester: actor.person,
    reason: request.reason,
    epoch: 0,
    partial: false,
    drifts: 0,
    crashes: 0,
    proofs: [],
    ...ofThisTrace(),
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    ...(request.supersedes === undefined ? {} : { supersedes: request.supersedes }),
    ...(follows === undefined ? {} : { follows }),
  } as const;
  const superseded = await supersededBy(context, actor, request, job.id);
  if (!superseded.ok) return superseded;
  return context.submissions.submit(key, {
    job,
    events: [
      personEvent(
        context.newId,
        actor.person,
        'job.submitted',
        job,
        follows === undefined ? {} : { data: { follows } },
      ),
    ],
    priority: 4,
    ...(superseded.value ? { supersede: superseded.value } : {}),
  });
}

async function supersededBy(context: ApiContext, actor: Actor, { supersedes }: JobRequest, by: string) {
  if (supersedes === undefined) return ok(undefined);
  const old = await context.jobs.get(supersedes);
  if (!old || old.requester.id !== actor.person.id) return fail({ kind: 'not-supersedable' as const, job: supersedes });
  return ok({ job: old.id, event: personEvent(context.newId, actor.person, 'job.superseded', old, { data: { by } }) });
}
