import { NOT_ADMITTED, type NotAdmitted } from '../../domain/admission.js';
import type { KeyProof, KeyProofCode } from '../../domain/decision-proof.js';
import { notBeforeOf, withinWindow } from '../../domain/job-window.js';
import type { Job, OnFailure } from '../../domain/job.js';
import type { Actor } from '../../domain/people.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { durationMs } from '../../domain/time.js';
import type { DecisionRow, Move } from '../../domain/move.js';
import type { TransitionFailure } from '../../ports/job-store.js';
import type { ApiContext } from '../api-context.js';
import { jobFacts } from '../job-rights.js';

export interface DecisionRequest {
  readonly decision: 'approve' | 'reject';
  /** The digest of the plan that the person saw. */
  readonly planDigest: string;
  readonly reason: string;
  readonly executeBy?: Date;
  readonly onFailure?: OnFailure;
  /** The signature of the person's own key; without it the token is the proof. */
  readonly proof?: KeyProof;
}

export type DecisionFailure =
  | Denial
  | TransitionFailure
  | {
      readonly kind:
        | 'own-request'
        | 'request-changed'
        | 'plan-outdated'
        | 'not-an-approver'
        | 'proof-invalid'
        | 'service-token'
        | 'approval-expired'
        | 'execute-by'
        | KeyProofCode
        | 'key-required'
        | 'decision-replayed'
        | 'decision-stale'
        | 'of-a-rollout'
        | 'scan-only';
    }
  | { readonly kind: 'not-awaiting-approval'; readonly state: Job['state'] }
  | { readonly kind: NotAdmitted['code']; readonly why?: string }
  | { readonly kind: 'plan-changed'; readonly current: string };

const JUDGED_WITHIN_MS = 5000;
/** A notification may be lost: the decision is read this often without one (milliseconds). */
const LOOK_MS = 1000;

/**
 * Records what an approver decided about exactly the plan they saw. It grants nothing: `authority` judges the row and signs. Waits a
 * little for that, so that the caller sees where the job went.
 */
export async function recordDecision(
  context: ApiContext,
  actor: Actor,
  jobId: string,
  request: DecisionRequest,
): Promise<Result<Job, DecisionFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const job = await context.jobs.get(jobId);
  if (!job) return fail({ kind: 'job-not-found' });
  if (job.kind === 'scan') return fail({ kind: 'scan-only' });
  if (job.rollout !== undefined) return fail({ kind: 'of-a-rollout' });
  const manifest = await context.catalogue.manifest(job.runbook.contentDigest);
  const rights = await context.rights.read();
  const asked = { action: 'decide', ...jobFacts(actor.person, job, manifest) } as const;
  // A rejection is what every approver may do; whether this is an own request is judged below, where the job is known to wait for it.
  if (!manifest || rights.denial({ ...asked, approves: false })) return fail({ kind: 'not-an-approver' });
  const { approval } = manifest;
  if (!approval.roles.some((role) => actor.person.roles.some((own) => own === role)))
    return fail({ kind: 'not-an-approver' });
  const id = context.newId();
  const decided = await context.jobs.transition<DecisionFailure>(jobId, (view) => {
    const { job: current, now, latest: over } = view;
    if (current.state !== 'awaiting-approval' || !current.plan) {
      return fail({ kind: 'not-awaiting-approval', state: current.state });
    }
    if (rights.denial({ ...asked, approves: request.decision === 'approve' })) return fail({ kind: 'own-request' });
    if (request.planDigest !== current.plan.digest) return fail({ kind: 'plan-changed', current: current.plan.digest });
    if (over >= current.plan.expiresAt) return fail({ kind: 'approval-expired' });
    const begin = notBeforeOf(current.window, now);
    const end = withinWindow(current.window, new Date(begin.getTime() + durationMs(approval.executeWithin)));
    if (request.executeBy && (request.executeBy <= begin || request.executeBy > end)) {
      return fail({ kind: 'execute-by' });
    }
    const row: DecisionRow = {
      id,
      job: jobId,
      planDigest: request.planDigest,
      decision: request.decision,
      person: actor.person,
      reason: request.reason,
      proof: request.proof ?? { kind: 'token', tokenId: actor.tokenId },
      decidedAt: now,
      status: 'pending',
      ...(request.executeBy ? { executeBy: request.executeBy } : {}),
      ...(request.onFailure ? { onFailure: request.onFailure } : {}),
    };
    return ok<Move>({
      to: 'awaiting-approval',
      events: [],
      writes: [{ kind: 'decision', row }],
      wakeAt: current.plan.expiresAt,
    });
  });
  return decided.ok ? judged(context, jobId, id, decided.value) : decided;
}

async function judged(
  context: ApiContext,
  jobId: string,
  decisionId: string,
  recorded: Job,
): Promise<Result<Job, DecisionFailure>> {
  const deadline = performance.now() + JUDGED_WITHIN_MS;
  const done = new AbortController();
  try {
    for (let left = JUDGED_WITHIN_MS; left > 0; left = deadline - performance.now()) {
      // Listens before it looks: a change between the two is not missed.
      const changed = context.feed.changed(jobId, Math.min(left, LOOK_MS), done.signal);
      const view = await context.jobs.view(jobId);
      const row = view?.decisions.find(({ id }) => id === decisionId);
      if (view && row && row.status === 'accepted') return ok(view.job);
      if (view && row?.status === 'refused') return fail(refusalOf(row.code ?? 'not-an-approver', view.job));
      await changed;
    }
  } finally {
    done.abort();
  }
  // Recorded and not lost: authority judges it when it is up again.
  return ok(recorded);
}

/** What the person reads of the reason for which authority refused the decision. */
export function refusalOf(code: string, job: Job): DecisionFailure {
  const notAdmitted = NOT_ADMITTED.find((each) => each === code);
  if (notAdmitted !== undefined) return { kind: notAdmitted };
  switch (code) {
    case 'own-request':
    case 'proof-invalid':
    case 'request-changed':
    case 'plan-outdated':
    case 'approval-expired':
    case 'key-unknown':
    case 'key-revoked':
    case 'signature-invalid':
    case 'key-required':
    case 'decision-replayed':
    case 'decision-stale':
    case 'of-a-rollout':
      return { kind: code };
    case 'plan-changed':
      return { kind: code, current: job.plan?.digest ?? '' };
    case 'not-awaiting-approval':
      return { kind: code, state: job.state };
    default:
      return { kind: 'not-an-approver' };
  }
}
