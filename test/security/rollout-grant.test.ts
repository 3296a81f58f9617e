import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { GrantedKeyProof } from '../../src/domain/decision-proof.js';
import { approvedRollout, type Grant, type GrantedApproval, type GrantedRollout } from '../../src/domain/grant.js';
import type { MadePlan } from '../../src/domain/job.js';
import { kidOf, personKeyBytes, publicKeyText, type PersonKey } from '../../src/domain/person-key.js';
import type { Person } from '../../src/domain/people.js';
import { jobDigest } from '../../src/domain/request.js';
import { ok } from '../../src/domain/result.js';
import { rolloutDecisionMessage } from '../../src/domain/rollout-decision.js';
import { listProofs, listRoot, type PlanList } from '../../src/domain/rollout-list.js';
import type { StoredPersonKey } from '../../src/ports/person-keys.js';
import { approvalProblem } from '../../src/usecases/claim/approval-problem.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { makePlanOf } from '../support/job-views.js';
import { claim, decisionOf, judge, signAgain, worldOf, type World } from './figures/world.js';

/** What a worker takes as the grant of a job of a rollout, although authority signed each of them. */

const HELEN: Person = { id: 'helen', name: 'Helen', roles: ['helpdesk'] };
const ADA: Person = { id: 'ada', name: 'Ada', roles: ['approver'] };
const BOB: Person = { id: 'bob', name: 'Bob', roles: ['approver'] };
const ROLLOUT = { id: '00000000-0000-7000-8000-000000000077', index: 4 };
const COUNT = 7;

/** A granted job of a rollout: its plan is at this position of a list of that many. */
async function ofRollout(count = COUNT, position = 3, approvers: readonly Person[] = [ADA]): Promise<World> {
  const world = worldOf([HELEN, ADA, BOB], HELEN);
  await judge(world, decisionOf(world, ADA));
  const { plan: _, ...alone } = world.job;
  const unplanned = { ...alone, rollout: ROLLOUT };
  const plan = makePlanOf(unplanned, 'set');
  world.job = { ...unplanned, plan };
  signAgain(world, (grant) => childOf(grant, world, plan, count, position, approvers));
  return world;
}

function childOf(
  grant: Grant,
  { job }: World,
  plan: MadePlan,
  count: number,
  position: number,
  approvers: readonly Person[],
): Grant {
  const list: PlanList = Array.from({ length: count }, (_, at) =>
    at === position
      ? { index: ROLLOUT.index, job: job.id, plan: plan.digest }
      : { index: 100 + at, job: `other-${at}`, plan: String(at).padStart(64, '0') },
  );
  const [proof = []] = listProofs(list, [position]);
  const rollout: GrantedRollout = {
    ...{ id: ROLLOUT.id, grant: 'parent', requestSha256: 'r'.repeat(64), root: listRoot(list), count },
    ...{ index: ROLLOUT.index, position, proof, wave: 1 },
  };
  const [approval] = grant.approvals as [GrantedApproval];
  const approvals = approvers.map(({ id, name, roles }) => ({ ...approval, person: { id, name, roles } }));
  return { ...grant, v: 3, planSha256: plan.digest, requestSha256: jobDigest(job), rollout, approvals };
}

const changed = (world: World, more: Partial<GrantedRollout>) =>
  signAgain(world, (grant) => ({ ...grant, rollout: { ...(grant.rollout as GrantedRollout), ...more } }));

describe('a job of a rollout', () => {
  it('runs under a grant whose plan is in the list that was approved', async () => {
    expect(await claim(await ofRollout())).toBe(true);
    expect(await claim(await ofRollout(1, 0))).toBe(true);
    expect(await claim(await ofRollout(10, 9))).toBe(true);
  });

  it.each<[string, string, (world: World) => void]>([
    ['grant-invalid', 'another root', (w) => changed(w, { root: '0'.repeat(64) })],
    ['grant-invalid', 'another position', (w) => changed(w, { position: 2 })],
    ['grant-invalid', 'another number of plans', (w) => changed(w, { count: COUNT + 1 })],
    ['grant-invalid', 'no proof', (w) => changed(w, { proof: [] })],
    ['request-changed', 'another rollout', (w) => changed(w, { id: ROLLOUT.id.replace('77', '78') })],
    ['request-changed', 'another place in the selection', (w) => changed(w, { index: 5 })],
    [
      'request-changed',
      'no rollout: that of a single job',
      (w) => signAgain(w, ({ rollout: _, ...grant }) => ({ ...grant, v: 2 })),
    ],
    ['grant-invalid', 'a version that knows no rollouts', (w) => signAgain(w, (grant) => ({ ...grant, v: 2 }))],
    [
      'grant-invalid',
      'the version of rollouts and no rollout',
      (w) => signAgain(w, ({ rollout: _, ...grant }) => grant),
    ],
    [
      'request-changed',
      'a job that is no item of one',
      (w) => {
        const { rollout: _, ...alone } = w.job;
        w.job = alone;
      },
    ],
    ['own-request', 'its requester among the approvers', (w) => signAgain(w, (grant) => withApprover(grant, HELEN))],
  ])('is refused (%s) with %s', async (code, _, change) => {
    const world = await ofRollout();
    change(world);
    expect(await claim(world)).toBe(false);
    expect(world.job).toMatchObject({ state: 'blocked', code });
  });

  it('needs two approvers where the list has more than 10 plans', async () => {
    const one = await ofRollout(11);
    expect(await claim(one)).toBe(false);
    expect(one.job.code).toBe('approvals-missing');
    expect(await claim(await ofRollout(11, 3, [ADA, BOB]))).toBe(true);
    // Twice the same person is one.
    expect(await claim(await ofRollout(11, 3, [ADA, ADA]))).toBe(false);
  });

  it('does not begin while its rollout is paused, and ends with its grant', async () => {
    const world = await ofRollout();
    world.held = true;
    expect(await claim(world)).toBe(false);
    expect(world.job).toMatchObject({ state: 'queued', code: 'rollout-held' });
    world.held = false;
    world.now = world.job.nextTryAt ?? world.now;
    expect(await claim(world)).toBe(true);
    const late = await ofRollout();
    late.held = true;
    late.now = late.job.executeBy ?? late.now;
    expect(await claim(late)).toBe(false);
    // Its rollout tells by the code that nobody refused it: the item is left out, not unreached.
    expect(late.job).toMatchObject({ state: 'expired', code: 'rollout-held' });
  });

  it('is never decided alone', async () => {
    const world = worldOf([HELEN, ADA], HELEN);
    world.job = { ...world.job, rollout: ROLLOUT };
    await judge(world, decisionOf(world, ADA));
    expect(world.job.state).toBe('awaiting-approval');
    expect(world.decisions[0]).toMatchObject({ status: 'refused', code: 'of-a-rollout' });
  });
});

const withApprover = (grant: Grant, { id, name, roles }: Person): Grant => ({
  ...grant,
  approvals: grant.approvals.map((approval) => ({ ...approval, person: { id, name, roles } })),
});

describe('the signature of an approver of a rollout', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyText(privateKey);
  const key: PersonKey = {
    ...{ v: 1, id: 'key-1', person: 'ada', kid: kidOf(publicKey), publicKey },
    ...{ confirmedBy: 'root', at: '2026-01-01T00:00:00.000Z' },
  };
  const stored = { id: 'key-1', bytes: personKeyBytes(key) } as StoredPersonKey;
  const context = {
    keys: { byId: async () => stored },
    registrations: { verifyPersonKey: ({ bytes }: StoredPersonKey) => ok(JSON.parse(bytes) as PersonKey) },
    settings: { keyRequired: true },
  } as unknown as WorkerContext;
  const list: PlanList = [
    { index: 0, job: 'job-1', plan: 'a'.repeat(64) },
    { index: 1, job: 'job-2', plan: 'b'.repeat(64) },
  ];
  const [proof = []] = listProofs(list, [1]);
  const rollout: GrantedRollout = {
    ...{ id: 'rollout-1', grant: 'parent', requestSha256: 'request', root: listRoot(list), count: 2 },
    ...{ index: 1, position: 1, proof, wave: 0 },
  };
  const unsigned: GrantedKeyProof = {
    ...{ kind: 'key', kid: key.kid, nonce: '0'.repeat(32), at: '2026-01-01T09:00:00.000Z', signature: '' },
    ...{ registration: 'key-1', executeBy: '2026-01-01T10:00:00.000Z', onFailure: 'leave' },
  };
  const message = rolloutDecisionMessage(approvedRollout(rollout, 'reason', unsigned), unsigned);
  const signature = sign(null, message, privateKey).toString('base64');
  const approval = {
    ...{ person: { id: 'ada', name: 'Ada', roles: [] }, decidedAt: '2026-01-01T09:00:00.000Z', reasonSha256: 'reason' },
    proof: { ...unsigned, signature },
  };
  const grant = {
    ...{ job: 'job-2', planSha256: 'b'.repeat(64), executeBy: '2026-01-01T10:00:00.000Z', onFailure: 'leave' },
    ...{ approvals: [approval], rollout },
  } as unknown as Grant;
  const codeOf = async (more: object) => (await approvalProblem(context, { ...grant, ...more }))?.error.code;

  it('counts for each plan of the list', async () => {
    expect(await codeOf({})).toBeUndefined();
    const [first = []] = listProofs(list, [0]);
    const other = { ...rollout, index: 0, position: 0, proof: first };
    expect(await codeOf({ job: 'job-1', planSha256: 'a'.repeat(64), rollout: other })).toBeUndefined();
  });

  const longer: PlanList = [...list, { index: 2, job: 'job-3', plan: 'c'.repeat(64) }];
  const [added = []] = listProofs(longer, [2]);
  it.each<[string, string, object]>([
    ['grant-invalid', 'another plan', { planSha256: 'c'.repeat(64) }],
    ['grant-invalid', 'another job', { job: 'job-1' }],
    [
      'signature-invalid',
      'a longer list',
      {
        ...{ job: 'job-3', planSha256: 'c'.repeat(64) },
        rollout: { ...rollout, index: 2, position: 2, proof: added, root: listRoot(longer), count: 3 },
      },
    ],
    ['signature-invalid', 'another rollout', { rollout: { ...rollout, id: 'rollout-2' } }],
    ['signature-invalid', 'another request, such as other waves', { rollout: { ...rollout, requestSha256: 'other' } }],
    ['signature-invalid', 'a single job', { rollout: undefined }],
    ['signature-invalid', 'another reason', { approvals: [{ ...approval, reasonSha256: 'other' }] }],
    ['signature-invalid', 'a longer window', { executeBy: '2026-01-01T10:00:00.001Z' }],
    ['signature-invalid', 'something else on failure', { onFailure: 'rollback' }],
  ])('does not count (%s) for %s', async (code, _, more) => expect(await codeOf(more)).toBe(code));
});
