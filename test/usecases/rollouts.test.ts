import { describe, expect, it } from '@jest/globals';
import type { RolloutStop, StoredRollout } from '../../src/ports/rollouts.js';
import { rolloutWorld, type RolloutWorld } from '../support/rollout-world.js';

/** A rollout from its submission to its end, by the real use cases of API, authority and worker. */

async function submitted(
  world: RolloutWorld,
  wish: Parameters<RolloutWorld['submit']>[0] = {},
): Promise<StoredRollout> {
  const made = await world.submit(wish);
  expect(made).toMatchObject({ ok: true });
  return (made as { value: { made: StoredRollout } }).value.made;
}

async function approved(count = 60, wish: Parameters<RolloutWorld['submit']>[0] = {}) {
  const world = rolloutWorld(count);
  const { id } = await submitted(world, wish);
  world.plan(id);
  expect(await world.decide(id, 'ada')).toMatchObject({ ok: true });
  if (count > 10) expect(await world.decide(id, 'bob')).toMatchObject({ ok: true });
  expect(world.rollouts.get(id)?.status).toBe('running');
  return { world, id };
}
const states = (world: RolloutWorld, id: string) => {
  const counts: Record<string, number> = {};
  for (const { state } of world.jobsOf(id)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};
const codeOf = (result: { ok: boolean; error?: unknown }) => (result.error as { kind?: string } | undefined)?.kind;

describe('a rollout over 60 targets', () => {
  it('is one request and two decisions, and ends with every item fixed', async () => {
    const { world, id } = await approved();
    expect(await world.play(id)).toMatchObject({ status: 'ended', ending: 'finished' });
    expect(states(world, id)).toEqual({ succeeded: 60 });
    expect(new Set(world.claims).size).toBe(60);
    expect(world.decisions.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  });

  it('starts with one, then a tenth, then the rest, and never more at once than declared', async () => {
    const { world, id } = await approved(60, { atOnce: 4 });
    const batches: number[] = [];
    for (let i = 0; i < 100 && world.rollouts.get(id)?.status !== 'ended'; i++) {
      await world.drive();
      const waiting = world.waiting(id);
      if (waiting.length > 0) batches.push(waiting.length);
      for (const index of waiting) if (await world.claim(id, index)) world.end(id, index, 'fixed');
    }
    expect(batches.slice(0, 4)).toEqual([1, 4, 2, 4]);
    expect(Math.max(...batches)).toBe(4);
    expect(batches.reduce((sum, each) => sum + each, 0)).toBe(60);
  });

  it('stops when four machines are broken, is resumed without them by an approver, and finishes', async () => {
    const broken = [3, 4, 5, 6];
    const { world, id } = await approved(60, { budget: { failed: 3 } });
    const endOf = (index: number) => (broken.includes(index) ? 'failed' : 'fixed');
    expect(await world.play(id, endOf)).toMatchObject({ status: 'paused' });
    expect(states(world, id)).toEqual({ succeeded: 3, failed: 4, 'awaiting-approval': 53 });
    expect(world.stops).toMatchObject([{ kind: 'pause', code: 'budget-exceeded', items: broken }]);
    // Not by its requester, not without leaving the four out.
    expect(codeOf(await world.resume(id, 'olga', { exclude: broken }))).toBe('not-an-approver');
    expect(codeOf(await world.resume(id, 'ada'))).toBe('budget-exceeded');
    expect(await world.play(id, endOf)).toMatchObject({ status: 'paused' });
    expect(await world.resume(id, 'ada', { exclude: broken })).toMatchObject({ ok: true, value: { status: 'paused' } });
    expect(await world.resume(id, 'bob', { exclude: broken })).toMatchObject({
      ok: true,
      value: { status: 'running' },
    });
    expect(await world.play(id, endOf)).toMatchObject({ status: 'ended', ending: 'finished' });
    expect(states(world, id)).toEqual({ succeeded: 56, failed: 4 });
  });

  it('stops after the one machine that a bad fix broke', async () => {
    const { world, id } = await approved(60, { budget: { failed: 60 } });
    expect(await world.play(id, () => 'failed')).toMatchObject({ status: 'paused' });
    expect(states(world, id)).toEqual({ failed: 1, 'awaiting-approval': 59 });
    expect(world.stops).toMatchObject([{ code: 'wave-not-proved', wave: 0, items: [0] }]);
  });

  it('continues as it was where authority is killed while it starts a wave', async () => {
    const { world, id } = await approved();
    let moves = 0;
    world.beforeMove = () => {
      moves += 1;
      if (moves % 3 === 0) throw new Error('killed');
    };
    for (let i = 0; i < 400 && world.rollouts.get(id)?.status !== 'ended'; i++) {
      await world.drive().catch(() => undefined);
      for (const index of world.waiting(id)) {
        const claimed = await world.claim(id, index).catch(() => false);
        if (claimed) world.end(id, index, 'fixed');
      }
    }
    expect(world.rollouts.get(id)).toMatchObject({ ending: 'finished' });
    expect(new Set(world.claims).size).toBe(60);
    expect(world.grants.size).toBe(60);
    expect(world.events.filter(({ action }) => action === 'rollout.wave-started')).toHaveLength(3);
  });
});

describe('the decision about a list', () => {
  it('needs another person, an approver, and two of them for more than 10 items', async () => {
    const world = rolloutWorld(11);
    const made = await world.submit({}, 'both');
    const id = made.ok ? made.value.made.id : '';
    world.plan(id);
    expect(codeOf(await world.decide(id, 'both'))).toBe('own-request');
    expect(codeOf(await world.decide(id, 'helen'))).toBe('not-an-approver');
    expect(await world.decide(id, 'ada')).toMatchObject({ ok: true, value: { status: 'open' } });
    await world.drive();
    expect(world.grants.size).toBe(0);
    expect(await world.decide(id, 'bob')).toMatchObject({ ok: true, value: { status: 'running' } });
  });

  it('covers the items that are planned then, and no other ever', async () => {
    const world = rolloutWorld(5);
    const { id } = await submitted(world);
    world.plan(id, (index) => (index === 3 ? undefined : 'set'));
    expect(await world.list(id)).toMatchObject({ planning: [3] });
    await world.decide(id, 'ada');
    world.plan(id);
    expect(await world.play(id)).toMatchObject({ ending: 'finished' });
    expect(states(world, id)).toEqual({ succeeded: 4, 'awaiting-approval': 1 });
  });

  it('is refused where the list has changed since it was read', async () => {
    const world = rolloutWorld(3);
    const { id } = await submitted(world);
    world.plan(id, (index) => (index === 2 ? undefined : 'set'));
    const { root } = await world.list(id);
    world.plan(id);
    expect(codeOf(await world.decide(id, 'ada', { root }))).toBe('list-changed');
  });

  it('leaves out what must not be done twice, and groups the rest by what it does', async () => {
    const world = rolloutWorld(4);
    const { id } = await submitted(world);
    world.plan(id, (index) => (index === 1 ? 'send' : 'set'));
    const list = await world.list(id);
    expect(list.notRepeatable).toEqual([1]);
    expect(list.list.map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(list.groups).toMatchObject([{ items: [0, 2, 3], kinds: [{ action: 'set' }] }]);
  });

  it('ends the rollout where it is a rejection', async () => {
    const world = rolloutWorld(3);
    const { id } = await submitted(world);
    world.plan(id);
    expect(await world.decide(id, 'ada', { decision: 'reject' })).toMatchObject({ value: { ending: 'rejected' } });
    expect(codeOf(await world.decide(id, 'bob'))).toBe('rollout-ended');
    await world.play(id);
    expect(world.claims).toEqual([]);
  });
});

describe('a submission', () => {
  it.each<[string, Parameters<RolloutWorld['submit']>[0], string]>([
    ['no condition', { select: {} }, 'selection-unbounded'],
    ['a condition without a value', { select: { sites: [] } }, 'selection-unbounded'],
    ['a filter that selects nothing', { select: { sites: ['nowhere'] }, expect: 0 }, 'selection-empty'],
    ['two selections', { items: [{ target: 'pc-000' }] }, 'selection-unclear'],
    ['another number than was typed', { expect: 59 }, 'count-mismatch'],
    ['everything at once', { waves: [{ size: 'rest' }] }, 'declaration-refused'],
    ['a runbook that is not there', { runbook: 'nothing' }, 'runbook-not-found'],
  ])('with %s is refused', async (_, wish, code) => {
    const world = rolloutWorld();
    expect(codeOf(await world.submit(wish))).toBe(code);
    expect(world.jobs.size).toBe(0);
  });

  it('names every bad row of a table, and stores nothing', async () => {
    const world = rolloutWorld(3);
    const row = (target: string, parameters = {}) => ({ target, parameters });
    const items = [row('pc-000'), row('pc-009'), row('pc-001', { refused: 1 }), row('pc-000'), row('pc-002')];
    const refused = await world.submit({ items, expect: 5, select: undefined as never });
    expect(refused).toMatchObject({
      error: {
        kind: 'rollout-refused',
        members: [
          { index: 1, target: 'pc-009', failure: { kind: 'target-not-found' } },
          { index: 2, failure: { kind: 'invalid-parameters' } },
          { index: 3, failure: { kind: 'duplicate-member', first: 0 } },
        ],
      },
    });
    expect(world.jobs.size + world.rollouts.size).toBe(0);
  });

  it('takes 40 users of one target as one request, whatever the limit for one target is', async () => {
    const world = rolloutWorld(1);
    const items = Array.from({ length: 40 }, (_, i) => ({ target: 'pc-000', parameters: { user: `u${i}` } }));
    const { count } = await submitted(world, { items, expect: 40, select: undefined as never });
    expect(count).toBe(40);
  });

  it('asks again for what an ended rollout did not do, with new plans', async () => {
    const { world, id } = await approved(5, { budget: { failed: 2 } });
    await world.play(id, (index) => (index === 2 ? 'failed' : index === 3 ? 'expired' : 'fixed'));
    const again = { retryOf: id, select: undefined as never };
    expect(codeOf(await world.submit({ ...again, expect: 2 }, 'helen'))).toBe('rollout-not-found');
    const retry = await submitted(world, { ...again, expect: 2 });
    expect(world.jobsOf(retry.id).map(({ target }) => target.name)).toEqual(['pc-002', 'pc-003']);
    expect(world.jobsOf(retry.id).every(({ state }) => state === 'planning')).toBe(true);
    expect(retry.declaration).toMatchObject({ budget: { failed: 2, unknown: 2 } });
  });
});

describe('a resume where Fixpoint paused a list that needed two approvers', () => {
  const broken = [3, 4, 5, 6];
  const endOf = (index: number) => (broken.includes(index) ? 'failed' : 'fixed');
  /** Paused because of its budget. */
  async function paused() {
    const { world, id } = await approved(60, { budget: { failed: 3 } });
    await world.play(id, endOf);
    expect(world.rollouts.get(id)?.status).toBe('paused');
    const pause = world.stops[0]?.id ?? '';
    return { world, id, pause, before: world.claims.length };
  }
  const statusesOf = (world: RolloutWorld) =>
    world.decisions.filter(({ kind }) => kind === 'resume').map(({ status }) => status);

  it('counts the first one, and ends the pause with the second', async () => {
    const { world, id, before } = await paused();
    await world.resume(id, 'ada', { exclude: broken });
    await world.play(id, endOf);
    expect([statusesOf(world), world.claims.length]).toEqual([['counted'], before]);
    expect(world.events.at(-1)).toMatchObject({
      action: 'rollout.decided',
      data: { decided: 'resume', approvals: 1, needed: 2 },
    });
    await world.resume(id, 'bob', { exclude: [...broken].reverse() });
    expect(statusesOf(world)).toEqual(['counted', 'accepted']);
    expect(await world.play(id, endOf)).toMatchObject({ ending: 'finished' });
  });

  it('counts nobody twice', async () => {
    const { world, id, before } = await paused();
    for (let i = 0; i < 3; i++) await world.resume(id, 'ada', { exclude: broken });
    await world.play(id, endOf);
    expect([statusesOf(world), world.claims.length]).toEqual([['counted', 'counted', 'counted'], before]);
  });

  it('counts those of exactly the same exclusions and pauses', async () => {
    const { world, id, pause, before } = await paused();
    await world.stop(id, 'olga', 'pause');
    await world.resume(id, 'ada', { exclude: broken, ends: [pause] });
    await world.resume(id, 'bob', { exclude: [...broken, 7], ends: [pause] });
    await world.resume(id, 'bob', { exclude: broken });
    await world.play(id, endOf);
    expect([statusesOf(world), world.claims.length]).toEqual([['counted', 'counted', 'counted'], before]);
  });

  it('counts no earlier one whose person may not approve any more, or whose proof does not hold', async () => {
    const { world, id } = await paused();
    await world.resume(id, 'ada', { exclude: broken });
    world.people.set('ada', { id: 'ada', name: 'ada', roles: ['auditor'] });
    await world.resume(id, 'bob', { exclude: broken });
    expect(statusesOf(world)).toEqual(['counted', 'counted']);
    world.people.set('ada', { id: 'ada', name: 'ada', roles: ['approver'] });
    world.decisions = world.decisions.map((row) =>
      row.kind === 'resume' && row.person.id === 'ada' ? { ...row, proof: { kind: 'token', tokenId: '' } } : row,
    );
    await world.resume(id, 'bob', { exclude: broken });
    expect(statusesOf(world)).toEqual(['counted', 'counted', 'counted']);
  });

  it('takes signatures with their own keys, and the log carries both', async () => {
    const { world, id } = await paused();
    for (const who of ['ada', 'bob'] as const)
      expect(await world.resume(id, who, world.signedResume(id, who, broken))).toMatchObject({ ok: true });
    expect(statusesOf(world)).toEqual(['counted', 'accepted']);
    const { data } = world.events.find(({ action }) => action === 'rollout.resumed') ?? {};
    expect(data).toMatchObject({
      ...{ rollout: id, grant: world.rolloutGrants.get(id)?.jti, exclude: broken, proof: 'key' },
      approvals: [
        { person: { id: 'ada' }, exclude: broken, proof: { kind: 'key', registration: 'key-ada' } },
        { person: { id: 'bob' }, exclude: broken, proof: { kind: 'key', registration: 'key-bob' } },
      ],
    });
  });

  it('takes no signature a second time that was refused before', async () => {
    const { world, id } = await paused();
    const signed = world.signedResume(id, 'ada', broken);
    world.people.delete('ada');
    expect(codeOf(await world.resume(id, 'ada', signed))).toBe('not-an-approver');
    world.people.set('ada', { id: 'ada', name: 'ada', roles: ['approver'] });
    expect(codeOf(await world.resume(id, 'ada', signed))).toBe('decision-replayed');
    const unfit = world.signedResume(id, 'ada', []);
    expect(codeOf(await world.resume(id, 'ada', unfit))).toBe('budget-exceeded');
    expect(codeOf(await world.resume(id, 'ada', unfit))).toBe('decision-replayed');
    expect(await world.resume(id, 'ada', world.signedResume(id, 'ada', broken))).toMatchObject({ ok: true });
  });

  it('needs one after a person’s pause', async () => {
    const { world, id } = await approved(20);
    await world.stop(id, 'bob', 'pause');
    expect(await world.resume(id, 'olga')).toMatchObject({ value: { status: 'running' } });
  });
});

describe('the brakes', () => {
  it('a pause holds what waits for a worker, until whoever may start rollouts resumes it', async () => {
    const { world, id } = await approved(5);
    await world.drive();
    expect(await world.stop(id, 'helen', 'pause')).toMatchObject({ ok: false });
    await world.stop(id, 'bob', 'pause');
    expect(await world.claim(id, 0)).toBe(false);
    await world.play(id);
    expect(world.claims).toEqual([]);
    expect(world.rollouts.get(id)?.status).toBe('paused');
    expect(await world.resume(id, 'olga')).toMatchObject({ ok: true });
    world.now = new Date(world.now.getTime() + 60_000);
    expect(await world.play(id)).toMatchObject({ ending: 'finished' });
  });

  it('a pause that is written after the decision to resume was made holds', async () => {
    const { world, id } = await approved(5);
    await world.stop(id, 'bob', 'pause');
    const [first] = world.stops;
    await world.stop(id, 'ada', 'pause');
    expect(await world.resume(id, 'olga', { ends: [first?.id ?? ''] })).toMatchObject({ value: { status: 'paused' } });
    await world.drive();
    expect(world.grants.size).toBe(0);
  });

  it('an abort cancels what has not begun, lets the rest finish, and ends', async () => {
    const { world, id } = await approved(30);
    await world.drive();
    await world.claim(id, 0);
    await world.stop(id, 'olga', 'abort');
    expect(states(world, id)).toEqual({ running: 1, cancelled: 29 });
    await world.drive();
    expect(world.rollouts.get(id)?.status).not.toBe('ended');
    world.end(id, 0, 'fixed');
    await world.drive();
    expect(world.rollouts.get(id)).toMatchObject({ status: 'ended', ending: 'aborted' });
    expect(codeOf(await world.resume(id, 'ada'))).toBe('rollout-ended');
  });

  it('an item that was taken out is never started', async () => {
    const { world, id } = await approved(5);
    await world.stop(id, 'ada', 'exclude', [2, 4]);
    expect(await world.play(id)).toMatchObject({ ending: 'finished' });
    expect(states(world, id)).toEqual({ succeeded: 3, 'awaiting-approval': 2 });
  });

  it.each<[string, RolloutStop['kind'], readonly number[], readonly number[]]>([
    ['takes items out', 'exclude', [3], [2, 4]],
    ['pauses', 'pause', [], [2]],
    ['aborts', 'abort', [], [2]],
  ])('what %s while children are signed counts for the next one', async (_, kind, items, started) => {
    const { world, id } = await approved(5);
    await world.drive();
    await world.claim(id, 0);
    world.end(id, 0, 'fixed');
    // The second wave is one item, and the third has the other three.
    await world.drive();
    const index = world.waiting(id)[0] ?? -1;
    await world.claim(id, index);
    world.end(id, index, 'fixed');
    const before = world.grants.size;
    world.beforeMove = () => {
      if (world.stops.length === 0 && world.grants.size === before)
        world.stops.push({
          ...{ id: 'late', rollout: id, kind, items, at: world.now },
          ...{ person: { id: 'ada', name: 'ada', roles: ['approver'] }, reason: 'stop' },
        });
    };
    await world.drive();
    expect([before, world.waiting(id)]).toEqual([2, started]);
  });

  it('a freeze of all work starts nothing', async () => {
    const { world } = await approved(5);
    world.frozen = true;
    await world.drive();
    expect(world.grants.size).toBe(0);
  });
});
