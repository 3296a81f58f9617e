import { bundleFault } from '../../../domain/bundle.js';
import type { Code } from '../../../domain/codes/index.js';
import type { Job, MadePlan } from '../../../domain/job.js';
import type { Manifest } from '../../../domain/manifest.js';
import { changeClasses } from '../../../domain/grant.js';
import { listRoot, readList, type PlanList } from '../../../domain/rollout-list.js';
import { areTheItems, isRolloutSubmission } from '../../../domain/rollouts/request.js';
import type { RolloutRecord } from '../../../ports/rollouts.js';
import { planProblem } from '../../decide/refusal.js';
import { admissionOf, admittedTarget } from '../../in-force.js';
import type { RolloutAuthority } from './context.js';

export type Planned = Job & { readonly plan: MadePlan };

/** The list that these bytes are, where it has this root; the bytes are what anybody stored under it. */
export function listOf(bytes: string | undefined, root: string | undefined): PlanList | undefined {
  const list = bytes === undefined ? undefined : readList(bytes);
  return list && list.length > 0 && listRoot(list) === root ? list : undefined;
}

/** Why the stored rollout is not the one that its requester submitted; undefined where it is. */
export async function requestProblem(
  { rollouts }: Pick<RolloutAuthority, 'rollouts'>,
  { rollout, items }: RolloutRecord,
): Promise<Code | undefined> {
  const submission = await rollouts.submission(rollout.id);
  const asSubmitted = submission !== undefined && isRolloutSubmission(rollout, submission);
  const whole = areTheItems(
    rollout,
    items.map(({ job }) => job),
  );
  return asSubmitted && whole ? undefined : 'request-changed';
}

/** The manifest from bytes whose digest is computed here. */
export async function manifestOf(
  { catalogue }: Pick<RolloutAuthority, 'catalogue'>,
  { contentDigest, id }: Job['runbook'],
): Promise<Manifest | undefined> {
  const bundle = await catalogue.get(contentDigest);
  if (!bundle || bundleFault(bundle, contentDigest)) return undefined;
  return bundle.manifest.id === id ? bundle.manifest : undefined;
}

/** Why the plan of a job may not be started within a rollout, by what `authority` reads itself; undefined where it may. */
export async function itemProblem(
  context: Pick<RolloutAuthority, 'audit' | 'admissions' | 'subjectAdmissions' | 'admissionRules' | 'catalogue'>,
  job: Planned,
  manifest: Manifest | undefined,
): Promise<Code | undefined> {
  const evidence = {
    manifest,
    submission: await context.audit.submission(job.id),
    admission: await admissionOf(context, job.runbook.contentDigest),
    target: await admittedTarget(context, job.target),
  };
  const problem = planProblem(job, evidence);
  if (problem !== undefined || !manifest) return problem ?? 'plan-changed';
  return isRepeatable(job, manifest) ? undefined : 'not-repeatable';
}

/** A rollout holds no change that must not be made twice. */
export function isRepeatable({ plan }: Pick<Planned, 'plan'>, manifest: Manifest): boolean {
  return changeClasses(plan.plan.changes, manifest).every((each) => each === 'ensure');
}
