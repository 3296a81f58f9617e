import { describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/audit.js';
import { auditBytes } from '../../src/domain/audit.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import type { Person } from '../../src/domain/people.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { rightsBy } from '../../src/domain/policy/rights.js';
import { ok } from '../../src/domain/result.js';
import { checkJob } from '../../src/usecases/claim/check-job.js';
import { deferredOrBlocked } from '../../src/usecases/stop/defer-job.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';
import { makeGrant } from '../../src/usecases/decide/make-grant.js';
import { planProblem } from '../../src/usecases/decide/refusal.js';
import { submissionOf } from '../../src/usecases/submit/new-job.js';
import { ADMISSION, after, makePlanOf, MANIFEST, NOW } from '../support/job-views.js';
import { bundleOf, claim, decisionOf, judge, worldOf, type World } from './figures/world.js';

/** A job that was asked for as a scan, in a record where whoever holds a database role has removed what the database keeps. */

const HELEN: Person = { id: 'helen', name: 'Helen', roles: ['helpdesk'] };
const ADA: Person = { id: 'ada', name: 'Ada', roles: ['approver'] };
const SCAN = { id: '00000000-0000-7000-8000-0000000000bb', index: 0 };
const newId = () => '00000000-0000-7000-8000-0000000000cc';

/** A world whose job is a scan with a plan that an approver could read, and the event that says so. */
function scanWorld(more: Partial<Job> = {}): World {
  const world = worldOf([HELEN, ADA], HELEN);
  const { plan: _, ...asked } = { ...world.job, kind: 'scan' as const, scan: SCAN };
  world.job = { ...asked, plan: makePlanOf(asked), ...more };
  const event = auditBytes(submissionOf({ newId }, world.job, 5).events[0] as AuditEvent);
  world.submission = { writer: 'fixpoint_api', event };
  return world;
}
const codes = (world: World) => world.events.map(({ action, data }) => [action, data.code]);

describe('authority', () => {
  it.each(['drifted', 'awaiting-approval'] as const)(
    'refuses a decision about a scan whose row says %s',
    async (state) => {
      const world = scanWorld({ state });
      await judge(world, decisionOf(world, ADA));
      expect(world.grants.size).toBe(0);
      expect(codes(world)).toContainEqual(['job.decision-refused', 'scan-only']);
    },
  );

  it('refuses the plan of a scan under a standing approval and in a rollout, which ask the same rule', () => {
    const { job, submission } = scanWorld();
    const planned = { ...job, plan: job.plan as MadePlan };
    const evidence = { manifest: MANIFEST, submission, admission: ok(ADMISSION), target: ok(undefined) } as const;
    expect(planProblem(planned, evidence)).toBe('scan-only');
  });

  it('signs no grant for a scan', () => {
    const { job } = scanWorld();
    const signer = { kid: 'k', sign: () => 'signature' };
    const sign = (of: Job) =>
      makeGrant({ newId, signer }, of, of.plan as MadePlan, MANIFEST, [], 'p', NOW, NOW, 'leave').jti;
    expect(() => sign(job)).toThrow('is a scan');
    const { scan: _, ...repair } = { ...job, kind: 'remediation' as const };
    expect(sign(repair)).toBe(newId());
  });

  it('refuses a decision about a scan whose row says that it is a repair: the submission says otherwise', async () => {
    const world = scanWorld();
    const { scan: _, ...repair } = { ...world.job, kind: 'remediation' as const };
    world.job = { ...repair, plan: makePlanOf(repair) };
    await judge(world, decisionOf(world, ADA));
    expect(world.grants.size).toBe(0);
    expect(codes(world)).toContainEqual(['job.decision-refused', 'request-changed']);
  });
});

describe('a worker', () => {
  /** A repair that was approved, whose row says by now that it is a scan. */
  async function approved(): Promise<World> {
    const world = worldOf([HELEN, ADA], HELEN);
    await judge(world, decisionOf(world, ADA));
    expect(world.job.state).toBe('queued');
    return world;
  }

  it('claims no scan, even under a grant that verifies', async () => {
    const world = await approved();
    world.job = { ...world.job, kind: 'scan', scan: SCAN };
    expect(await claim(world)).toBe(false);
    expect([world.job.state, world.job.code]).toEqual(['blocked', 'scan-only']);
  });

  it('claims nothing for a scan whose row says that it is the repair of a grant', async () => {
    const world = await approved();
    world.job = { ...world.job, scan: SCAN };
    expect(await claim(world)).toBe(false);
    expect([world.job.state, world.job.code]).toEqual(['blocked', 'request-changed']);
  });

  /** What a worker checks of a job before Detect, where the policy denies these actions. */
  async function checked(job: Job, ...denied: readonly ('scan' | 'submit' | 'plan')[]) {
    const rules = denied.map((action) => ({ id: `no-${action}`, effect: 'deny', actions: [action] }) as const);
    const admission = {
      ...ADMISSION,
      runbook: { ...ADMISSION.runbook, contentSha256: job.runbook.contentDigest },
      ...{ notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2999-01-01T00:00:00.000Z' },
    };
    const context = {
      catalogue: { get: async () => bundleOf() },
      inventory: { get: async () => ({ target: job.target }) },
      people: { read: async () => ({ find: () => HELEN }) },
      rights: { read: async () => rightsBy({ rules: [...DEFAULT_POLICY.rules, ...rules] }, '') },
      admissions: { of: async () => [{ id: admission.id, status: 'in-force' }] },
      subjectAdmissions: { ofTargets: async () => new Map() },
      admissionRules: () => ({ verify: () => ok(admission), development: true }),
      credentials: { scope: async () => ok('scope') },
    };
    const found = await checkJob(context as unknown as WorkerContext, job);
    return found.ok ? 'ok' : found.error.code;
  }

  it('asks for the right to scan, and to plan, again before Detect; a repair needs another right', async () => {
    const { job } = scanWorld();
    const { scan: _, ...repair } = { ...job, kind: 'remediation' as const };
    expect([await checked(job), await checked(job, 'submit'), await checked(repair, 'scan')]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect([await checked(job, 'scan'), await checked(job, 'plan'), await checked(repair, 'submit')]).toEqual([
      ...['requester-lost-rights', 'requester-lost-rights', 'requester-lost-rights'],
    ]);
  });

  it('puts a scan off for a quarter of an hour at most, and then says that the target was not reached', () => {
    const stop = { kind: 'deferred', code: 'unreachable' } as const;
    const { plan: _, ...unplanned } = scanWorld({ state: 'planning' }).job;
    const view = { job: unplanned, journal: [], decisions: [], now: NOW, latest: NOW };
    const put = deferredOrBlocked({ newId }, view, stop, { upTo: '24h', every: '5m' });
    expect([put.to, put.set?.until, put.set?.nextTryAt]).toEqual(['deferred', after(900_000), after(300_000)]);
    const late = { ...view, job: { ...unplanned, until: after(900_000) }, now: after(900_000) };
    expect(deferredOrBlocked({ newId }, late, stop, { upTo: '24h', every: '5m' })).toMatchObject({
      to: 'blocked',
      set: { code: 'deferral-expired' },
    });
  });
});
