import type { Fact } from './history.js';
import { isEnd, isFix, unprovenPauses, type RolloutStory } from './rollout-story.js';

/** A change of a later wave is begun when the wave before it is proved, and not before. */
export function findEarlyWaves(story: RolloutStory): string[] {
  const { items, facts, grant } = story;
  return facts.flatMap((fact) => {
    const { action, job, data, seq } = fact;
    const wave = items.get(job)?.place.wave ?? 0;
    if (action !== 'change.intent' || data.direction === 'undo' || wave === 0) return [];
    const problem = proofProblem(story, wave - 1, seq);
    return problem === undefined
      ? []
      : [`event ${seq}: rollout ${grant.rollout} changed something of wave ${wave} while ${problem}`];
  });
}

/** A wave that the log calls proved is proved. */
export function findUnprovenWaves(story: RolloutStory): string[] {
  return story.facts.flatMap(({ action, data, seq }) => {
    if (action !== 'rollout.wave-proved') return [];
    const problem = proofProblem(story, Number(data.wave), seq);
    return problem === undefined ? [] : [`event ${seq}: wave ${data.wave} counts as proved while ${problem}`];
  });
}

/** Why a wave is not proved before this place of the chain: each of its jobs has ended or is excused, and one was fixed or a resume said so. */
function proofProblem(story: RolloutStory, wave: number, seq: number): string | undefined {
  const before = story.facts.filter((fact) => fact.seq < seq);
  const excused = new Set(resumes(before).flatMap(({ exclude }) => exclude));
  const items = [...story.items.values()].filter(({ place }) => place.wave === wave);
  const isOver = (job: string) => before.some((fact) => fact.job === job && isEnd(fact));
  const open = items.find(({ job, place }) => !isOver(job) && !excused.has(place.index));
  if (open) return `job ${open.job} of wave ${wave} had not ended`;
  const jobs = new Set(items.map(({ job }) => job));
  if (before.some((fact) => jobs.has(fact.job) && isFix(fact))) return undefined;
  const pauses = unprovenPauses(story);
  const isPassed = resumes(before).some(({ ends }) => ends.some((id) => pauses.get(id) === wave));
  return isPassed ? undefined : `nothing of wave ${wave} was fixed`;
}

const resumes = (facts: readonly Fact[]): readonly { readonly ends: string[]; readonly exclude: number[] }[] =>
  facts
    .filter(({ action, writer }) => action === 'rollout.resumed' && writer === 'fixpoint_authority')
    .map(({ data }) => ({ ends: data.ends, exclude: data.exclude }));

/**
 * Once more items failed, or were unreached, than the budget allows, no more of them get a grant than run at once: those are signed
 * together. Results that a resume excused do not count. An unknown outcome counts here when it is reconciled.
 */
export function findOverBudget({ grant, items, facts }: RolloutStory): string[] {
  const { rollout, budget, atOnce } = grant;
  const bad = { failed: new Set<number>(), unreached: new Set<number>() };
  const excused = new Set<number>();
  const isUsedUp = (kind: keyof typeof bad) => [...bad[kind]].filter((at) => !excused.has(at)).length > budget[kind];
  let late = 0;
  for (const fact of facts) {
    const index = items.get(fact.job)?.place.index;
    const kind = badKind(fact);
    if (index !== undefined && kind !== undefined) bad[kind].add(index);
    for (const at of resumes([fact]).flatMap(({ exclude }) => exclude)) excused.add(at);
    if (!isUsedUp('failed') && !isUsedUp('unreached')) late = 0;
    else if (index !== undefined && fact.action === 'job.approved') late += 1;
    if (late > atOnce) return [`event ${fact.seq}: rollout ${rollout} went on after its budget was used up`];
  }
  return [];
}

function badKind({ action, data }: Fact): 'failed' | 'unreached' | undefined {
  const isUnreached = action === 'job.expired' || (action === 'job.blocked' && data.code === 'deferral-expired');
  if (isUnreached) return data.partial === true ? 'failed' : 'unreached';
  const isFailed =
    ['job.failed', 'job.blocked', 'job.rolled-back', 'job.rollback-failed', 'job.drifted'].includes(action) ||
    (action === 'job.resolved' && data.resolution === 'not-in-place');
  return isFailed ? 'failed' : undefined;
}
