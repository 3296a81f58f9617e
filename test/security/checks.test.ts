import { describe, expect, it } from '@jest/globals';
import type { SignedGrant } from '../../src/domain/grant.js';
import type { MadePlan } from '../../src/domain/job.js';
import type { Person } from '../../src/domain/people.js';
import { planBytes, planDigest, type Plan } from '../../src/domain/plan.js';
import { digestOfTarget } from '../../src/domain/target.js';
import { falseAlarms, tampering } from './figures/tampering.js';
import { forged } from './figures/forged.js';
import { fourEyes } from './figures/four-eyes.js';
import { bundleOf, claim, decisionOf, judge, signAgain, worldOf, type World } from './figures/world.js';

/** Each check of a claim by itself: what it tells, and by which code. */

const HELEN: Person = { id: 'helen', name: 'Helen', roles: ['helpdesk'] };
const ADA: Person = { id: 'ada', name: 'Ada', roles: ['approver'] };
const BOB: Person = { id: 'bob', name: 'Bob', roles: ['approver'] };

async function approved(action: 'set' | 'send' = 'set'): Promise<World> {
  const world = worldOf([HELEN, ADA, BOB], HELEN, action);
  await judge(world, decisionOf(world, ADA));
  if (action === 'send') await judge(world, decisionOf(world, BOB));
  expect(world.job.state).toBe('queued');
  return world;
}
const grant = (world: World, more: object) => {
  const jti = world.job.grantJti ?? '';
  world.grants.set(jti, { ...(world.grants.get(jti) as SignedGrant), ...more });
};
const without = (world: World, ...members: readonly string[]) =>
  Object.fromEntries(Object.entries(world.job).filter(([name]) => !members.includes(name))) as unknown as World['job'];

/** Another plan whose bytes and digest are its own. */
function otherPlan(world: World, more: Partial<Plan>): MadePlan {
  const made = world.job.plan as MadePlan;
  const plan = { ...made.plan, ...more };
  return { ...made, plan, bytes: planBytes(plan), digest: planDigest(plan) };
}

describe('a claim', () => {
  it('of what was approved goes through', async () => {
    for (const action of ['set', 'send'] as const) expect(await claim(await approved(action))).toBe(true);
  });

  it.each<[string, string, (world: World) => unknown]>([
    ['grant-missing', 'the job names no grant', (w) => (w.job = without(w, 'grantJti'))],
    ['grant-missing', 'there is no such grant', (w) => w.grants.clear()],
    ['grant-revoked', 'it was revoked', (w) => grant(w, { revokedAt: w.now })],
    ['grant-invalid', 'the signature is another', (w) => grant(w, { signature: 'AAAA' })],
    ['runbook-changed', 'a text of the runbook is another', (w) => (w.bundle = bundleOf({ files: [] }))],
    ['runbook-missing', 'the runbook is gone', (w) => (w.bundle = undefined as never)],
    [
      'target-changed',
      'the stored target is another',
      (w) => (w.job = { ...w.job, target: { ...w.job.target, site: 'x' } }),
    ],
    ['target-removed', 'the target is gone', (w) => (w.target = undefined as never)],
    ['target-changed', 'the inventory has another', (w) => (w.target = { ...w.job.target, site: 'x' })],
    [
      'not-applicable',
      'the runbook runs on other kinds',
      (w) => (w.bundle = bundleOf({ manifest: { ...w.bundle.manifest, runsOn: { kinds: ['pc'] } } as never })),
    ],
    [
      'requester-lost-rights',
      'the requester may not ask any more',
      (w) => w.people.set('helen', { ...HELEN, roles: [] }),
    ],
    ['requester-lost-rights', 'the requester is gone', (w) => w.people.delete('helen')],
    [
      'approver-lost-rights',
      'the approver may not approve any more',
      (w) => w.people.set('ada', { ...ADA, roles: [] }),
    ],
    ['approver-lost-rights', 'the approver is gone', (w) => w.people.delete('ada')],
    ['credential-changed', 'the scope is another', (w) => (w.scope = 'wider')],
    ['credential-out-of-scope', 'the credential is out of scope', (w) => (w.scope = undefined as never)],
    ['plan-changed', 'the plan is gone', (w) => (w.job = without(w, 'plan'))],
    ['grant-invalid', 'the job is another', (w) => (w.job = { ...w.job, id: 'b' })],
    ['runbook-not-admitted', 'nobody admits the runbook', (w) => (w.rules = { admissions: { of: async () => [] } })],
    [
      'approvals-missing',
      'two must approve by now',
      (w) =>
        (w.bundle = bundleOf({
          manifest: { ...w.bundle.manifest, approval: { ...w.bundle.manifest.approval, required: { R1: 2 } } },
        })),
    ],
  ])('is refused with %s where %s', async (code, _, change) => {
    const world = await approved();
    change(world);
    expect(await claim(world)).toBe(false);
    expect(world.job).toMatchObject({ state: 'blocked', code });
    expect(world.events.at(-1)?.action).toMatch(/^(job.blocked|grant.revoked)$/);
  });

  it('is refused where the requester is among the approvers, although authority signed it', async () => {
    const world = await approved();
    signAgain(world, (grant) => ({
      ...grant,
      approvals: grant.approvals.map((approval) => ({ ...approval, person: HELEN })),
    }));
    expect(await claim(world)).toBe(false);
    expect(world.job.code).toBe('own-request');
  });

  it.each<[string, Partial<Plan>]>([
    ['another job', { job: 'b' }],
    ['another salt', { salt: 'b' }],
    ['another runbook', { runbook: 'b' }],
    ['other parameters', { parameters: 'b' }],
    ['another target', { target: 'b' }],
    ['another request', { request: 'b' }],
    ['other locks', { locks: ['b'] }],
  ])('is refused where the plan that authority signed is of %s', async (_, more) => {
    const world = await approved();
    world.job = { ...world.job, plan: otherPlan(world, more) };
    signAgain(world, (signed) => ({ ...signed, planSha256: world.job.plan?.digest ?? '' }));
    expect(await claim(world)).toBe(false);
    expect(world.job.code).toMatch(/^(plan|request)-changed$/);
  });

  it('is refused for another pool', async () => {
    const world = await approved();
    expect(await claim(world, 'another')).toBe(false);
  });

  it('is refused in another pool than its target names', async () => {
    const world = await approved();
    world.target = { ...world.job.target, settings: { pool: 'east' } };
    world.job = { ...world.job, target: world.target, targetDigest: digestOfTarget(world.target) };
    expect(await claim(world)).toBe(false);
    expect(world.job).toMatchObject({ code: 'target-changed', detail: expect.stringContaining('names the pool east') });
  });
});

describe('a decision', () => {
  it.each<[string, Partial<Plan>]>([
    ['another job', { job: 'b' }],
    ['another salt', { salt: 'b' }],
    ['another runbook', { runbook: 'b' }],
    ['other parameters', { parameters: 'b' }],
    ['another target', { target: 'b' }],
    ['no changes', { changes: [] }],
    ['an action that the runbook has not', { changes: [{ action: 'none' } as never] }],
  ])('is refused where the stored plan is of %s, and its bytes and digest fit', async (_, more) => {
    const world = worldOf([HELEN, ADA], HELEN);
    world.job = { ...world.job, plan: otherPlan(world, more) };
    await judge(world, decisionOf(world, ADA));
    expect(world.events.at(-1)?.data).toMatchObject({ code: 'plan-changed' });
  });

  it('is refused where the digest of the plan is another', async () => {
    const world = worldOf([HELEN, ADA], HELEN);
    world.job = { ...world.job, plan: { ...(world.job.plan as MadePlan), digest: 'b' } };
    await judge(world, decisionOf(world, ADA));
    expect(world.events.at(-1)?.data).toMatchObject({ code: 'plan-changed' });
  });

  const target = (world: World) => ({ ...world.job.target, site: 'x' });
  const planned = (world: World, more: object) => {
    const made = world.job.plan as MadePlan;
    return { ...world.job, plan: { ...made, bytes: JSON.stringify({ ...made.plan, ...more }) } };
  };
  it.each<[string, string, (world: World) => unknown]>([
    ['plan-changed', 'the stored target is another', (w) => (w.job = { ...w.job, target: target(w) })],
    [
      'plan-changed',
      'the target and its digest are others',
      (w) => (w.job = { ...w.job, target: target(w), targetDigest: digestOfTarget(target(w)) }),
    ],
    [
      'plan-changed',
      'the runbook is another',
      (w) => (w.job = { ...w.job, runbook: { ...w.job.runbook, contentDigest: 'b' } }),
    ],
    ['plan-changed', 'the salt is another', (w) => (w.job = { ...w.job, salt: 'b' })],
    ['plan-changed', 'the bytes are not canonical', (w) => (w.job = planned(w, {}))],
    ['plan-changed', 'the plan is of another job', (w) => (w.job = { ...w.job, id: 'b' })],
    ['proof-invalid', 'the token was issued later', (w) => (w.now = new Date(0))],
  ])('is refused with %s where %s', async (code, _, change) => {
    const world = worldOf([HELEN, ADA], HELEN);
    change(world);
    await judge(world, decisionOf(world, ADA));
    expect(world.job.state).toBe('awaiting-approval');
    expect(world.events.at(-1)?.data).toMatchObject({ code });
  });
});

it.each<[string, () => Promise<{ wrong: number; problems: readonly string[] }>]>([
  ['forged', () => forged({ count: 300, seed: 7 })],
  ['four eyes', () => fourEyes({ count: 300, seed: 7 })],
  ['tampering', () => tampering({ count: 120, seed: 7 })],
  ['false alarms', () => falseAlarms({ count: 50, seed: 7 })],
])('the figure %s finds nothing wrong', async (_, figure) => {
  expect((await figure()).problems).toEqual([]);
});
