import { randomUUID } from 'node:crypto';
import type { Who } from '../support/people.js';
import { READERS, reason, submission, type Deepen } from './depth.js';
import type { KnownRollout } from './rollouts.js';
import type { World } from './world.js';

/** Those who may ask for many jobs and stop what others asked for. */
const ASKERS: readonly Who[] = ['operator', 'admin'];

/** Rollouts of which this holds, or all where there is none. */
function rolloutsThat(world: World, holds: (rollout: KnownRollout) => boolean): readonly KnownRollout[] {
  const found = world.rollouts.filter(holds);
  return found.length > 0 ? found : world.rollouts;
}

const isLive = ({ status }: KnownRollout) => status !== 'ended';
const anyRollout: Deepen = ({ rollouts }, random) => ({ id: random.pick(rollouts).id, who: READERS });
const stopOf =
  (more: object = {}): Deepen =>
  (world, random) => ({
    id: random.pick(rolloutsThat(world, isLive)).id,
    who: ASKERS,
    body: { ...more, ...reason(random) },
  });

/** Requests about rollouts, so that each of them is reached in every state. */
export const ROLLOUTS: Readonly<Record<string, Deepen>> = {
  'POST /v1/rollouts': (world, random) => {
    const { runbook } = submission(world, random);
    if (random.chance(0.2)) {
      const isOwn = ({ requester }: KnownRollout) => ASKERS.some((one) => one === requester.id);
      const { id, count, requester } = random.pick(rolloutsThat(world, (one) => !isLive(one) && isOwn(one)));
      const who = ASKERS.filter((one) => one === requester.id);
      return { who: who.length > 0 ? who : ASKERS, body: { runbook, ...reason(random), retryOf: id, expect: count } };
    }
    const items = Array.from({ length: 1 + random.int(3) }, () => {
      const { target, parameters } = submission(world, random);
      return { target, parameters };
    });
    return { who: ASKERS, body: { runbook, ...reason(random), items, expect: items.length } };
  },
  'GET /v1/rollouts/{id}': anyRollout,
  'GET /v1/rollouts/{id}/plans': anyRollout,
  'POST /v1/rollouts/{id}/decision': (world, random) => {
    const { id, root } = random.pick(rolloutsThat(world, (rollout) => rollout.root !== undefined));
    return {
      id,
      who: ['approver', 'approver2', 'both'],
      body: {
        decision: random.chance(0.7) ? 'approve' : 'reject',
        root: root ?? '0'.repeat(64),
        ...reason(random),
        ...(random.chance(0.3) ? { onFailure: random.pick(['leave', 'rollback']) } : {}),
        ...(random.chance(0.3) ? { executeBy: new Date(Date.now() + 600_000).toISOString() } : {}),
      },
    };
  },
  'POST /v1/rollouts/{id}/resume': (world, random) => {
    const { id, pauses } = random.pick(rolloutsThat(world, ({ pauses: held }) => held.length > 0));
    const ends = pauses.length > 0 ? pauses : [randomUUID()];
    return { id, who: ['approver', ...ASKERS], body: { ends, exclude: [], ...reason(random) } };
  },
  'POST /v1/rollouts/{id}/rollback': (world, random) => {
    const { id, undoable } = random.pick(rolloutsThat(world, (one) => one.undoable > 0));
    return { id, who: ASKERS, body: { ...reason(random), expect: Math.max(1, undoable) } };
  },
  'POST /v1/rollouts/{id}/pause': stopOf(),
  'POST /v1/rollouts/{id}/abort': stopOf(),
  'POST /v1/rollouts/{id}/exclude': stopOf({ items: [0] }),
};
