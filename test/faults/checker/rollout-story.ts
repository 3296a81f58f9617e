import type { Fact, VerifiedGrant } from './history.js';
import { itemGrantProblem, itemGrants, type ItemGrant, type RolloutGrant } from './rollout-grants.js';

/** What the log says of one approved rollout. */
export interface RolloutStory {
  readonly grant: RolloutGrant;
  /** The grants of its items that are within its approval, by job. */
  readonly items: ReadonlyMap<string, ItemGrant>;
  /** The facts of the rollout and of these items, in the order of the chain. */
  readonly facts: readonly Fact[];
}

/** The story of each rollout that was approved, and the grants of items that are none of them. */
export function readStories(
  facts: readonly Fact[],
  approved: ReadonlyMap<string, RolloutGrant>,
  grants: ReadonlyMap<string, VerifiedGrant>,
): { readonly stories: readonly RolloutStory[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const itemsOf = new Map([...approved.keys()].map((rollout) => [rollout, new Map<string, ItemGrant>()] as const));
  for (const grant of itemGrants(grants)) {
    const { place, job, seq } = grant;
    const problem = itemGrantProblem(grant, approved.get(place.id));
    if (problem === undefined) itemsOf.get(place.id)?.set(job, grant);
    else problems.push(`event ${seq}: job ${job} has a grant ${problem}`);
  }
  const stories = [...approved.values()].map((grant): RolloutStory => {
    const items = itemsOf.get(grant.rollout) ?? new Map<string, ItemGrant>();
    return { grant, items, facts: facts.filter(({ job, data }) => items.has(job) || data.rollout === grant.rollout) };
  });
  return { stories, problems };
}

const ENDS = [
  'job.succeeded',
  'job.failed',
  'job.blocked',
  'job.expired',
  'job.cancelled',
  'job.superseded',
  'job.rolled-back',
  'job.rollback-failed',
  // The new plan is not in the approved list, so nothing more is done.
  'job.drifted',
];

/** Whether a job of a rollout is over with this fact. */
export const isEnd = ({ action, data }: Fact): boolean =>
  ENDS.includes(action) || (action === 'job.resolved' && data.resolution === 'not-in-place');

/** Whether a job of a rollout was fixed by this fact. */
export const isFix = ({ action, data, writer }: Fact): boolean =>
  action === 'job.succeeded' && data.outcome === 'fixed' && writer === 'fixpoint_worker';

/** Pauses that `authority` made because nothing of a wave was fixed: the wave of each, by the id of the pause. */
export function unprovenPauses({ facts }: RolloutStory): ReadonlyMap<string, number> {
  const mine = facts.filter(
    ({ action, writer, data }) =>
      action === 'rollout.paused' && writer === 'fixpoint_authority' && data.code === 'wave-not-proved',
  );
  return new Map(mine.map(({ data }) => [String(data.pause), Number(data.wave)]));
}
