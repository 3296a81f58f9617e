import { bundleFault } from '../../../domain/bundle.js';
import type { Code } from '../../../domain/codes/index.js';
import type { Job, MadePlan } from '../../../domain/job.js';
import type { Manifest } from '../../../domain/manifest.js';
import { changeClasses } from '../../../domain/grant.js';
import { listRoot, readList, type PlanList } from '../../../domain/rollout-list.js';
import { isSubmissionOf } from '../../../domain/request.js';
import { areTheItems, isRolloutSubmission } from '../../../domain/rollouts/request.js';
import { isRollbackOfItem } from '../../../domain/rollouts/rollback.js';
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

/** Why the stored rollout is not the one that its requester submitted, or rolls back what has not ended; undefined where it may run. */
export async function requestProblem(
  { rollouts }: Pick<RolloutAuthority, 'rollouts'>,
  { rollout, items }: Pick<RolloutRecord, 'rollout' | 'items'>,
): Promise<Code | undefined> {
  const submission = await rollouts.submission(rollout.id);
  const asSubmitted = submission !== undefined && isRolloutSubmission(rollout, submission);
  const whole = areTheItems(
    rollout,
    items.map(({ job }) => job),
  );
  if (!asSubmitted || !whole) return 'request-changed';
  if (rollout.rollbackOf === undefined) return undefined;
  const undone = await rollouts.get(rollout.rollbackOf);
  return undone?.status === 'ended' ? undefined : 'not-ended-rollout';
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

/**
 * Why the plan of a job may not be started within a rollout, by what `authority` reads itself; undefined where it may.
 * @param undone id of the rollout that is rolled back, of a rollback
 */
export async function itemProblem(
  context: ItemChecks,
  job: Planned,
  manifest: Manifest | undefined,
  undone: string | undefined,
): Promise<Code | undefined> {
  const evidence = {
    manifest,
    submission: await context.audit.submission(job.id),
    admission: await admissionOf(context, job.runbook.contentDigest),
    target: await admittedTarget(context, job.target),
  };
  const problem = planProblem(job, evidence);
  if (problem !== undefined || !manifest) return problem ?? 'plan-changed';
  if (undone !== undefined && !(await undoesAnItem(context, job, undone))) return 'request-changed';
  return isRepeatable(job, manifest) ? undefined : 'not-repeatable';
}

type ItemChecks = Pick<
  RolloutAuthority,
  'audit' | 'admissions' | 'subjectAdmissions' | 'admissionRules' | 'catalogue' | 'jobs'
>;

/** Whether a job is the rollback of an item of that rollout, as that item was submitted: its row alone shows nothing. */
async function undoesAnItem({ audit, jobs }: ItemChecks, job: Job, undone: string): Promise<boolean> {
  const original = job.rollbackOf === undefined ? undefined : await jobs.get(job.rollbackOf);
  const submission = original && (await audit.submission(original.id));
  if (!original || !submission || !isSubmissionOf(original, submission)) return false;
  return isRollbackOfItem(job, original, undone);
}

/** A rollout holds no change that must not be made twice. */
export function isRepeatable({ plan }: Pick<Planned, 'plan'>, manifest: Manifest): boolean {
  return changeClasses(plan.plan.changes, manifest).every((each) => each === 'ensure');
}
