import { parametersDigest } from '../../domain/digest.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import type { DecisionRow, JobView } from '../../domain/move.js';
import { authorise, type People } from '../../domain/people.js';
import { planBytes, planDigest, type Plan } from '../../domain/plan.js';
import { digestOfTarget } from '../../domain/target.js';
import type { StoredToken } from '../../ports/tokens.js';

/** Why a decision does not count, by a stable code; undefined where it does. The first rule that it breaks. */
export function refusal(
  { job, latest }: JobView,
  row: DecisionRow,
  manifest: Manifest | undefined,
  person: ReturnType<People['find']>,
  token: Omit<StoredToken, 'secretSha256'> | undefined,
): string | undefined {
  if (job.state !== 'awaiting-approval' || !job.plan) return 'not-awaiting-approval';
  if (!manifest || !planIsWhatItSays(job, job.plan, manifest)) return 'plan-changed';
  if (row.planDigest !== job.plan.digest) return 'plan-changed';
  if (latest >= job.plan.expiresAt) return 'approval-expired';
  if (!person || authorise(person, 'decide', job.target)) return 'not-an-approver';
  if (!manifest.approval.roles.some((role) => person.roles.some((own) => own === role))) return 'not-an-approver';
  if (row.decision === 'approve' && person.id === job.requester.id) return 'own-request';
  const proven =
    token !== undefined &&
    token.kind === 'personal' &&
    token.person === person.id &&
    token.createdAt <= row.decidedAt &&
    token.expiresAt > row.decidedAt &&
    !(token.revokedAt && token.revokedAt <= row.decidedAt);
  return proven ? undefined : 'proof-invalid';
}

/** Recomputes everything the plan row claims from its bytes. */
function planIsWhatItSays(job: Job, made: MadePlan, manifest: Manifest): boolean {
  const plan = JSON.parse(made.bytes) as Plan;
  return (
    planBytes(plan) === made.bytes &&
    planDigest(plan) === made.digest &&
    plan.job === job.id &&
    plan.salt === job.salt &&
    plan.runbook === job.runbook.contentDigest &&
    plan.parameters === parametersDigest(job.parameters, job.supplied, job.salt) &&
    plan.target === job.targetDigest &&
    digestOfTarget(job.target) === job.targetDigest &&
    plan.changes.length > 0 &&
    plan.changes.every(({ action }) => Object.hasOwn(manifest.actions, action))
  );
}
