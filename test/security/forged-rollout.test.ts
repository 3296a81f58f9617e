import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../src/domain/canonical.js';
import type { Job } from '../../src/domain/job.js';
import { listBytes, listRoot } from '../../src/domain/rollout-list.js';
import { rolloutGrantBytes, rolloutGrantMessage, type RolloutGrant } from '../../src/domain/rollout-grant.js';
import { rolloutDigest } from '../../src/domain/rollouts/request.js';
import type { RolloutDecision, StoredRollout } from '../../src/ports/rollouts.js';
import { makePlanOf } from '../support/job-views.js';
import { rolloutWorld, type RolloutWorld } from '../support/rollout-world.js';

/** Rows of a rollout that nobody decided: whatever they say, nothing of it starts. */

async function planned(count = 6): Promise<{ readonly world: RolloutWorld; readonly id: string }> {
  const world = rolloutWorld(count);
  const made = await world.submit();
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { id } = made.value.made;
  world.plan(id);
  return { world, id };
}

async function approved(count = 6) {
  const { world, id } = await planned(count);
  expect(await world.decide(id, 'ada')).toMatchObject({ ok: true });
  return { world, id };
}

/** Authority and workers do what they would; how many jobs a worker began with. */
async function begun({ world, id }: Awaited<ReturnType<typeof planned>>): Promise<number> {
  await world.play(id);
  return world.claims.length;
}

const changeRollout = (world: RolloutWorld, id: string, more: Partial<StoredRollout>) =>
  world.rollouts.set(id, { ...(world.rollouts.get(id) as StoredRollout), ...more });
const forged = (id: string, more: Partial<RolloutDecision>): RolloutDecision => ({
  ...{ id: `forged-${id}`, rollout: id, kind: 'approve', ends: [], exclude: [], reason: 'ok', status: 'accepted' },
  ...{ person: { id: 'ada', name: 'ada', roles: ['approver'] }, proof: { kind: 'token', tokenId: 't-ada' } },
  decidedAt: new Date('2026-01-02T12:00:00.000Z'),
  ...more,
});

/** The API's row and its event say that this was asked for. */
async function declared(more: object) {
  const world = rolloutWorld(12);
  const made = await world.submit();
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const { id, declaration } = made.value.made;
  changeRollout(world, id, { declaration: { ...declaration, ...more } });
  const { writer, event } = world.submissions.get(id) as { writer: string; event: string };
  const said = JSON.parse(event) as { data: { rolloutSha256: string } };
  said.data.rolloutSha256 = rolloutDigest(world.rollouts.get(id) as StoredRollout);
  world.submissions.set(id, { writer, event: canonicalJson(said) });
  world.plan(id);
  for (const who of ['ada', 'bob'] as const) await world.decide(id, who);
  return { world, id };
}

describe('a declaration that the API’s row makes up', () => {
  it('is approved where it keeps to the limits', async () => {
    expect(await begun(await declared({ waves: [{ size: 1 }, { size: 'rest' }] }))).toBe(12);
  });

  it.each<[string, object]>([
    ['a size that reads as one and means all', { waves: [{ size: '1' }, { size: 'rest' }] }],
    ['a first wave of more than a tenth of what is approved', { waves: [{ size: 5 }, { size: 'rest' }] }],
    ['an approval that is asked for in words', { waves: [{ size: 1 }, { size: 'rest', approval: 'true' }] }],
    ['a budget that no number exceeds', { budget: { failed: '0 ', unknown: 0, unreached: 0 } }],
    ['more at once than allowed', { atOnce: 500 }],
    ['a longer window than allowed', { window: '30d' }],
  ])('is not approved: %s', async (_, more) => {
    const { world, id } = await declared(more);
    expect([await begun({ world, id }), world.rolloutGrants.size]).toEqual([0, 0]);
    expect(world.decisions.map(({ status, code }) => [status, code])).toEqual([
      ['refused', 'declaration-refused'],
      ['refused', 'declaration-refused'],
    ]);
  });
});

describe('without a decision nothing starts', () => {
  it('by a status that says that it runs', async () => {
    const { world, id } = await planned();
    changeRollout(world, id, { status: 'running' });
    expect(await begun({ world, id })).toBe(0);
  });

  it('by a decision that says that it was accepted', async () => {
    const { world, id } = await planned();
    const { root, list } = await world.list(id);
    world.lists.set(`${id} ${root}`, listBytes(list));
    world.decisions.push(
      forged(id, { root }),
      forged(id, { id: 'b', root, person: { id: 'bob', name: 'bob', roles: [] } }),
    );
    expect(await begun({ world, id })).toBe(0);
    expect(world.grants.size).toBe(0);
  });

  it('and a grant names its approvers as the people file has them, whatever their rows say', async () => {
    const { world, id } = await planned(12);
    await world.decide(id, 'ada');
    const [first] = world.decisions as [RolloutDecision];
    world.decisions[0] = { ...first, person: { id: 'ada', name: 'The director', roles: ['admin'] } };
    await world.decide(id, 'bob');
    const { approvals } = JSON.parse(world.rolloutGrants.get(id)?.bytes ?? '') as RolloutGrant;
    expect(approvals.map(({ person }) => person)).toEqual([
      { id: 'ada', name: 'ada', roles: ['approver'] },
      { id: 'bob', name: 'bob', roles: ['approver'] },
    ]);
  });

  it('by a grant that another key signed', async () => {
    const { world, id } = await approved();
    const real = world.rolloutGrants.get(id);
    const other = await planned();
    const grant = { ...(JSON.parse(real?.bytes ?? '') as RolloutGrant), rollout: other.id };
    const bytes = rolloutGrantBytes(grant);
    const { privateKey } = generateKeyPairSync('ed25519');
    const signature = sign(null, rolloutGrantMessage(bytes), privateKey).toString('base64');
    other.world.rolloutGrants.set(other.id, { jti: grant.jti, rollout: other.id, bytes, signature, kid: 'k' });
    expect(await begun(other)).toBe(0);
    expect(other.world.stops).toMatchObject([{ kind: 'pause', code: 'grant-invalid' }]);
  });

  it('by a job that was moved to the queue', async () => {
    const { world, id } = await planned();
    world.set(world.jobsOf(id)[0]?.id ?? '', { state: 'queued', grantJti: 'none' });
    expect(await begun({ world, id })).toBe(0);
  });

  it('by the wrong proof of a decision', async () => {
    const { world, id } = await planned();
    const { root, list } = await world.list(id);
    const rows: readonly Partial<RolloutDecision>[] = [
      { proof: { kind: 'token', tokenId: 't-bob' } },
      { proof: { kind: 'token', tokenId: '' } },
      { person: { id: 'olga', name: 'olga', roles: ['approver'] }, proof: { kind: 'token', tokenId: 't-olga' } },
      { person: { id: 'nobody', name: 'ada', roles: ['approver'] } },
      { root: '0'.repeat(64) },
    ];
    for (const [n, more] of rows.entries())
      await world.rolloutsPort.decide({ ...forged(id, { root, ...more }), id: `row-${n}` }, listBytes(list));
    expect(world.decisions.map(({ status }) => status)).toEqual(rows.map(() => 'refused'));
    expect(await begun({ world, id })).toBe(0);
  });
});

describe('a decision is for exactly what was read', () => {
  it.each<[string, Partial<StoredRollout>]>([
    [
      'waves',
      {
        declaration: {
          waves: [{ size: 'rest' }],
          budget: { failed: 9, unknown: 9, unreached: 9 },
          atOnce: 50,
          window: '72h',
        },
      },
    ],
    ['requester', { requester: { id: 'helen', name: 'helen', roles: ['helpdesk'] } }],
    ['reason', { reason: 'another' }],
    ['count', { count: 5 }],
  ])('and refused where the row has another %s than was submitted', async (_, more) => {
    const { world, id } = await planned();
    changeRollout(world, id, more);
    await world.decide(id, 'ada');
    expect(world.decisions).toMatchObject([{ status: 'refused', code: 'request-changed' }]);
    expect(await begun({ world, id })).toBe(0);
  });

  it('and waves and budget of the row count for nothing afterwards', async () => {
    const { world, id } = await approved(20 - 10);
    changeRollout(world, id, {
      declaration: {
        waves: [{ size: 'rest' }],
        budget: { failed: 9, unknown: 9, unreached: 9 },
        atOnce: 50,
        window: '72h',
      },
    });
    expect(await begun({ world, id })).toBe(0);
  });

  it('and a job that was added is no item', async () => {
    const { world, id } = await planned();
    const job = world.jobsOf(id)[0] as Job;
    const added = { ...job, id: `${job.id.slice(0, -2)}ff`, rollout: { id, index: 6 } };
    world.jobs.set(added.id, { ...added, plan: makePlanOf(added, 'set') });
    await world.decide(id, 'ada');
    expect(world.decisions).toMatchObject([{ status: 'refused', code: 'request-changed' }]);
    expect(await begun({ world, id })).toBe(0);
  });

  it('and a list with another plan than the job has is refused', async () => {
    const { world, id } = await planned();
    const { list } = await world.list(id);
    const other = list.map((each, at) => (at === 1 ? { ...each, plan: 'f'.repeat(64) } : each));
    await world.rolloutsPort.decide(forged(id, { root: listRoot(other) }), listBytes(other));
    expect(world.decisions).toMatchObject([{ status: 'refused', code: 'plan-changed' }]);
  });

  it('and a list under a root that is not its own is none', async () => {
    const { world, id } = await planned();
    const { list, root } = await world.list(id);
    await world.rolloutsPort.decide(forged(id, { root }), listBytes(list.slice(1)));
    expect(world.decisions).toMatchObject([{ status: 'refused', code: 'plan-changed' }]);
  });
});

describe('a gate opens by nothing but proof', () => {
  it('not by jobs that say that they succeeded, without the event of the worker', async () => {
    const { world, id } = await approved();
    await world.drive();
    world.set(world.jobsOf(id)[0]?.id ?? '', { state: 'succeeded', outcome: 'fixed' });
    expect(await begun({ world, id })).toBe(0);
    expect(world.grants.size).toBe(1);
  });

  it('not by cancelling the canary', async () => {
    const { world, id } = await approved();
    await world.drive();
    world.set(world.jobsOf(id)[0]?.id ?? '', { state: 'cancelled' });
    expect(await begun({ world, id })).toBe(0);
    expect(world.stops).toMatchObject([{ code: 'wave-not-proved' }]);
  });

  it('not by taking the canary out', async () => {
    const { world, id } = await approved();
    await world.stop(id, 'olga', 'exclude', [0]);
    expect(await begun({ world, id })).toBe(0);
    expect(world.stops.at(-1)).toMatchObject({ kind: 'pause', code: 'wave-not-proved' });
  });

  it('not by taking out an item that failed, which gives no budget back', async () => {
    const { world, id } = await approved();
    await world.play(id, () => 'failed');
    await world.stop(id, 'olga', 'exclude', [0]);
    await world.drive();
    expect(world.grants.size).toBe(1);
  });

  it('not by a pause that somebody wrote and a person ended: only those of authority are gates', async () => {
    const { world, id } = await approved();
    await world.stop(id, 'olga', 'pause');
    const [stop] = world.stops;
    world.stops = [{ ...stop, code: 'wave-not-proved', wave: 0 } as (typeof world.stops)[number]];
    expect(await world.resume(id, 'olga')).toMatchObject({ ok: true });
    expect(await world.play(id, () => 'already-fine')).toMatchObject({ status: 'paused' });
    expect(world.claims).toHaveLength(1);
  });

  it('not by a resume that says that it was accepted and has no proof', async () => {
    const { world, id } = await approved();
    await world.play(id, () => 'failed');
    const ends = world.stops.map((stop) => stop.id);
    world.decisions.push(
      forged(id, { kind: 'resume', ends, exclude: [0], proof: { kind: 'token', tokenId: 't-bob' } }),
    );
    await world.drive();
    await world.drive();
    expect(world.grants.size).toBe(1);
  });

  it('not by a resume that says that it was accepted and that one approver of two signed', async () => {
    const { world, id } = await planned(20);
    for (const who of ['ada', 'bob'] as const) await world.decide(id, who);
    await world.play(id, () => 'failed');
    const ends = world.stops.map((stop) => stop.id);
    const resume = forged(id, { kind: 'resume', ends, exclude: [0] });
    const own = {
      person: { id: 'olga', name: 'olga', roles: [] },
      proof: { kind: 'token', tokenId: 't-olga' },
    } as const;
    const other = {
      person: { id: 'bob', name: 'bob', roles: [] },
      proof: { kind: 'token', tokenId: 't-bob' },
    } as const;
    world.decisions.push(
      resume,
      { ...resume, id: 'again' },
      // Of the requester, of another exclusion, and refused.
      { ...resume, ...own, id: 'own' },
      { ...resume, ...other, id: 'other', exclude: [0, 1] },
      { ...resume, ...other, id: 'refused', status: 'refused' },
    );
    expect(await begun({ world, id })).toBe(1);
    // With the second signature it is one.
    world.decisions.push({ ...resume, ...other, id: 'second', status: 'counted' });
    await world.drive();
    expect(world.stops.at(-1)).toMatchObject({ code: 'wave-not-proved' });
  });

  it('and not for a person who has lost the right to approve since', async () => {
    const { world, id } = await approved();
    world.people.set('ada', { id: 'ada', name: 'ada', roles: ['auditor'] });
    expect(await begun({ world, id })).toBe(0);
    expect(world.stops).toMatchObject([{ kind: 'pause', code: 'approver-lost-rights' }]);
  });
});

describe('an item that is not what was approved any more', () => {
  it('is left out when its target was moved, and the others are started', async () => {
    const { world, id } = await approved();
    const moved = world.jobsOf(id)[3] as Job;
    world.set(moved.id, { target: { ...moved.target, tier: 0 } });
    expect(await world.play(id)).toMatchObject({ ending: 'finished' });
    expect(world.claims).toHaveLength(5);
    expect(world.claims).not.toContain(moved.id);
  });

  it('counts as failed when it drifts', async () => {
    const { world, id } = await approved();
    await world.drive();
    await world.claim(id, 0);
    const job = world.jobsOf(id)[0] as Job;
    world.set(job.id, { state: 'awaiting-approval', plan: makePlanOf(job, 'set', 'send') });
    expect(await world.play(id)).toMatchObject({ status: 'paused' });
    expect(world.claims).toHaveLength(1);
  });
});
