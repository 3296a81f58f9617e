import { expect, it } from '@jest/globals';
import { auditVerifier } from '../../src/domain/verify-audit.js';
import { rolloutWorld, type RolloutWorld } from '../support/rollout-world.js';
import { JUDGES } from './logs.js';

/** What the real use cases write about rollouts is what the verifier of the log takes. */

function problemsOf(world: RolloutWorld) {
  const verifier = auditVerifier({ ...JUDGES, ...world.judges });
  for (const link of world.log()) verifier.add(link);
  return verifier.end().problems;
}

async function submitted(count: number, wish: Parameters<RolloutWorld['submit']>[0] = {}) {
  const world = rolloutWorld(count);
  const made = await world.submit(wish);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { id } = made.value.made;
  world.plan(id);
  return { world, id };
}

it('a rollout that two people approved, paused, resumed and finished', async () => {
  const { world, id } = await submitted(20, {
    waves: [{ size: 1 }, { size: '10%' }, { size: 'rest', approval: true }],
  });
  for (const who of ['ada', 'bob'] as const) await world.decide(id, who);
  // The canary fails, nothing of its wave is fixed, and the last wave asks for an approval: three pauses, each for both of them.
  for (let i = 0; i < 3; i++) {
    expect(await world.play(id, (index) => (index === 0 ? 'failed' : 'fixed'))).toMatchObject({ status: 'paused' });
    for (const who of ['ada', 'bob'] as const)
      expect(await world.resume(id, who, { exclude: [0] })).toMatchObject({ ok: true });
  }
  await world.stop(id, 'ada', 'pause');
  await world.resume(id, 'olga', { ends: world.stops.slice(-1).map((stop) => stop.id) });
  expect(await world.play(id)).toMatchObject({ ending: 'finished' });
  expect(world.stops.map(({ code }) => code)).toEqual([
    'budget-exceeded',
    'wave-not-proved',
    'approval-due',
    undefined,
  ]);
  expect(problemsOf(world)).toEqual([]);
});

it('a rollout that somebody rejected', async () => {
  const { world, id } = await submitted(3);
  await world.decide(id, 'ada', { decision: 'reject' });
  expect(world.events.at(-1)?.data).toMatchObject({ count: 3, reasonSha256: expect.any(String) });
  expect(problemsOf(world)).toEqual([]);
});

it('and it shows a job that was started before its wave', async () => {
  const { world, id } = await submitted(5);
  await world.decide(id, 'ada');
  await world.play(id);
  world.events = world.events.filter(({ action, data }) => action !== 'rollout.wave-started' || data.wave !== 1);
  expect(problemsOf(world)[0]?.reason).toContain('a wave that had not begun');
});
