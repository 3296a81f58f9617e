import type { Made } from './changes.js';
import { compact, type Fact, type VerifiedGrant } from './history.js';
import type { Ledgers } from './ledgers.js';
import { readRolloutGrants, type RolloutGrant } from './rollout-grants.js';
import { findEarlyWaves, findOverBudget, findUnprovenWaves } from './rollout-limits.js';
import { isFix, readStories, type RolloutStory } from './rollout-story.js';

/**
 * Judges the rollouts of a run. `unapproved`: more happened than people approved, or earlier, or longer. `untrue`: the log or the API says
 * that something was proved or fixed that was not.
 */
export function judgeRollouts(
  ledgers: Ledgers,
  facts: readonly Fact[],
  grants: ReadonlyMap<string, VerifiedGrant>,
  effects: readonly Made[],
): { readonly unapproved: readonly string[]; readonly untrue: readonly string[] } {
  const { approved, invalid } = readRolloutGrants(facts, ledgers);
  const { stories, problems } = readStories(facts, approved, grants);
  return {
    unapproved: [
      ...invalid,
      ...problems,
      ...[...approved.values()].flatMap(approversProblem),
      ...findUnlisted(ledgers, stories, effects),
      ...stories.flatMap((story) => [
        ...findTooMany(story, effects),
        ...findUnsignedResumes(story),
        ...findEarlyWaves(story),
        ...findOverBudget(story),
      ]),
    ],
    untrue: [...stories.flatMap(findUnprovenWaves), ...findNotFixed(ledgers, facts)],
  };
}

function approversProblem({ rollout, requester, approvers, needed }: RolloutGrant): string[] {
  if (approvers.includes(requester)) return [`rollout ${rollout}: its requester approved it`];
  const isEnough = new Set(approvers).size >= needed;
  return isEnough ? [] : [`rollout ${rollout}: ${approvers.length} of ${needed} people approved it`];
}

/** An item of a rollout changes nothing unless its plan is in the approved list of that rollout. */
function findUnlisted({ rollouts }: Ledgers, stories: readonly RolloutStory[], effects: readonly Made[]): string[] {
  const touched = new Set(effects.filter(({ word }) => word === 'effect').map(({ job }) => job));
  return rollouts.flatMap(({ id, items }) => {
    const listed = stories.find(({ grant }) => grant.rollout === id)?.items;
    return items
      .filter(({ job }) => touched.has(compact(job)) && listed?.has(job) !== true)
      .map(({ job }) => `job ${job} changed something and is not in the approved list of rollout ${id}`);
  });
}

/** No more items change something than were approved, and no two of them in one place of the list. */
function findTooMany({ grant, items }: RolloutStory, effects: readonly Made[]): string[] {
  const { rollout, count } = grant;
  const touched = [...items.values()].filter(({ job }) => effects.some((effect) => effect.job === compact(job)));
  const places = new Set(touched.map(({ place }) => place.position));
  return [
    ...(touched.length > count ? [`rollout ${rollout} changed ${touched.length} items of ${count}`] : []),
    ...(places.size < touched.length ? [`rollout ${rollout} changed two items in one place of its list`] : []),
  ];
}

/** A pause of `authority` ends, and a result is excused, by as many people as the list needed, never by the requester. */
function findUnsignedResumes({ grant, facts }: RolloutStory): string[] {
  const { rollout, requester, needed } = grant;
  const own = new Set(
    facts.filter(({ action, writer }) => action === 'rollout.paused' && writer === 'fixpoint_authority').map(pauseOf),
  );
  return facts.flatMap(({ action, data, seq }) => {
    if (action !== 'rollout.resumed') return [];
    const { ends, exclude, approvals } = data;
    if (exclude.length === 0 && !ends.some((id: string) => own.has(id))) return [];
    const people = new Set<string>(approvals.map((approval: any) => approval.person.id));
    const isEnough = people.size >= needed && !people.has(requester);
    return isEnough ? [] : [`event ${seq}: rollout ${rollout} was resumed without the people that it needs`];
  });
}

const pauseOf = ({ data }: Fact): string => String(data.pause);

/** An item that the API shows as fixed was fixed. */
function findNotFixed({ rollouts }: Ledgers, facts: readonly Fact[]): string[] {
  const fixed = new Set(facts.filter(isFix).map(({ job }) => job));
  return rollouts.flatMap(({ id, items }) =>
    items
      .filter(({ job, status }) => status === 'fixed' && !fixed.has(job))
      .map(({ job }) => `rollout ${id} shows job ${job} as fixed; the log does not`),
  );
}
