import { isTerminal, type Job } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { utcText } from '../../domain/time.js';
import type { Move } from '../../domain/move.js';
import { ended } from '../../domain/moves.js';
import type { TransitionFailure } from '../../ports/job-store.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { aboutJob } from '../job-rights.js';

export type CancelFailure =
  Denial | TransitionFailure | { readonly kind: 'already-ended'; readonly state: Job['state'] };

/** Cancels at once what has not begun. A running job stops before its next change; an unknown outcome is reconciled first. */
export async function cancelJob(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  reason: string,
): Promise<Result<Job, CancelFailure>> {
  const job = await context.jobs.get(jobId);
  if (!job) return fail({ kind: 'job-not-found' });
  const rights = await context.rights.read();
  const denial = rights.denial({ action: 'cancel', ...(await aboutJob(context, actor.person, job)) });
  if (denial) return fail(denial);
  return context.jobs.transition<CancelFailure>(jobId, ({ job: current, now }) => {
    if (isTerminal(current.state)) return fail({ kind: 'already-ended', state: current.state });
    const cancel = { by: actor.person, reason, at: utcText(now) };
    const requested = personEvent(context.newId, actor.person, 'job.cancel-requested', current);
    switch (current.state) {
      case 'planning':
      case 'deferred':
      case 'awaiting-approval':
      case 'queued':
        return ok(
          ended(
            'cancelled',
            { code: 'cancelled', detail: reason },
            {
              set: { cancel },
              events: [
                requested,
                personEvent(context.newId, actor.person, 'job.cancelled', current),
                ...(current.grantJti
                  ? [
                      personEvent(context.newId, actor.person, 'grant.revoked', current, {
                        data: { jti: current.grantJti },
                      }),
                    ]
                  : []),
              ],
            },
          ),
        );
      default:
        return ok<Move>({
          to: current.state,
          set: { cancel },
          events: [requested],
          message: { priority: 1 },
          ...(current.leaseUntil ? { wakeAt: current.leaseUntil } : {}),
        });
    }
  });
}
