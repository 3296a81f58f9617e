import { plannedUnder, type Admission, type NotAdmitted } from '../../domain/admission.js';
import type { Code } from '../../domain/codes/index.js';
import { canonicalJson } from '../../domain/canonical.js';
import {
  keyProofProblem,
  MOST_SIGNED_APART_MS,
  type DecidedFacts,
  type KeyProof,
  type RegisteredKey,
} from '../../domain/decision-proof.js';
import { parametersDigest, reasonDigest } from '../../domain/digest.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import type { DecisionRow, JobView } from '../../domain/move.js';
import type { People } from '../../domain/people.js';
import type { Rights } from '../../domain/policy/rights.js';
import { planBytes, planDigest, type Plan } from '../../domain/plan.js';
import type { Result } from '../../domain/result.js';
import { isSubmissionOf, jobDigest, type WrittenEvent } from '../../domain/request.js';
import type { TargetNotAdmitted } from '../../domain/subject-admission.js';
import { digestOfTarget } from '../../domain/target.js';
import { utcText } from '../../domain/time.js';
import type { StoredToken } from '../../ports/tokens.js';
import { jobFacts } from '../job-rights.js';

/** What a decision is judged by, besides the job: each as `authority` itself read it, undefined where there is none. */
export interface Evidence {
  readonly manifest: Manifest | undefined;
  readonly person: ReturnType<People['find']>;
  readonly rights: Rights;
  readonly token: Omit<StoredToken, 'secretSha256'> | undefined;
  readonly submission: WrittenEvent | undefined;
  readonly admission: Result<Admission, NotAdmitted>;
  /** Whether the target of the job counts in its form. */
  readonly target: Result<undefined, TargetNotAdmitted>;
  /** Of a signed decision: the key that it names, and whether its nonce was used before. */
  readonly signed?: { readonly registered: RegisteredKey | undefined; readonly isNonceUsed: boolean };
  /** Whether only signed decisions count: in production. */
  readonly keyRequired: boolean;
}

/** Why a plan may not be approved, or started under an approval, whoever decides: the first rule that it breaks. */
export function planProblem(
  job: Job & { readonly plan: MadePlan },
  { manifest, submission, admission, target }: Pick<Evidence, 'manifest' | 'submission' | 'admission' | 'target'>,
  approves = true,
): Code | undefined {
  if (job.kind === 'scan') return 'scan-only';
  if (!manifest || !planIsWhatItSays(job, job.plan, manifest)) return 'plan-changed';
  const { request } = job.plan.plan;
  if (request === undefined && approves) return 'plan-outdated';
  const asSubmitted = submission !== undefined && isSubmissionOf(job, submission);
  if (!asSubmitted || (request !== undefined && request !== jobDigest(job))) return 'request-changed';
  if (!approves) return undefined;
  if (!admission.ok) return admission.error.code;
  if (!target.ok) return target.error.code;
  const said = job.plan.plan.admission;
  // Admitted anew since, or by others than the approver read.
  if (said === undefined || canonicalJson(said) !== canonicalJson(plannedUnder(admission.value)))
    return 'plan-outdated';
  return undefined;
}

/** Why a decision does not count, by a stable code; undefined where it does. The first rule that it breaks. */
export function refusal({ job, latest }: JobView, row: DecisionRow, evidence: Evidence): Code | undefined {
  const { manifest, person, rights, token, signed, keyRequired } = evidence;
  if (job.kind === 'scan') return 'scan-only';
  if (job.rollout !== undefined) return 'of-a-rollout';
  const { plan, state } = job;
  if (state !== 'awaiting-approval' || !plan) return 'not-awaiting-approval';
  const problem = planProblem({ ...job, plan }, evidence, row.decision === 'approve');
  if (problem !== undefined || !manifest) return problem ?? 'plan-changed';
  if (row.planDigest !== plan.digest) return 'plan-changed';
  if (latest >= plan.expiresAt) return 'approval-expired';
  if (!person) return 'not-an-approver';
  const asked = { action: 'decide', ...jobFacts(person, job, manifest) } as const;
  if (rights.denial({ ...asked, approves: false })) return 'not-an-approver';
  if (!manifest.approval.roles.some((role) => person.roles.some((own) => own === role))) return 'not-an-approver';
  if (rights.denial({ ...asked, approves: row.decision === 'approve' })) return 'own-request';
  if (row.proof.kind === 'key') return signatureProblem(job, row, row.proof, person.id, signed);
  if (keyRequired) return 'key-required';
  return isProvenBy(token, person.id, row.decidedAt) ? undefined : 'proof-invalid';
}

/** Whether this token shows that the person was signed in at that time. */
export function isProvenBy(token: Evidence['token'], person: string, at: Date): boolean {
  return (
    token !== undefined &&
    token.kind === 'personal' &&
    token.person === person &&
    token.createdAt <= at &&
    token.expiresAt > at &&
    !(token.revokedAt && token.revokedAt <= at)
  );
}

/** Why the signature of a decision does not count. The row is compared with what was signed, not the other way round. */
function signatureProblem(
  job: Job,
  row: DecisionRow,
  proof: KeyProof,
  person: string,
  signed: Evidence['signed'],
): Code | undefined {
  if (signed?.isNonceUsed === true) return 'decision-replayed';
  const problem = keyProofProblem(proof, decidedFacts(row, job), person, signed?.registered);
  if (problem !== undefined) return problem;
  const apart = Math.abs(row.decidedAt.getTime() - Date.parse(proof.at));
  return apart <= MOST_SIGNED_APART_MS ? undefined : 'decision-stale';
}

/** What a signature of this decision is over. */
export function decidedFacts(row: DecisionRow, { id, salt }: Job): DecidedFacts {
  const { planDigest: digest, decision, reason, executeBy, onFailure = null } = row;
  return {
    ...{ job: id, planDigest: digest, decision, onFailure },
    reasonDigest: reasonDigest(reason, salt),
    executeBy: executeBy ? utcText(executeBy) : null,
  };
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
