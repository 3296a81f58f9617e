import { describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/audit.js';
import { auditBytes } from '../../src/domain/audit.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import type { Person } from '../../src/domain/people.js';
import { ok } from '../../src/domain/result.js';
import { makeGrant } from '../../src/usecases/decide/make-grant.js';
import { planProblem } from '../../src/usecases/decide/refusal.js';
import { submissionOf } from '../../src/usecases/submit/new-job.js';
import { ADMISSION, makePlanOf, MANIFEST, NOW } from '../support/job-views.js';
import { claim, decisionOf, judge, worldOf, type World } from './figures/world.js';

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
});
