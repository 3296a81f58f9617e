import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/domain/job.js';
import type { JournalEntry } from '../../src/domain/journal.js';
import type { StoredRollout } from '../../src/ports/rollouts.js';
import { entryOf, makePlanOf } from '../support/job-views.js';
import { rolloutWorld, type RolloutWorld } from '../support/rollout-world.js';

/** The rollback of a rollout, by the real use cases of API, authority and worker. */

type End = Parameters<RolloutWorld['play']>[1];

/** A rollout that has ended, in the waves 1, a tenth, rest. */
async function ended(count = 20, endOf: End = () => 'fixed', more: Parameters<RolloutWorld['submit']>[0] = {}) {
  const world = rolloutWorld(count);
  const made = await world.submit({ budget: { failed: count, unreached: count }, ...more });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { id } = made.value.made;
  await decided(world, id);
  await world.play(id, endOf);
  expect(world.rollouts.get(id)?.status).toBe('ended');
  world.claims.length = 0;
  return { world, id };
}

async function decided(world: RolloutWorld, id: string): Promise<void> {
  world.plan(id);
  for (const who of ['ada', 'bob'] as const) await world.decide(id, who);
  expect(world.rollouts.get(id)?.status).toBe('running');
}

async function rolledBack(world: RolloutWorld, id: string, wish: Parameters<RolloutWorld['rollBack']>[1] = {}) {
  const made = await world.rollBack(id, wish);
  expect(made).toMatchObject({ ok: true });
  return (made as { value: { made: StoredRollout } }).value.made;
}

const codeOf = (result: { ok: boolean; error?: unknown }) => (result.error as { kind?: string } | undefined)?.kind;
const indexesOf = (world: RolloutWorld, undone: string, jobs: readonly (Job | undefined)[]) => {
  const originals = world.jobsOf(undone).map(({ id }) => id);
  return jobs.map((job) => originals.indexOf(job?.rollbackOf ?? ''));
};

describe('the rollback of a rollout', () => {
  it('puts back every item that was changed, those of the last wave first', async () => {
    const { world, id } = await ended();
    const rollout = await rolledBack(world, id);
    expect([rollout.rollbackOf, rollout.leftOut, rollout.count]).toEqual([id, [], 20]);
    expect(rollout.declaration.waves).toEqual([
      ...[{ name: 'canary', size: 1 }, { size: 16 }, { size: 2 }, { size: 'rest' }],
    ]);
    const jobs = world.jobsOf(rollout.id);
    expect(indexesOf(world, id, jobs)).toEqual([...Array.from({ length: 17 }, (_, i) => i + 3), 1, 2, 0]);
    expect(jobs.every(({ kind, state }) => kind === 'rollback-of' && state === 'planning')).toBe(true);
    await world.drive();
    expect(world.claims).toEqual([]);
    await decided(world, rollout.id);
    expect(await world.play(rollout.id)).toMatchObject({ status: 'ended', ending: 'finished' });
    expect(
      indexesOf(
        world,
        id,
        world.claims.map((job) => world.jobs.get(job)),
      ),
    ).toEqual(indexesOf(world, id, jobs));
  });

  it('is approved by others than who asked for it, as a list of its own', async () => {
    const { world, id } = await ended(3);
    const made = await world.rollBack(id, {}, 'both');
    const rollout = made.ok ? made.value.made.id : '';
    world.plan(rollout);
    expect(codeOf(await world.decide(rollout, 'both'))).toBe('own-request');
    expect(codeOf(await world.decide(rollout, 'helen'))).toBe('not-an-approver');
    await world.play(rollout);
    expect(world.claims).toEqual([]);
    expect(await world.decide(rollout, 'ada')).toMatchObject({ ok: true, value: { status: 'running' } });
  });

  it('stops after the one machine that could not be put back', async () => {
    const { world, id } = await ended();
    const rollout = await rolledBack(world, id);
    await decided(world, rollout.id);
    expect(await world.play(rollout.id, () => 'failed')).toMatchObject({ status: 'paused' });
    expect(world.claims).toHaveLength(1);
  });

  it('goes by waves, budget and window of its own where they are given', async () => {
    const { world, id } = await ended();
    const waves = [{ size: 2 }, { size: 'rest', soak: '1h' }];
    const { declaration } = await rolledBack(world, id, { waves, budget: { failed: 2 }, atOnce: 3, window: '1h' });
    expect(declaration).toMatchObject({ waves, budget: { failed: 2, unknown: 2 }, atOnce: 3, window: '1h' });
    const { world: other, id: undone } = await ended();
    expect(codeOf(await other.rollBack(undone, { waves: [{ size: 'rest' }] }))).toBe('declaration-refused');
  });

  it('leaves out what cannot be put back, names each with why, and has its count typed', async () => {
    const { world, id } = await ended(20, (index) => (index === 3 ? 'failed' : index === 4 ? 'already-fine' : 'fixed'));
    const [, , , , , unknown, erased, undone, lost, drifted] = world.jobsOf(id);
    world.set(unknown?.id ?? '', { state: 'needs-attention' });
    world.set(erased?.id ?? '', { erasedAt: world.now });
    world.jobs.set('done', {
      ...(undone as Job),
      id: 'done',
      kind: 'rollback-of',
      rollbackOf: undone?.id ?? '',
      rollout: undefined as never,
    });
    world.journals.delete(lost?.id ?? '');
    world.set(drifted?.id ?? '', { state: 'cancelled', partial: true, plan: makePlanOf(drifted as Job, 'send') });
    const leftOut = [
      ...[3, 4].map((index) => ({ index, code: 'nothing-to-undo' })),
      ...[
        { index: 5, code: 'not-ended' },
        { index: 6, code: 'values-erased' },
        { index: 7, code: 'already-rolled-back' },
      ],
      ...[8, 9].map((index) => ({ index, code: 'undo-incomplete' })),
    ].map((one) => ({ ...one, target: `pc-00${one.index}` }));
    const before = world.jobs.size;
    expect(await world.rollBack(id)).toMatchObject({ error: { kind: 'count-mismatch', count: 13, leftOut } });
    expect(world.jobs.size).toBe(before);
    const rollout = await rolledBack(world, id, { expect: 13 });
    expect(rollout.leftOut).toEqual(leftOut);
    expect(indexesOf(world, id, world.jobsOf(rollout.id)).sort((a, b) => a - b)).toEqual([
      0,
      1,
      2,
      ...[10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    ]);
  });

  it('puts back what an item changed that failed later', async () => {
    const { world, id } = await ended(3, (index) => (index === 2 ? 'failed' : 'fixed'));
    const failed = world.jobsOf(id)[2] as Job;
    world.set(failed.id, { partial: true });
    world.journals.set(failed.id, [entryOf(failed, 0, 'changed')]);
    const { leftOut } = await rolledBack(world, id);
    expect(leftOut).toEqual([]);
  });

  it.each<[string, readonly JournalEntry[] | undefined]>([
    ['is not stored', undefined],
    ['holds nothing that was made', []],
  ])('stores nothing where the journal of every item %s', async (_, journal) => {
    const { world, id } = await ended(3);
    for (const { id: job } of world.jobsOf(id)) {
      if (journal) world.journals.set(job, journal);
      else world.journals.delete(job);
    }
    const before = [world.jobs.size, world.rollouts.size];
    const refused = await world.rollBack(id);
    expect(refused).toMatchObject({ error: { kind: 'nothing-to-roll-back' } });
    expect((refused as unknown as { error: { leftOut: readonly { target: string }[] } }).error.leftOut).toHaveLength(3);
    expect([world.jobs.size, world.rollouts.size]).toEqual(before);
  });

  it('of a rollout that was never approved has nothing to put back', async () => {
    const world = rolloutWorld(3);
    const made = await world.submit();
    const id = made.ok ? made.value.made.id : '';
    world.plan(id);
    await world.stop(id, 'olga', 'abort');
    await world.drive();
    expect(codeOf(await world.rollBack(id))).toBe('nothing-to-roll-back');
  });

  it('is refused while the rollout has not ended, and by whoever may not start rollouts', async () => {
    const world = rolloutWorld(3);
    const made = await world.submit();
    const id = made.ok ? made.value.made.id : '';
    expect(codeOf(await world.rollBack(id))).toBe('not-ended-rollout');
    await decided(world, id);
    await world.drive();
    expect(codeOf(await world.rollBack(id))).toBe('not-ended-rollout');
    await world.play(id);
    expect(codeOf(await world.rollBack(id, {}, 'ada'))).toBe('not-allowed');
    expect(codeOf(await world.rollBack('nowhere'))).toBe('rollout-not-found');
  });

  it('is refused whole, with each item named, where the person may not roll one of them back', async () => {
    const { world, id } = await ended(3);
    const job = world.jobsOf(id)[1] as Job;
    world.set(job.id, { target: { ...job.target, tier: 0 } });
    expect(await world.rollBack(id, {}, 'helen')).toMatchObject({
      error: { kind: 'rollout-refused', members: [{ index: 1, target: 'pc-001', failure: { kind: 'not-allowed' } }] },
    });
  });

  it('is refused where the runbook has no rollback', async () => {
    const { world, id } = await ended(3);
    world.rollback = { none: 'a message cannot be unsent' };
    expect(await world.rollBack(id)).toMatchObject({
      error: { kind: 'no-rollback', why: 'a message cannot be unsent' },
    });
  });

  it('is neither rolled back nor repeated: the first rollout is rolled back again, without what was put back', async () => {
    const { world, id } = await ended(4);
    const first = await rolledBack(world, id);
    expect(codeOf(await world.rollBack(id))).toBe('rollback-not-ended');
    await decided4(world, first.id);
    await world.play(first.id, (index) => (index === 3 ? 'expired' : 'fixed'));
    expect(world.rollouts.get(first.id)?.status).toBe('ended');
    expect(codeOf(await world.rollBack(first.id))).toBe('rollout-is-rollback');
    const retry = { retryOf: first.id, select: undefined as never, expect: 1 };
    expect(codeOf(await world.submit(retry))).toBe('rollout-is-rollback');
    const again = await rolledBack(world, id, { expect: 1 });
    expect(indexesOf(world, id, world.jobsOf(again.id))).toEqual([0]);
    expect(again.leftOut?.map(({ code }) => code)).toEqual(Array(3).fill('already-rolled-back'));
    expect((await world.rolloutsPort.record(id))?.undoneBy.map((one) => one.id)).toEqual([first.id, again.id]);
  });
});

async function decided4(world: RolloutWorld, id: string): Promise<void> {
  world.plan(id);
  expect(await world.decide(id, 'ada')).toMatchObject({ ok: true });
}
