import { parametersDigest } from '../../domain/digest.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import type { DecisionRow, JobView } from '../../domain/move.js';
import type { People } from '../../domain/people.js';
import type { Rights } from '../../domain/policy/rights.js';
import { planBytes, planDigest, type Plan } from '../../domain/plan.js';
import { isSubmissionOf, jobDigest, type WrittenEvent } from '../../domain/request.js';
import { digestOfTarget } from '../../domain/target.js';
import type { StoredToken } from '../../ports/tokens.js';
import { jobFacts } from '../job-rights.js';

/** What a decision is judged by, besides the job: each as `authority` itself read it, undefined where there is none. */
export interface Evidence {
  readonly manifest: Manifest | undefined;
  readonly person: ReturnType<People['find']>;
  readonly rights: Rights;
  readonly token: Omit<StoredToken, 'secretSha256'> | undefined;
  readonly submission: WrittenEvent | undefined;
}

/** Why a decision does not count, by a stable code; undefined where it does. The first rule that it breaks. */
export function refusal(
  { job, latest }: JobView,
  row: DecisionRow,
  { manifest, person, rights, token, submission }: Evidence,
): string | undefined {
  if (job.state !== 'awaiting-approval' || !job.plan) return 'not-awaiting-approval';
  if (!manifest || !planIsWhatItSays(job, job.plan, manifest)) return 'plan-changed';
  const { request } = job.plan.plan;
  if (request === undefined && row.decision === 'approve') return 'plan-outdated';
  const asSubmitted = submission !== undefined && isSubmissionOf(job, submission);
  if (!asSubmitted || (request !== undefined && request !== jobDigest(job))) return 'request-changed';
  if (row.planDigest !== job.plan.digest) return 'plan-changed';
  if (latest >= job.plan.expiresAt) return 'approval-expired';
  if (!person) return 'not-an-approver';
  const asked = { action: 'decide', ...jobFacts(person, job, manifest) } as const;
  if (rights.denial({ ...asked, approves: false })) return 'not-an-approver';
  if (!manifest.approval.roles.some((role) => person.roles.some((own) => own === role))) return 'not-an-approver';
  if (rights.denial({ ...asked, approves: row.decision === 'approve' })) return 'own-request';
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
