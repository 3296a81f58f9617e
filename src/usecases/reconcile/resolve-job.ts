import type { Job } from '../../domain/job.js';
import { latest, openIntents } from '../../domain/journal.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Move } from '../../domain/move.js';
import { ended } from '../../domain/moves.js';
import type { TransitionFailure } from '../../ports/job-store.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { aboutJob } from '../job-rights.js';

export type ResolveFailure =
  | Denial
  | TransitionFailure
  | { readonly kind: 'not-needing-attention'; readonly state: Job['state'] }
  | { readonly kind: 'separation-of-duties' };

/**
 * A person who looked at the target says what is there. Neither requester nor approver may; nothing is queued again. `in-place` is
 * looked at by a worker (Detect, Plan, Verify) before the job ends `succeeded`; `not-in-place` ends it `failed`.
 */
export async function resolveJob(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  resolution: 'in-place' | 'not-in-place',
  reason: string,
): Promise<Result<Job, ResolveFailure>> {
  const asked = await context.jobs.get(jobId);
  if (!asked) return fail({ kind: 'job-not-found' });
  const rights = await context.rights.read();
  const denial = rights.denial({ action: 'resolve', ...(await aboutJob(context, actor.person, asked)) });
  if (denial) return fail(denial);
  return context.jobs.transition<ResolveFailure>(jobId, ({ job, journal, decisions, now }) => {
    if (job.state !== 'needs-attention') return fail({ kind: 'not-needing-attention', state: job.state });
    const involved = [
      job.requester.id,
      ...decisions.filter(({ status }) => status === 'accepted').map(({ person }) => person.id),
    ];
    if (involved.includes(actor.person.id)) return fail({ kind: 'separation-of-duties' });
    const event = personEvent(context.newId, actor.person, 'job.resolved', job, { data: { resolution } });
    const detail = `${actor.person.name}: ${reason}`;
    if (resolution === 'in-place') {
      // A claim of a person like any other claim: a worker looks before the job ends.
      return ok<Move>({
        to: 'needs-attention',
        set: { code: 'resolved-in-place', detail, nextTryAt: null, until: null, crashes: 0 },
        events: [event],
        message: { priority: 1 },
        wakeAt: now,
      });
    }
    const made = [...latest(journal, 'apply').values()].some(({ result }) => result === 'changed');
    const writes = openIntents(journal).map(
      ({ changeId, direction, attempt }) =>
        ({ kind: 'result', changeId, direction, attempt, result: resolution }) as const,
    );
    return ok(ended('failed', { code: 'not-in-place', detail }, { set: { partial: made }, events: [event], writes }));
  });
}
