import { isPartial } from '../../domain/journal.js';
import type { Move } from '../../domain/move.js';
import { attentionNeeded } from '../../domain/moves.js';
import { workerEvent } from '../facts.js';
import { demanding } from '../job-rights.js';
import type { Fresh } from '../phases/fresh-changes.js';
import { makePlan } from '../../domain/made-plan.js';
import type { Execution } from '../claim/execution.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** The drift of one job that a person must look at. */
const MOST_DRIFTS = 3;

/** Drift: nothing more is applied, the grant is void, and the approver sees the new plan. */
export async function startOver(
  context: WorkerContext,
  { job, bundle, credentialScope, admission, grant, rights }: Execution,
  fresh: Fresh,
  why: string,
): Promise<void> {
  await transitionClaimed(context, job, ['running'], ({ job: current, journal, now }): Move => {
    const drifts = current.drifts + 1;
    const partial = isPartial(journal);
    const data = { why, drifts, partial, planSha256: current.plan?.digest ?? null };
    const events = [
      workerEvent(context, 'job.drifted', job, { outcome: 'failure', data }),
      workerEvent(context, 'grant.revoked', job, { data: { jti: grant.jti } }),
    ];
    const writes = [{ kind: 'revoke-grant', jti: grant.jti }] as const;
    const said = { code: 'state-drift' as const, detail: why };
    const common = { drifts, findings: fresh.observation.state };
    if (drifts >= MOST_DRIFTS || job.kind === 'rollback-of' || !job.supplied) {
      const event = workerEvent(context, 'job.needs-attention', job, { outcome: 'unknown', data });
      return attentionNeeded(said, partial, { set: common, events: [...events, event], writes });
    }
    const { state, locks } = fresh.observation;
    const made = makePlan(job, bundle, { credentialScope, admission }, job.supplied, state, locks, fresh.changes, now);
    const plan = demanding(made, job, bundle.manifest, rights);
    return {
      to: 'awaiting-approval',
      set: { ...common, ...said, partial, plan, grantJti: null, executeBy: null, onFailure: null },
      events,
      writes,
      wakeAt: plan.expiresAt,
    };
  });
}
