import { reasonDigest, type Salt } from '../../domain/digest.js';
import {
  changeClasses,
  grantBytes,
  type Grant,
  type GrantedApproval,
  type GrantedRollout,
  type GrantedStanding,
  type SignedGrant,
} from '../../domain/grant.js';
import { notBeforeOf, withinWindow, type JobWindow } from '../../domain/job-window.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import type { DecisionRow } from '../../domain/move.js';
import { jobDigest } from '../../domain/request.js';
import { durationMs, utcText } from '../../domain/time.js';
import type { GrantSigner } from '../../ports/grants.js';

/** Longest time to execute after approval where nobody asked for more: 60 minutes. */
const DEFAULT_EXECUTE_MS = 60 * 60_000;

/** An approval that was judged; one that was signed with the id of the registration of its key. */
export interface ProvenDecision {
  readonly row: Pick<DecisionRow, 'person' | 'decidedAt' | 'reason' | 'proof' | 'executeBy' | 'onFailure'>;
  readonly registration?: string;
}

interface GrantMaker {
  readonly signer: GrantSigner;
  readonly newId: () => string;
}

/**
 * The earliest end that an approver set, within the manifest's and the window of the request. Where nobody set one: the end of the window,
 * 60 minutes without one.
 */
export function earliestExecuteBy(
  accepted: readonly Pick<DecisionRow, 'executeBy'>[],
  manifest: Manifest,
  now: Date,
  window?: JobWindow,
): Date {
  const begin = notBeforeOf(window, now).getTime();
  const most = withinWindow(window, new Date(begin + durationMs(manifest.approval.executeWithin))).getTime();
  const asked = accepted.flatMap(({ executeBy }) => (executeBy ? [executeBy.getTime()] : []));
  const chosen = asked.length > 0 ? Math.min(...asked) : window ? most : begin + DEFAULT_EXECUTE_MS;
  return new Date(Math.min(chosen, most));
}

/** The signed grant of an approved plan: everything that the worker compares before it runs. */
export function makeGrant(
  { newId, signer }: GrantMaker,
  job: Job,
  made: MadePlan,
  manifest: Manifest,
  approvals: readonly GrantedApproval[],
  policySha256: string,
  now: Date,
  executeBy: Date,
  onFailure: Grant['onFailure'],
  { rollout, standing }: { readonly rollout?: GrantedRollout; readonly standing?: GrantedStanding } = {},
): SignedGrant {
  // Whoever decided what before: nothing is ever signed for a job that only reads.
  if (job.kind === 'scan') throw new Error(`job ${job.id} is a scan: it gets no grant`);
  const { detect, apply } = job.target.credentials;
  const grant: Grant = {
    v: rollout === undefined ? 2 : 3,
    jti: newId(),
    aud: job.pool,
    job: job.id,
    runbook: { id: job.runbook.id, version: job.runbook.version, contentSha256: job.runbook.contentDigest },
    kind: job.kind,
    requestSha256: jobDigest(job),
    parametersSha256: made.plan.parameters,
    target: { id: job.target.id, name: job.target.name, tier: job.target.tier },
    targetSha256: job.targetDigest,
    planSha256: made.digest,
    locks: made.plan.locks,
    credentials: { detect, apply, scopeSha256: made.credentialScope },
    changeClasses: changeClasses(made.plan.changes, manifest),
    onFailure,
    limits: { maxChanges: made.plan.changes.length },
    ticket: job.ticket ?? null,
    requester: job.requester,
    approvals,
    ...(standing ? { standing } : {}),
    policySha256,
    notBefore: utcText(notBeforeOf(job.window, now)),
    executeBy: utcText(executeBy),
    maxExecutions: 1,
    kid: signer.kid,
    ...(rollout === undefined ? {} : { rollout }),
  };
  const bytes = grantBytes(grant);
  return { jti: grant.jti, job: job.id, bytes, signature: signer.sign(bytes), kid: grant.kid };
}

/** An approval as it stands in a grant. `salt`: of the job or the rollout that was decided on. */
export function approvalOf(proven: ProvenDecision, salt: Salt): GrantedApproval {
  const { person, decidedAt, reason } = proven.row;
  return {
    person,
    decidedAt: utcText(decidedAt),
    reasonSha256: reasonDigest(reason, salt),
    proof: grantedProof(proven),
  };
}

/** The proof of a decision with what is needed to verify it elsewhere. */
export function grantedProof({ row, registration = '' }: ProvenDecision): GrantedApproval['proof'] {
  const { proof, executeBy, onFailure = null } = row;
  if (proof.kind === 'token') return proof;
  return { ...proof, registration, executeBy: executeBy ? utcText(executeBy) : null, onFailure };
}
