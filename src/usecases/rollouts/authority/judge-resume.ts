import type { Code } from '../../../domain/codes/index.js';
import type { Manifest } from '../../../domain/manifest.js';
import { overBudget } from '../../../domain/rollouts/next-step.js';
import { needsApprover } from '../../../domain/rollouts/resume.js';
import type { Judgement, RolloutDecision, RolloutRecord } from '../../../ports/rollouts.js';
import { personEvent } from '../../facts.js';
import { jobFacts } from '../../job-rights.js';
import type { RolloutAuthority } from './context.js';
import { manifestOf } from './listed-jobs.js';
import { aboutPauses, nonceOf, proofProblem } from './proof.js';
import { runningGrant, type Running } from './running.js';
import { viewOf } from './view.js';

/** Judges a decision to end pauses of a rollout that was approved. */
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
  const problem =
    (await personProblem(context, record, row, { running, manifest, asApprover: needsApprover(ended, row.exclude) })) ??
    (await proofProblem(context, row, aboutPauses(rollout.id, running.grant.jti, rollout.salt), true));
  if (problem !== undefined) return problem;
  const after = viewOf(record, running.grant, running.list, [...running.resumes, row]);
  if (overBudget(after)) return 'budget-exceeded';
  const data = { rollout: rollout.id, decision: row.id, ends: row.ends, exclude: row.exclude, proof: row.proof.kind };
  const event = personEvent(context.newId, row.person, 'rollout.resumed', undefined, { data });
  const status = after.held ? 'paused' : 'running';
  return { status: 'accepted', ...nonceOf(row), rollout: { status }, events: [event] };
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
