import { bundleDigest } from '../../domain/bundle.js';
import { parametersDigest, reasonDigest, sha256 } from '../../domain/digest.js';
import { grantBytes, type Grant, type GrantedApproval, type SignedGrant } from '../../domain/grant.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import { authorise, type People } from '../../domain/people.js';
import { approvalsRequired, planBytes, planDigest, planRisk, type Plan } from '../../domain/plan.js';
import { ok } from '../../domain/result.js';
import { digestOfTarget } from '../../domain/target.js';
import { durationMs, utcText } from '../../domain/time.js';
import type { DecisionRow, JobView, Move } from '../../domain/move.js';
import type { JobStore } from '../../ports/job-store.js';
import type { Catalogue } from '../../ports/catalogue.js';
import type { StoredToken } from '../../ports/tokens.js';
import type { GrantSigner } from '../../ports/grants.js';
import type { PeopleSource } from '../../ports/people.js';
import { personFact, serviceFact } from '../facts.js';
import { inJob } from '../../platform/spans.js';

/** What `authority` needs. It holds the only private key and reads decisions as rows, by its own role. */
export interface AuthorityContext {
  readonly jobs: JobStore;
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly people: PeopleSource;
  readonly tokens: { find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> };
  readonly signer: GrantSigner;
  readonly newId: () => string;
}

/** Longest time to execute after approval where nobody asked for more: 60 minutes. */
const DEFAULT_EXECUTE_MS = 60 * 60_000;

/**
 * Judges one decision row. The manifest (from bytes whose digest it recomputes), the plan bytes, the people file and the token are
 * what counts; columns are claims. An approval that completes the quorum becomes a signed grant.
 */
export async function judgeDecision(context: AuthorityContext, decision: DecisionRow): Promise<void> {
  const job = await context.jobs.get(decision.job);
  if (!job) return;
  await inJob(job, 'job.judge', () => judge(context, decision, job));
}

async function judge(context: AuthorityContext, decision: DecisionRow, job: Job): Promise<void> {
  const people = await context.people.read();
  const manifest = await trustedManifest(context, job);
  const person = people.find(decision.person.id);
  const token = await context.tokens.find(decision.proof.tokenId);
  await context.jobs.transition(job.id, (view) => {
    const row = view.decisions.find(({ id }) => id === decision.id);
    if (!row || row.status !== 'pending') return ok<Move>({ to: view.job.state, events: [], ...keepWake(view) });
    const code = refusal(view, row, manifest, person, token);
    if (code !== undefined || !manifest) return ok(refuse(context, view, row, code ?? 'runbook-changed'));
    return ok(row.decision === 'reject' ? reject(context, view, row) : approve(context, view, row, manifest, people));
  });
}

async function trustedManifest(context: AuthorityContext, job: Job): Promise<Manifest | undefined> {
  const bundle = await context.catalogue.get(job.runbook.contentDigest);
  if (!bundle || bundleDigest(bundle) !== job.runbook.contentDigest) return undefined;
  if (bundle.files.some((file) => sha256(file.text) !== file.sha256)) return undefined;
  return bundle.manifest.id === job.runbook.id ? bundle.manifest : undefined;
}

function refusal(
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
    plan.runbook === job.runbook.contentDigest &&
    plan.parameters === parametersDigest(job.parameters, job.supplied) &&
    plan.target === job.targetDigest &&
    digestOfTarget(job.target) === job.targetDigest &&
    plan.changes.length > 0 &&
    plan.changes.every(({ action }) => Object.hasOwn(manifest.actions, action))
  );
}

function refuse(context: AuthorityContext, view: JobView, row: DecisionRow, code: string): Move {
  const data = { decision: row.id, person: row.person.id, code };
  return {
    to: view.job.state,
    events: [serviceFact(context.newId, 'authority', 'job.decision-refused', view.job, { outcome: 'denied', data })],
    writes: [{ kind: 'judge', decision: row.id, status: 'refused', code }],
    ...keepWake(view),
  };
}

function reject(context: AuthorityContext, { job }: JobView, row: DecisionRow): Move {
  const data = { decision: row.id, planSha256: row.planDigest, reasonSha256: reasonDigest(row.reason) };
  return {
    to: 'rejected',
    set: { code: 'rejected', detail: `${row.person.name}: ${row.reason}` },
    events: [personFact(context.newId, row.person, 'job.rejected', job, { data })],
    writes: [{ kind: 'judge', decision: row.id, status: 'accepted' }],
  };
}

function approve(context: AuthorityContext, view: JobView, row: DecisionRow, manifest: Manifest, people: People): Move {
  const { job, now } = view;
  const plan = job.plan as MadePlan;
  const accepted = [
    ...view.decisions.filter(
      ({ status, decision, planDigest: digest, person }) =>
        status === 'accepted' && decision === 'approve' && digest === plan.digest && person.id !== row.person.id,
    ),
    row,
  ];
  const needed = approvalsRequired(plan.plan.changes, manifest);
  const data = { decision: row.id, planSha256: plan.digest, approvals: accepted.length, needed };
  const decided = personFact(context.newId, row.person, 'job.decided', job, { data });
  const judged = { kind: 'judge', decision: row.id, status: 'accepted' } as const;
  if (accepted.length < needed) {
    return { to: 'awaiting-approval', events: [decided], writes: [judged], ...keepWake(view) };
  }
  const executeBy = earliestExecuteBy(accepted, manifest, now);
  const onFailure = row.onFailure ?? manifest.onFailure;
  const grant = makeGrant(context, job, plan, manifest, accepted, people.digest, now, executeBy, onFailure);
  // The signed bytes stand in the audit log, so that an export can be verified with the public key alone.
  const approved = {
    grant: grant.bytes,
    signature: grant.signature,
    kid: grant.kid,
    jti: grant.jti,
    planSha256: plan.digest,
    executeBy: utcText(executeBy),
    risk: planRisk(plan.plan.changes, manifest),
  };
  return {
    to: 'queued',
    set: { grantJti: grant.jti, executeBy, onFailure, code: null, detail: null, until: null, nextTryAt: null },
    events: [decided, serviceFact(context.newId, 'authority', 'job.approved', job, { data: approved })],
    writes: [judged, { kind: 'grant', grant }],
    message: { priority: 2 },
  };
}

/** The narrowest window that an approver set, within the manifest's; 60 minutes where nobody set one. */
function earliestExecuteBy(accepted: readonly DecisionRow[], manifest: Manifest, now: Date): Date {
  const most = now.getTime() + durationMs(manifest.approval.executeWithin);
  const asked = accepted.flatMap(({ executeBy }) => (executeBy ? [executeBy.getTime()] : []));
  const chosen = asked.length > 0 ? Math.min(...asked) : now.getTime() + DEFAULT_EXECUTE_MS;
  return new Date(Math.min(chosen, most));
}

function makeGrant(
  context: AuthorityContext,
  job: Job,
  made: MadePlan,
  manifest: Manifest,
  accepted: readonly DecisionRow[],
  policySha256: string,
  now: Date,
  executeBy: Date,
  onFailure: Grant['onFailure'],
): SignedGrant {
  const { detect, apply } = job.target.credentials;
  const classes = new Set(made.plan.changes.map(({ action }) => manifest.actions[action]?.class ?? 'irreversible'));
  const grant: Grant = {
    v: 1,
    jti: context.newId(),
    aud: job.pool,
    job: job.id,
    runbook: { id: job.runbook.id, version: job.runbook.version, contentSha256: job.runbook.contentDigest },
    parametersSha256: made.plan.parameters,
    target: { id: job.target.id, name: job.target.name, tier: job.target.tier },
    targetSha256: job.targetDigest,
    planSha256: made.digest,
    locks: made.plan.locks,
    credentials: { detect, apply, scopeSha256: made.credentialScope },
    changeClasses: [...classes].sort(),
    onFailure,
    limits: { maxChanges: made.plan.changes.length },
    ticket: job.ticket ?? null,
    requester: job.requester,
    approvals: accepted.map(approvalOf),
    policySha256,
    notBefore: utcText(now),
    executeBy: utcText(executeBy),
    maxExecutions: 1,
    kid: context.signer.kid,
  };
  const bytes = grantBytes(grant);
  return { jti: grant.jti, job: job.id, bytes, signature: context.signer.sign(bytes), kid: grant.kid };
}

function approvalOf(row: DecisionRow): GrantedApproval {
  const { person, decidedAt, reason, proof } = row;
  return { person, decidedAt: utcText(decidedAt), reasonSha256: reasonDigest(reason), proof };
}

/** Staying where it is must not put off the expiry. */
function keepWake({ job }: JobView): { readonly wakeAt?: Date } {
  return job.state === 'awaiting-approval' && job.plan ? { wakeAt: job.plan.expiresAt } : {};
}
