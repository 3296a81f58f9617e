import type { Job } from '../domain/job.js';
import { latest, openIntents } from '../domain/journal.js';
import { authorise, type Actor, type Denial } from '../domain/people.js';
import { fail, ok, type Result } from '../domain/result.js';
import type { Move, TransitionFailure } from '../ports/job-store.js';
import type { ApiContext } from './api-context.js';
import { personFact } from './facts.js';

export type SettleFailure =
  | Denial
  | TransitionFailure
  | { readonly kind: 'not-needing-attention'; readonly state: Job['state'] }
  | { readonly kind: 'involved' };

/** A person who looked at the target says what is there. Neither requester nor approver may; nothing is queued again. */
export async function settleJob(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  resolution: 'in-place' | 'not-in-place',
  reason: string,
): Promise<Result<Job, SettleFailure>> {
  const denial = authorise(actor.person, 'settle');
  if (denial) return fail(denial);
  return context.jobs.transition<SettleFailure>(jobId, ({ job, journal, decisions }) => {
    if (job.state !== 'needs-attention') return fail({ kind: 'not-needing-attention', state: job.state });
    const involved = [
      job.requester.id,
      ...decisions.filter(({ status }) => status === 'accepted').map(({ person }) => person.id),
    ];
    if (involved.includes(actor.person.id)) return fail({ kind: 'involved' });
    const made = [...latest(journal, 'apply').values()].some(({ result }) => result === 'changed');
    const inPlace = resolution === 'in-place';
    return ok<Move>({
      to: inPlace ? 'succeeded' : 'failed',
      set: {
        code: inPlace ? null : 'not-in-place',
        detail: `${actor.person.name}: ${reason}`,
        ...(inPlace ? { outcome: made ? 'fixed' : 'already-fine', partial: false } : { partial: made }),
      },
      events: [personFact(context.newId, actor.person, 'job.settled', job, { data: { resolution } })],
      writes: [
        ...openIntents(journal).map(
          ({ changeId, direction, attempt }) =>
            ({ kind: 'result', changeId, direction, attempt, result: resolution }) as const,
        ),
        { kind: 'unlock' },
      ],
    });
  });
}
