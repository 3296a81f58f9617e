import { createPatience } from '../../support/patience.js';
import { isPlanned } from '../../support/follow-rollout.js';
import { newName, resolve, type Wish, type World } from './jobs.js';
import { approveByAll, openPauses, resumeByAll, stopRollout, submitRollout, untilRollout } from './rollouts.js';

/** A rollout with more pauses than this is aborted: an item of each wave may fail, and a wave of which nothing was fixed pauses too. */
const MOST_RESUMES = 6;

/** Items whose job waits for a person, and of which no person has said yet what is there. */
const inNeed = ({ items }: any): readonly any[] =>
  items.filter(({ state, code }: any) => state === 'needs-attention' && code !== 'resolved-in-place');

/**
 * Follows an approved rollout to its end. Its pauses are ended, or it is aborted at the first one. A job that needs a person gets one who
 * looked.
 */
export async function seeRolloutThrough(world: World, id: string, atPause: 'resume' | 'abort'): Promise<void> {
  const patience = createPatience(`rollout ${id}`, world.patienceMs);
  const waits = (rollout: any) =>
    rollout.status === 'ended' || openPauses(rollout).length > 0 || inNeed(rollout).length > 0;
  for (let resumes = 0; !world.watch.isStopped();) {
    const rollout = await untilRollout(world, id, waits);
    // What changes nothing is not done for ever.
    if (rollout.status === 'ended' || patience.isOver(JSON.stringify(rollout))) return;
    for (const { job } of inNeed(rollout)) await resolve(world, job);
    if (openPauses(rollout).length === 0) continue;
    if (atPause === 'abort' || resumes >= MOST_RESUMES) {
      await endRollout(world, id);
      return;
    }
    resumes += 1;
    await resumeByAll(world, rollout);
  }
}

async function endRollout(world: World, id: string): Promise<void> {
  await stopRollout(world, id, 'abort');
  await untilRollout(world, id, ({ status }) => status === 'ended');
}

/** Items of objects of their own, so that none of them drifts. */
function itemsOf(world: World): readonly Wish[] {
  const { dice } = world;
  const action = dice.pick(['set', 'set', 'set-risky'] as const);
  const count = 3 + dice.below(3);
  // The canary, a later one, or none.
  const refused = dice.pick([0, count - 1, undefined, undefined]);
  return Array.from({ length: count }, (_, index) => {
    const name = newName(world, 'm');
    return {
      ...{ action, objects: [name], holdMs: dice.pick([0, 50, 300]) },
      ...(index === refused ? { refuse: name } : {}),
    };
  });
}

/** A person submits a rollout, others approve it, and it is followed to its end. */
export async function seeRollout(world: World): Promise<void> {
  const { dice } = world;
  const id = await submitRollout(world, {
    ...{ items: itemsOf(world), who: dice.pick(['operator2', 'helpdesk']), atOnce: 1 + dice.below(3) },
    waves: [{ size: 1 }, { size: 'rest' }],
    budget: { failed: dice.pick([0, 0, 1]) },
  });
  if (id === undefined) return;
  await untilRollout(world, id, isPlanned);
  if (await approveByAll(world, id)) await seeRolloutThrough(world, id, dice.pick(['resume', 'resume', 'abort']));
  else await endRollout(world, id);
}
