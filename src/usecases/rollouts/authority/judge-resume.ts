import type { Code } from '../../../domain/codes/index.js';
import type { Salt } from '../../../domain/digest.js';
import type { Manifest } from '../../../domain/manifest.js';
import { overBudget } from '../../../domain/rollouts/next-step.js';
import { approvalsToResume, needsApprover, sayingTheSame } from '../../../domain/rollouts/resume.js';
import type { Judgement, RolloutDecision, RolloutRecord } from '../../../ports/rollouts.js';
import { approvalOf } from '../../decide/make-grant.js';
import { personEvent } from '../../facts.js';
import { jobFacts } from '../../job-rights.js';
import type { RolloutAuthority } from './context.js';
import { manifestOf } from './listed-jobs.js';
import { aboutPauses, nonceOf, proofProblem, provenDecision } from './proof.js';
import { runningGrant, type Running } from './running.js';
import { viewOf } from './view.js';

/**
 * Judges a decision to end pauses of a rollout that was approved. Where it takes approvers, the first ones count and end nothing: with
 * the last one that the list itself needed the pauses end.
 */
export async function judgeResume(
  context: RolloutAuthority,
  record: RolloutRecord,
  row: RolloutDecision,
): Promise<Judgement | Code> {
  const { rollout, stops } = record;
  const running = await runningGrant(context, record);
  if (rollout.status === 'ended' || !running) return 'rollout-ended';
  const ends = row.ends.map((id) => stops.find((stop) => stop.id === id && stop.kind === 'pause'));
  const ended = ends.filter((stop) => stop !== undefined);
  const listed = new Set(running.list.map(({ index }) => index));
  if (ended.length === 0 || ended.length < ends.length) return 'not-paused';
  if (!row.exclude.every((index) => listed.has(index))) return 'not-paused';
  const manifest = await manifestOf(context, rollout.runbook);
  if (!manifest) return 'plan-changed';
  const asApprover = needsApprover(ends, row.exclude);
  const asked = { running, manifest, asApprover };
  const problem =
    (await personProblem(context, record, row, asked)) ??
    (await proofProblem(context, row, aboutPauses(rollout.id, running.grant.jti, rollout.salt), true));
  if (problem !== undefined) return problem;
  const after = viewOf(record, running.grant, running.list, [...running.resumes, row]);
  if (overBudget(after)) return 'budget-exceeded';
  const signed = [...(asApprover ? await earlierOnes(context, record, row, asked) : []), row];
  const needed = asApprover ? approvalsToResume(running.grant) : 1;
  const said = { rollout: rollout.id, decision: row.id, ends: row.ends, exclude: row.exclude, proof: row.proof.kind };
  const data = { ...said, decided: 'resume', approvals: signed.length, needed };
  const decided = personEvent(context.newId, row.person, 'rollout.decided', undefined, { data });
  if (signed.length < needed) return { status: 'counted', ...nonceOf(row), events: [decided] };
  const approvals = await Promise.all(signed.map((each) => signedResume(context, each, rollout.salt)));
  const resumed = personEvent(context.newId, row.person, 'rollout.resumed', undefined, {
    // An export is verified with it, as an approval is with its grant.
    data: { ...said, grant: running.grant.jti, approvals },
  });
  const status = after.held ? 'paused' : 'running';
  return { status: 'accepted', ...nonceOf(row), rollout: { status }, events: [decided, resumed] };
}

/** Earlier ones by others who said exactly the same and may still decide it: that a row says counted proves nothing. */
async function earlierOnes(
  context: RolloutAuthority,
  record: RolloutRecord,
  row: RolloutDecision,
  asked: Asked,
): Promise<readonly RolloutDecision[]> {
  const { signed, grant } = asked.running;
  const found: RolloutDecision[] = [];
  for (const one of sayingTheSame(row, signed, grant.requester.id)) {
    if (one.person.id === row.person.id) continue;
    if ((await personProblem(context, record, one, asked)) === undefined) found.push(one);
  }
  return found;
}

async function signedResume(context: RolloutAuthority, row: RolloutDecision, salt: Salt) {
  const { person, decidedAt, reasonSha256, proof } = approvalOf(await provenDecision(context, row), salt);
  return {
    person: { id: person.id, name: person.name, roles: [...person.roles] },
    ...{ decidedAt, reasonSha256, ends: [...row.ends], exclude: [...row.exclude], proof: { ...proof } },
  };
}

interface Asked {
  readonly running: Running;
  readonly manifest: Manifest;
  readonly asApprover: boolean;
}

/** Why this person may not resume it: an approver of every item, or after a person's pause whoever may start rollouts. */
async function personProblem(
  context: RolloutAuthority,
  { items }: RolloutRecord,
  row: RolloutDecision,
  { running, manifest, asApprover }: Asked,
): Promise<Code | undefined> {
  const person = (await context.people.read()).find(row.person.id);
  const rights = await context.rights.read();
  if (!person) return 'not-allowed';
  if (!asApprover && !rights.denial({ action: 'start-rollouts', person })) return undefined;
  if (!manifest.approval.roles.some((role) => person.roles.some((own) => own === role))) return 'not-an-approver';
  for (const { index } of running.list) {
    const job = items[index]?.job;
    const asked = job && ({ action: 'decide', ...jobFacts(person, job, manifest) } as const);
    if (!asked || rights.denial({ ...asked, approves: false })) return 'not-an-approver';
    if (rights.denial(asked)) return 'own-request';
  }
  return undefined;
}
