import type { Code } from '../../../domain/codes/index.js';
import { changeClasses } from '../../../domain/grant.js';
import { reasonDigest } from '../../../domain/digest.js';
import type { Manifest, Risk } from '../../../domain/manifest.js';
import { RISKS } from '../../../domain/manifest.js';
import { approvalsRequired, planRisk } from '../../../domain/plan.js';
import { runbookFacts } from '../../../domain/policy/request.js';
import { grantPolicyDigest, type Rights } from '../../../domain/policy/rights.js';
import { declarationValue } from '../../../domain/rollouts/declaration.js';
import { declarationProblems } from '../../../domain/rollouts/declaration-problems.js';
import { approvalsForList, mostItems } from '../../../domain/rollouts/limits.js';
import { rolloutDigest } from '../../../domain/rollouts/request.js';
import { rolloutGrantBytes, type RolloutGrant, type SignedRolloutGrant } from '../../../domain/rollout-grant.js';
import type { PlanList } from '../../../domain/rollout-list.js';
import { decidableUntil } from '../../../domain/rollout-window.js';
import { durationMs, utcText } from '../../../domain/time.js';
import type { Judgement, RolloutDecision, RolloutRecord } from '../../../ports/rollouts.js';
import { approvalOf, grantedProof, type ProvenDecision } from '../../decide/make-grant.js';
import { personEvent, serviceEvent } from '../../facts.js';
import { jobFacts } from '../../job-rights.js';
import type { RolloutAuthority } from './context.js';
import { itemProblem, listOf, manifestOf, requestProblem, type Planned } from './listed-jobs.js';
import { aboutList, nonceOf, proofProblem, provenDecision } from './proof.js';

/** What a decision about a list is judged by, once the list itself holds. */
interface Listed {
  readonly list: PlanList;
  readonly jobs: readonly Planned[];
  readonly manifest: Manifest;
  readonly rights: Rights;
}

/** Judges an approval or a rejection of a list. The rows are claims: list, plans, people, policy and proof are looked at here. */
export async function judgeList(
  context: RolloutAuthority,
  record: RolloutRecord,
  row: RolloutDecision,
): Promise<Judgement | Code> {
  const { rollout, stops } = record;
  if (rollout.status !== 'open' || stops.some(({ kind }) => kind === 'abort')) return 'not-awaiting-approval';
  const changed = await requestProblem(context, record);
  if (changed !== undefined) return changed;
  const list = listOf(await context.rollouts.planList(rollout.id, row.root ?? ''), row.root);
  const manifest = await manifestOf(context, rollout.runbook);
  if (!list || !manifest) return 'plan-changed';
  const jobs = await plannedJobs(context, record, list);
  if (!jobs) return 'plan-changed';
  const listed = { list, jobs, manifest, rights: await context.rights.read() };
  const problem =
    (row.kind === 'approve' ? await approvalProblem(context, record, listed) : undefined) ??
    (await deciderProblem(context, row, listed)) ??
    (await proofProblem(context, row, aboutList(rollout, list.length), true));
  if (problem !== undefined) return problem;
  return row.kind === 'approve' ? approve(context, record, row, listed) : reject(context, record, row, listed);
}

/** The jobs of a list with the plans that it names; undefined where one has another by now, or waits no longer. */
async function plannedJobs(
  { jobs }: Pick<RolloutAuthority, 'jobs'>,
  { items }: RolloutRecord,
  list: PlanList,
): Promise<readonly Planned[] | undefined> {
  const planned: Planned[] = [];
  for (const { index, job: id, plan: digest } of list) {
    const item = items[index];
    if (item?.job.id !== id || item.planDigest !== digest) return undefined;
    const job = await jobs.get(id);
    const { plan } = job ?? {};
    if (!job || plan?.digest !== digest || job.state !== 'awaiting-approval') return undefined;
    planned.push({ ...job, plan });
  }
  return planned;
}

/** Why these plans may not be approved together, whoever decides. */
async function approvalProblem(
  context: RolloutAuthority,
  { rollout, now }: RolloutRecord,
  { jobs, manifest }: Listed,
): Promise<Code | undefined> {
  // The row is the API's. Its limits hold for the list that is approved, which may be shorter than the one that was submitted.
  if (declarationProblems(rollout.declaration, jobs.length).length > 0) return 'declaration-refused';
  for (const job of jobs) {
    const problem = await itemProblem(context, job, manifest, rollout.rollbackOf);
    if (problem !== undefined) return problem;
    if (now >= decidableUntil(job, job.plan)) return 'approval-expired';
  }
  return jobs.length > mostItems(highestRisk(jobs, manifest)) ? 'rollout-too-large' : undefined;
}

const highestRisk = (jobs: readonly Planned[], manifest: Manifest): Risk =>
  RISKS[Math.max(0, ...jobs.map(({ plan }) => RISKS.indexOf(planRisk(plan.plan.changes, manifest))))] ?? 'R3';

/** Why this person may not decide about every item. */
async function deciderProblem(
  { people }: Pick<RolloutAuthority, 'people'>,
  row: RolloutDecision,
  { jobs, manifest, rights }: Listed,
): Promise<Code | undefined> {
  const person = (await people.read()).find(row.person.id);
  if (!person) return 'not-an-approver';
  if (!manifest.approval.roles.some((role) => person.roles.some((own) => own === role))) return 'not-an-approver';
  const approves = row.kind === 'approve';
  for (const job of jobs) {
    const asked = { action: 'decide', ...jobFacts(person, job, manifest) } as const;
    if (rights.denial({ ...asked, approves: false })) return 'not-an-approver';
    if (rights.denial({ ...asked, approves })) return 'own-request';
  }
  return undefined;
}

/** Approvers that a list needs: by its plans, by the policy, and by how many there are. */
export function approvalsNeeded({ jobs, manifest, rights }: Omit<Listed, 'list'>): number {
  const runbook = runbookFacts(manifest);
  const demanded = jobs.map(({ plan, target }) =>
    rights.approvals(approvalsRequired(plan.plan.changes, manifest), { target, runbook }),
  );
  return approvalsForList(jobs.length, Math.max(0, ...demanded));
}

async function approve(
  context: RolloutAuthority,
  record: RolloutRecord,
  row: RolloutDecision,
  listed: Listed,
): Promise<Judgement> {
  const { rollout } = record;
  const { list } = listed;
  const approvals = [...(await earlierApprovals(context, record, row, list)), await provenDecision(context, row)];
  const needed = approvalsNeeded(listed);
  const data = {
    ...{ rollout: rollout.id, decision: row.id, decided: 'approve', root: row.root ?? '', count: list.length },
    ...{ approvals: approvals.length, needed, proof: row.proof.kind },
  };
  const decided = personEvent(context.newId, row.person, 'rollout.decided', undefined, { data });
  const judged = { status: 'accepted', ...nonceOf(row) } as const;
  if (approvals.length < needed) return { ...judged, events: [decided] };
  const grant = await makeRolloutGrant(context, record, row, listed, approvals);
  const approved = {
    ...{ rollout: rollout.id, rolloutSha256: rolloutDigest(rollout), root: row.root ?? '', count: list.length },
    // The signed bytes stand in the log, so that an export can be verified with the public key alone.
    ...{ grant: grant.bytes, signature: grant.signature, kid: grant.kid, jti: grant.jti },
  };
  const event = serviceEvent(context.newId, 'authority', 'rollout.approved', undefined, { data: approved });
  return { ...judged, grant, rollout: { status: 'running' }, events: [decided, event] };
}

/** Earlier approvals of the same list by others, each verified anew: that its row says accepted proves nothing. */
async function earlierApprovals(
  context: RolloutAuthority,
  { rollout, decisions }: RolloutRecord,
  row: RolloutDecision,
  list: PlanList,
): Promise<readonly ProvenDecision[]> {
  const found: ProvenDecision[] = [];
  for (const one of decisions) {
    const counts = one.status === 'accepted' && one.kind === 'approve' && one.root === row.root;
    if (!counts || one.person.id === row.person.id) continue;
    const problem = await proofProblem(context, one, aboutList(rollout, list.length), false);
    if (problem === undefined) found.push(await provenDecision(context, one));
  }
  return found;
}

async function makeRolloutGrant(
  context: RolloutAuthority,
  { rollout, now }: RolloutRecord,
  row: RolloutDecision,
  listed: Listed,
  approvals: readonly ProvenDecision[],
): Promise<SignedRolloutGrant> {
  const { list, jobs, manifest, rights } = listed;
  const ends = approvals.flatMap((each) => (each.row.executeBy ? [each.row.executeBy.getTime()] : []));
  const until = Math.min(now.getTime() + durationMs(rollout.declaration.window), ...ends);
  const { id, version, contentDigest: contentSha256 } = rollout.runbook;
  const changes = jobs.flatMap(({ plan }) => plan.plan.changes);
  const grant: RolloutGrant = {
    v: 1,
    jti: context.newId(),
    rollout: rollout.id,
    runbook: { id, version, contentSha256 },
    requestSha256: rolloutDigest(rollout),
    ...{ root: row.root ?? '', count: list.length, declaration: declarationValue(rollout.declaration) },
    changeClasses: changeClasses(changes, manifest),
    onFailure: row.onFailure ?? manifest.onFailure,
    requester: rollout.requester,
    approvals: approvals.map((each) => approvalOf(each, rollout.salt)),
    needed: approvalsNeeded(listed),
    policySha256: grantPolicyDigest(await context.people.read(), rights),
    ...{ notBefore: utcText(now), until: utcText(new Date(until)), kid: context.rolloutGrants.kid },
  };
  const bytes = rolloutGrantBytes(grant);
  return {
    jti: grant.jti,
    rollout: rollout.id,
    bytes,
    signature: context.rolloutGrants.signRollout(bytes),
    kid: grant.kid,
  };
}

async function reject(
  context: RolloutAuthority,
  { rollout }: RolloutRecord,
  row: RolloutDecision,
  { list }: Listed,
): Promise<Judgement> {
  const data = {
    ...{ rollout: rollout.id, decision: row.id, root: row.root ?? '', count: list.length },
    // With these an export is verified, as an approval is with its grant.
    ...{ rolloutSha256: rolloutDigest(rollout), reasonSha256: reasonDigest(row.reason, rollout.salt) },
    proof: { ...grantedProof(await provenDecision(context, row)) },
  };
  const event = personEvent(context.newId, row.person, 'rollout.rejected', undefined, { data });
  return { status: 'accepted', ...nonceOf(row), rollout: { status: 'ended', ending: 'rejected' }, events: [event] };
}
