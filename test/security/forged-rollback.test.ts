import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../src/domain/canonical.js';
import type { Job } from '../../src/domain/job.js';
import { jobDigest } from '../../src/domain/request.js';
import { itemsDigest, rolloutDigest } from '../../src/domain/rollouts/request.js';
import type { StoredRollout } from '../../src/ports/rollouts.js';
import { makePlanOf } from '../support/job-views.js';
import { rolloutWorld, type RolloutWorld } from '../support/rollout-world.js';

/** Rows and events of the API's role that make a rollback of what is no item of the rollout: `authority` starts nothing of it. */

/** A rollout that has ended, and its rollback as it waits for its approval. */
async function planned(): Promise<{ readonly world: RolloutWorld; readonly undone: string; readonly id: string }> {
  const world = rolloutWorld(3);
  const first = await world.submit();
  const undone = first.ok ? first.value.made.id : '';
  world.plan(undone);
  await world.decide(undone, 'ada');
  await world.play(undone);
  const second = await world.rollBack(undone);
  const id = second.ok ? second.value.made.id : '';
  world.plan(id);
  world.claims.length = 0;
  return { world, undone, id };
}

/** The event of the API says what its rows say now. */
function said(world: RolloutWorld, of: string, member: string, digest: string): void {
  const { writer, event } = world.submissions.get(of) as { writer: string; event: string };
  const { data, ...others } = JSON.parse(event) as { data: object };
  world.submissions.set(of, { writer, event: canonicalJson({ ...others, data: { ...data, [member]: digest } }) });
}

/** Another request for an item of the rollback, with an event and a digest of the rollout that fit it. */
function changeItem(world: RolloutWorld, id: string, index: number, more: Partial<Job>): void {
  const job = { ...(world.jobsOf(id)[index] as Job), ...more };
  world.jobs.set(job.id, { ...job, plan: makePlanOf(job, 'set') });
  said(world, job.id, 'jobSha256', jobDigest(job));
  changeRollout(world, id, {});
}

function changeRollout(world: RolloutWorld, id: string, more: Partial<StoredRollout>): void {
  const rollout = { ...(world.rollouts.get(id) as StoredRollout), ...more, itemsDigest: itemsDigest(world.jobsOf(id)) };
  world.rollouts.set(id, rollout);
  said(world, id, 'rolloutSha256', rolloutDigest(rollout));
}

/** What becomes of an approval, and how many jobs a worker began with. */
async function approved({ world, id }: Awaited<ReturnType<typeof planned>>) {
  await world.decide(id, 'ada');
  await world.play(id);
  return [world.decisions.at(-1)?.code, world.claims.length];
}

describe('a rollback whose rows the API made up', () => {
  it('is started where it is what it says', async () =>
    expect(await approved(await planned())).toEqual([undefined, 3]));

  it.each<[string, Partial<Job>]>([
    ['has other parameters', { parameters: { path: '/etc' } }],
    ['has another salt', { salt: 'b6'.repeat(16) }],
    ['is for another pool', { pool: 'other' }],
    ['undoes what is not stored', { rollbackOf: 'nothing' }],
    ['makes the change again', { kind: 'remediation' }],
  ])('is not approved where an item %s', async (_, more) => {
    const of = await planned();
    changeItem(of.world, of.id, 1, more);
    expect(await approved(of)).toEqual(['request-changed', 0]);
  });

  it('is not approved where an item is on the target of another one', async () => {
    const of = await planned();
    const [other] = of.world.jobsOf(of.id) as [Job];
    changeItem(of.world, of.id, 1, { target: other.target, targetDigest: other.targetDigest });
    expect(await approved(of)).toEqual(['request-changed', 0]);
  });

  it('is not approved where two items undo the same one', async () => {
    const of = await planned();
    const [{ rollbackOf = '', target, targetDigest }] = of.world.jobsOf(of.id) as [Job];
    changeItem(of.world, of.id, 1, { rollbackOf, target, targetDigest });
    expect(await approved(of)).toEqual(['request-changed', 0]);
  });

  it('is not approved where the item that is undone is not as it was submitted', async () => {
    const of = await planned();
    const { rollbackOf = '' } = of.world.jobsOf(of.id)[1] as Job;
    of.world.set(rollbackOf, { parameters: { path: '/etc' } });
    changeItem(of.world, of.id, 1, { parameters: { path: '/etc' } });
    expect(await approved(of)).toEqual(['request-changed', 0]);
  });

  it('is not approved as the rollback of another rollout, of none, or of one that has not ended', async () => {
    const another = await planned();
    const elsewhere = await another.world.submit();
    const other = elsewhere.ok ? elsewhere.value.made.id : '';
    await another.world.stop(other, 'olga', 'abort');
    await another.world.drive();
    changeRollout(another.world, another.id, { rollbackOf: other });
    expect(await approved(another)).toEqual(['request-changed', 0]);
    const none = await planned();
    changeRollout(none.world, none.id, { rollbackOf: undefined as never });
    expect(await approved(none)).toEqual(['request-changed', 0]);
    const open = await planned();
    open.world.rollouts.set(open.undone, {
      ...(open.world.rollouts.get(open.undone) as StoredRollout),
      status: 'running',
    });
    expect(await approved(open)).toEqual(['not-ended-rollout', 0]);
  });

  it('is not approved with other items left out than were submitted', async () => {
    const of = await planned();
    const leftOut = [{ index: 0, target: 'pc-000', code: 'not-ended' }];
    of.world.rollouts.set(of.id, { ...(of.world.rollouts.get(of.id) as StoredRollout), leftOut });
    expect(await approved(of)).toEqual(['request-changed', 0]);
  });

  it('starts nothing more where it changes after its approval', async () => {
    const of = await planned();
    await of.world.decide(of.id, 'ada');
    const job = of.world.jobsOf(of.id)[2] as Job;
    of.world.set(job.rollbackOf ?? '', { parameters: { path: '/etc' } });
    await of.world.play(of.id);
    expect(of.world.claims).toHaveLength(2);
    expect(of.world.stops.at(-1)).toMatchObject({ kind: 'exclude', code: 'request-changed' });
  });
});
