import { bundleFault } from '../../domain/bundle.js';
import { keyProofProblem, type RegisteredKey } from '../../domain/decision-proof.js';
import { reasonDigest } from '../../domain/digest.js';
import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import type { DecisionRow, JobView, Move, Write } from '../../domain/move.js';
import { ended, noted, queued } from '../../domain/moves.js';
import { runbookFacts } from '../../domain/policy/request.js';
import { grantPolicyDigest, type Rights } from '../../domain/policy/rights.js';
import { approvalsRequired, planRisk } from '../../domain/plan.js';
import { ok } from '../../domain/result.js';
import { utcText } from '../../domain/time.js';
import { inJob } from '../../platform/spans.js';
import type { Catalogue } from '../../ports/catalogue.js';
import type { AuditLog } from '../../ports/audit-log.js';
import type { PersonKeys, PersonKeySigner, PersonKeyVerifier } from '../../ports/person-keys.js';
import type { GrantSigner } from '../../ports/grants.js';
import type { JobStore } from '../../ports/job-store.js';
import type { PeopleSource } from '../../ports/people.js';
import type { RightsSource } from '../../ports/rights.js';
import type { StoredToken } from '../../ports/tokens.js';
import { asKnown } from '../as-known.js';
import { personEvent, serviceEvent } from '../facts.js';
import { admissionOf, admittedTarget, type AdmissionContext } from '../in-force.js';
import { registeredKey } from '../keys/registered-key.js';
import { approvalOf, earliestExecuteBy, grantedProof, makeGrant, type ProvenDecision } from './make-grant.js';
import { decidedFacts, refusal } from './refusal.js';

/** What `authority` needs. It holds the only private key and reads decisions as rows, by its own role. */
export interface AuthorityContext extends AdmissionContext {
  readonly jobs: JobStore;
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly tokens: { find(id: string): Promise<Omit<StoredToken, 'secretSha256'> | undefined> };
  readonly audit: Pick<AuditLog, 'submission'>;
  readonly signer: GrantSigner;
  readonly keys: PersonKeys;
  readonly registrations: PersonKeySigner & PersonKeyVerifier;
  /** Whether only decisions count that were signed with a person's own key: in production. */
  readonly keyRequired: boolean;
  readonly newId: () => string;
}

/**
 * Judges one decision row. The manifest (from bytes whose digest it recomputes), the plan bytes, the people file, the policy and
 * the token are what counts; columns are claims. An approval that completes the quorum becomes a signed grant.
 */
export async function authoriseDecision(context: AuthorityContext, decision: DecisionRow): Promise<void> {
  const job = await context.jobs.get(decision.job);
  if (!job) return;
  await inJob(job, 'job.judge', () => judge(context, decision, job));
}

async function judge(context: AuthorityContext, decision: DecisionRow, job: Job): Promise<void> {
  const people = await context.people.read();
  const rights = await context.rights.read();
  const policy = { rights, digest: grantPolicyDigest(people, rights) };
  const manifest = await trustedManifest(context, job);
  const person = people.find(decision.person.id);
  const { proof } = decision;
  const token = proof.kind === 'token' ? await context.tokens.find(proof.tokenId) : undefined;
  const isNonceUsed = proof.kind === 'key' && (await context.keys.isNonceUsed(proof.nonce));
  const keys = await keysOf(context, job.id);
  const submission = await context.audit.submission(job.id);
  const admission = await admissionOf(context, job.runbook.contentDigest);
  const target = await admittedTarget(context, job.target);
  await context.jobs.transition(job.id, (stored) => {
    const view = { ...stored, decisions: stored.decisions.map((each) => asKnown(each, people)) };
    const row = view.decisions.find(({ id }) => id === decision.id);
    if (!row || row.status !== 'pending') return ok(noted(view.job, {}));
    const signed = row.proof.kind === 'key' ? { registered: keys.get(row.proof.kid), isNonceUsed } : undefined;
    const evidence = {
      manifest,
      person,
      rights,
      token,
      submission,
      admission,
      target,
      keyRequired: context.keyRequired,
    };
    const code = refusal(view, row, { ...evidence, ...(signed ? { signed } : {}) });
    if (code !== undefined || !manifest) return ok(refuse(context, view, row, code ?? 'plan-changed'));
    return ok(
      row.decision === 'reject'
        ? reject(context, view, row, keys)
        : approve(context, view, row, manifest, policy, keys),
    );
  });
}

type Keys = ReadonlyMap<string, RegisteredKey>;

/** The keys that the decisions of a job name, by kid, each with its registration verified. */
async function keysOf(context: AuthorityContext, job: string): Promise<Keys> {
  const keys = new Map<string, RegisteredKey>();
  for (const { proof } of (await context.jobs.view(job))?.decisions ?? []) {
    const found = proof.kind === 'key' ? await registeredKey(context, { kid: proof.kid }) : undefined;
    if (found) keys.set(found.key.kid, found);
  }
  return keys;
}

/** An earlier approval, verified anew: that its row says accepted proves nothing. Undefined where it does not count any more. */
function stillProven(context: AuthorityContext, { job }: JobView, row: DecisionRow, keys: Keys) {
  const { proof, person } = row;
  if (proof.kind === 'token') return context.keyRequired ? undefined : { row };
  const registered = keys.get(proof.kid);
  return keyProofProblem(proof, decidedFacts(row, job), person.id, registered) === undefined
    ? provenBy(row, keys)
    : undefined;
}

function provenBy(row: DecisionRow, keys: Keys): ProvenDecision {
  const registration = row.proof.kind === 'key' ? keys.get(row.proof.kid)?.key.id : undefined;
  return { row, ...(registration === undefined ? {} : { registration }) };
}

/** What judging a decision writes: a signature is used up, so that one that was refused is not judged again once it would be accepted. */
function judgedAs(row: DecisionRow, status: 'accepted' | 'refused', code?: string): Write {
  const nonce = row.proof.kind === 'key' ? { nonce: row.proof.nonce } : {};
  return { kind: 'judge', decision: row.id, status, ...(code === undefined ? {} : { code }), ...nonce };
}

/** The manifest of a job's runbook, from bytes whose digest is recomputed here. */
export async function trustedManifest(context: AuthorityContext, job: Job): Promise<Manifest | undefined> {
  const bundle = await context.catalogue.get(job.runbook.contentDigest);
  if (!bundle || bundleFault(bundle, job.runbook.contentDigest)) return undefined;
  return bundle.manifest.id === job.runbook.id ? bundle.manifest : undefined;
}

function refuse(context: AuthorityContext, view: JobView, row: DecisionRow, code: string): Move {
  const data = { decision: row.id, person: row.person.id, code };
  return noted(view.job, {
    events: [serviceEvent(context.newId, 'authority', 'job.decision-refused', view.job, { outcome: 'denied', data })],
    writes: [judgedAs(row, 'refused', code)],
  });
}

function reject(context: AuthorityContext, { job }: JobView, row: DecisionRow, keys: Keys): Move {
  const data = {
    decision: row.id,
    planSha256: row.planDigest,
    reasonSha256: reasonDigest(row.reason, job.salt),
    // An export is verified with it, as an approval is with its grant.
    proof: { ...grantedProof(provenBy(row, keys)) },
  };
  return ended(
    'rejected',
    { code: 'rejected', detail: `${row.person.name}: ${row.reason}` },
    {
      events: [personEvent(context.newId, row.person, 'job.rejected', job, { data })],
      writes: [judgedAs(row, 'accepted')],
    },
  );
}

/** `digest`: of the people and the policy by which the decision is judged. */
function approve(
  context: AuthorityContext,
  view: JobView,
  row: DecisionRow,
  manifest: Manifest,
  { rights, digest: policyDigest }: { readonly rights: Rights; readonly digest: string },
  keys: Keys,
): Move {
  const { job, now } = view;
  const plan = job.plan as MadePlan;
  const earlier = view.decisions.filter(
    ({ status, decision, planDigest: digest, person }) =>
      status === 'accepted' && decision === 'approve' && digest === plan.digest && person.id !== row.person.id,
  );
  const approvals = [...earlier.flatMap((each) => stillProven(context, view, each, keys) ?? []), provenBy(row, keys)];
  const about = { target: job.target, runbook: runbookFacts(manifest) };
  const needed = rights.approvals(approvalsRequired(plan.plan.changes, manifest), about);
  const data = {
    decision: row.id,
    decided: row.decision,
    planSha256: plan.digest,
    approvals: approvals.length,
    needed,
    proof: row.proof.kind,
  };
  const decided = personEvent(context.newId, row.person, 'job.decided', job, { data });
  const judged = judgedAs(row, 'accepted');
  if (approvals.length < needed) {
    return noted(job, { events: [decided], writes: [judged] });
  }
  const executeBy = earliestExecuteBy(
    approvals.map((each) => each.row),
    manifest,
    now,
    job.window,
  );
  const onFailure = row.onFailure ?? manifest.onFailure;
  const signedBy = approvals.map((each) => approvalOf(each, job.salt));
  const grant = makeGrant(context, job, plan, manifest, signedBy, policyDigest, now, executeBy, onFailure);
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
  return queued(2, {
    set: { grantJti: grant.jti, executeBy, onFailure, until: null },
    events: [decided, serviceEvent(context.newId, 'authority', 'job.approved', job, { data: approved })],
    writes: [judged, { kind: 'grant', grant }],
  });
}
