import type { Job, MadePlan } from '../../domain/job.js';
import type { Manifest } from '../../domain/manifest.js';
import { changeClasses } from '../../domain/grant.js';
import { listRoot, type PlanList } from '../../domain/rollout-list.js';
import { groupPlans, type PlanGroup } from '../../domain/rollouts/groups.js';
import { decidableUntil } from '../../domain/rollout-window.js';
import type { RolloutRecord } from '../../ports/rollouts.js';
import type { ApiContext } from '../api-context.js';

/** What an approver decides about: the plans that wait now, by what they do, and what is left out of the list. */
export interface ListToDecide {
  readonly list: PlanList;
  readonly root: string;
  readonly groups: readonly PlanGroup[];
  /** When the first of the plans can be approved no more; undefined for an empty list. */
  readonly decideBy?: Date;
  /** Items that are not planned yet: decided now, they are left out for good. */
  readonly planning: readonly number[];
  /** Items whose plans hold a change that must not be made twice. */
  readonly notRepeatable: readonly number[];
}

type Planned = Job & { readonly plan: MadePlan };

/** The list of a rollout as it is now; `manifest`: of its version, by which plans are grouped. */
export async function listToDecide(
  { jobs }: Pick<ApiContext, 'jobs'>,
  { items }: RolloutRecord,
  manifest: Manifest,
): Promise<ListToDecide> {
  const planned: Planned[] = [];
  const notRepeatable: number[] = [];
  for (const { job } of items) {
    if (job.state !== 'awaiting-approval') continue;
    const found = await jobs.get(job.id);
    if (!found?.plan || found.state !== 'awaiting-approval') continue;
    const isEnsure = changeClasses(found.plan.plan.changes, manifest).every((one) => one === 'ensure');
    if (isEnsure) planned.push({ ...found, plan: found.plan });
    else notRepeatable.push(indexOf(found));
  }
  const list = planned.map((job) => ({ index: indexOf(job), job: job.id, plan: job.plan.digest }));
  const ends = planned.map((job) => decidableUntil(job, job.plan).getTime());
  return {
    list,
    root: listRoot(list),
    groups: groupPlans(
      planned.map((job) => ({ index: indexOf(job), changes: job.plan.plan.changes })),
      manifest.actions,
    ),
    ...(ends.length === 0 ? {} : { decideBy: new Date(Math.min(...ends)) }),
    planning: items.flatMap(({ job }) => (job.state === 'planning' || job.state === 'deferred' ? [indexOf(job)] : [])),
    notRepeatable,
  };
}

const indexOf = ({ rollout }: Pick<Job, 'rollout'>): number => rollout?.index ?? -1;
