import { madeAndNotUndone } from '../../domain/journal.js';
import type { Move } from '../../ports/job-store.js';
import { serviceFact } from '../facts.js';
import type { Fresh } from '../phases/fresh-changes.js';
import { makePlan } from '../../domain/made-plan.js';
import type { Execution } from '../claim/execution.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/** The drift of one job that a person must look at. */
const MOST_DRIFTS = 3;

/** Drift: nothing more is applied, the grant is void, and the approver sees the new plan. */
export async function startOver(
  context: WorkerContext,
  { job, bundle, credentialScope, grant }: Execution,
  fresh: Fresh,
  why: string,
): Promise<void> {
  await moveOurs(context, job, ['running'], ({ job: current, journal, now }): Move => {
    const drifts = current.drifts + 1;
    const partial = madeAndNotUndone(journal).length > 0;
    const data = { why, drifts, partial, planSha256: current.plan?.digest ?? null };
    const events = [
      serviceFact(context.newId, 'worker', 'job.drifted', job, { outcome: 'failure', data }),
      serviceFact(context.newId, 'worker', 'grant.revoked', job, { data: { jti: grant.jti } }),
    ];
    const writes = [{ kind: 'revoke-grant', jti: grant.jti }, { kind: 'unlock' }] as const;
    const common = {
      drifts,
      partial,
      code: 'state-drift',
      detail: why,
      leaseUntil: null,
      findings: fresh.observation.state,
    };
    if (drifts >= MOST_DRIFTS || job.kind === 'rollback-of' || !job.supplied) {
      const event = serviceFact(context.newId, 'worker', 'job.needs-attention', job, { outcome: 'unknown', data });
      return { to: 'needs-attention', set: common, events: [...events, event], writes };
    }
    const plan = makePlan(job, bundle, credentialScope, job.supplied, fresh.observation.locks, fresh.changes, now);
    return {
      to: 'awaiting-approval',
      set: { ...common, plan, grantJti: null, executeBy: null, onFailure: null },
      events,
      writes,
      wakeAt: plan.expiresAt,
    };
  });
}
