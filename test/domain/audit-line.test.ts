import { describe, expect, it } from '@jest/globals';
import {
  auditBytes,
  GENESIS,
  linkHash,
  type AuditAction,
  type AuditEvent,
  type ChainedEvent,
} from '../../src/domain/audit.js';
import { auditLine, recordProblem, type JobRecord, type VerifyGrant } from '../../src/domain/audit-line.js';
import { changeId, planBytes, planDigest } from '../../src/domain/plan.js';
import { reasonDigest } from '../../src/domain/digest.js';
import type { Grant } from '../../src/domain/grant.js';
import type { Job, MadePlan } from '../../src/domain/job.js';
import type { DecisionRow } from '../../src/domain/move.js';
import { approvalOf, makeGrant } from '../../src/usecases/decide/make-grant.js';
import { submissionOf } from '../../src/usecases/submit/new-job.js';
import { after, jobOf, MANIFEST, NOW } from '../support/job-views.js';

const ids = { newId: () => '01890000-0000-7000-8000-000000000001' };
const job: Job = { ...jobOf(), parameters: { identity: 'lee' } };
const real = jobOf();
const plan = real.plan as MadePlan;
const person = { id: 'ada', name: 'Ada', roles: ['approver'] as const };
const row = { person, decidedAt: NOW, reason: 'ok', planDigest: plan.digest, proof: { kind: 'token', tokenId: 't' } };
const decision = row as unknown as DecisionRow;
const grantOf = (of: Job, by?: DecisionRow, made = plan) =>
  makeGrant(
    { signer: { kid: 'k', sign: () => 'good' }, newId: () => 'j1' },
    ...([of, made, MANIFEST, by ? [approvalOf({ row: by }, of.salt)] : [], 'p', NOW] as const),
    after(1),
    'leave',
  );
const verify: VerifyGrant = ({ signature, bytes }) =>
  signature === 'good' ? { ok: true, value: JSON.parse(bytes) as Grant } : { ok: false, error: { why: 'forged' } };

const event = (action: AuditAction, data: AuditEvent['data'] = {}, actor: object = person): AuditEvent => ({
  v: 1,
  ...{ eventId: ids.newId(), action, outcome: 'success', at: NOW.toISOString(), job: real.id, target: real.target.id },
  actor: { type: 'person', ...actor } as AuditEvent['actor'],
  data,
});
/** A link whose hash holds; `prevHash` says nothing beyond the first. */
const link = (seq: number, writer: string, said: AuditEvent): ChainedEvent => {
  const text = auditBytes(said);
  return { seq, prevHash: GENESIS, hash: linkHash(seq, GENESIS, writer, text), writer, event: text };
};
const submitted = (of: Job = real) => link(1, 'fixpoint_api', submissionOf(ids, of, 4).events[0] as AuditEvent);
function approvedBy(grant = grantOf(real, decision), more: object = {}, writer = 'fixpoint_authority') {
  const { bytes, signature, kid, jti } = grant;
  return link(
    2,
    writer,
    event('job.approved', { grant: bytes, signature, kid, jti, planSha256: plan.digest, ...more }),
  );
}
const recordOf = (more: Partial<JobRecord> = {}): JobRecord => ({
  job: real,
  plans: new Map([[plan.digest, plan.bytes]]),
  decisions: [decision],
  links: [submitted(), approvedBy()],
  ...more,
});
const change = plan.plan.changes[0] as MadePlan['plan']['changes'][number];
const intent = link(4, 'fixpoint_worker', event('change.intent', { jti: 'j1', change: change.id }));
const problemOf = (
  record: JobRecord,
  stored: Partial<ChainedEvent> & Pick<ChainedEvent, 'event' | 'writer'> = intent,
) => auditLine(stored, record, verify).problem;

describe('a line of the audit log with the record of its job', () => {
  it('is verified: who asked, who approved, and what changed', () => {
    const line = auditLine(intent, recordOf(), verify);
    expect(line).toMatchObject({ problem: null, erased: false, reason: null });
    expect(line.decision?.approvals).toEqual([
      { person: { id: 'ada', name: 'Ada' }, at: NOW.toISOString(), reason: 'ok' },
    ]);
    expect(line.change).toMatchObject({ property: change.property, after: 'x', result: null });
  });

  it('says the result of a change, and knows the change that puts another back', () => {
    const back = changeId({ ...change, before: change.after, after: change.before }, plan.plan.salt);
    const done = link(5, 'fixpoint_worker', event('change.result', { change: back, result: 'changed' }));
    expect(auditLine(done, recordOf(), verify).change).toMatchObject({ before: 'x', after: null, result: 'changed' });
  });

  it('says what people call the resource', () => {
    const labelled = { ...plan.plan, changes: [{ ...change, label: 'The file' }] };
    const made = { ...plan, plan: labelled, digest: planDigest(labelled), bytes: planBytes(labelled) };
    const links = [submitted(), approvedBy(grantOf(real, decision, made))];
    const record = recordOf({ links, plans: new Map([[made.digest, made.bytes]]) });
    expect(auditLine(intent, record, verify)).toMatchObject({ problem: null, change: { label: 'The file' } });
  });

  it('without a record is judged by its link alone', () => {
    expect(auditLine(intent, undefined, verify)).toMatchObject({
      problem: null,
      decision: null,
      change: null,
      subject: null,
    });
    expect(auditLine({ ...intent, hash: 'x' }, undefined, verify).problem).toBe('the event is not what was chained');
    expect(auditLine({ event: intent.event, writer: intent.writer }, undefined, verify).problem).toMatch(
      'not chained yet',
    );
    expect(auditLine({ ...intent, event: ` ${intent.event}` }, undefined, verify).problem).toMatch(
      'not what was chained',
    );
    const [first] = [submitted()];
    expect(auditLine({ ...first, prevHash: '1' }, undefined, verify).problem).toMatch('not what was chained');
  });

  it.each(['grant', 'signature', 'kid', 'jti'])('says so of an approval whose %s is no text', (member) => {
    const links = [submitted(), approvedBy(grantOf(real, decision), { [member]: 5 })];
    const texts: VerifyGrant = (signed) => {
      if (Object.values(signed).some((value) => typeof value !== 'string')) throw new TypeError(member);
      return { ok: false, error: { why: 'forged' } };
    };
    expect(auditLine(intent, recordOf({ links }), texts).problem).toMatch(/no valid grant/);
    expect(recordProblem(recordOf({ links }), texts)).toMatch(/no valid grant/);
  });

  it.each<[string, Partial<JobRecord>, RegExp]>([
    ['nobody submitted', { links: [approvedBy()] }, /who submitted the job/],
    ['another submitted', { links: [submitted({ ...real, requester: person }), approvedBy()] }, /not who submitted/],
    ['another request was made', { job: { ...real, reason: 'another' } }, /not the one that was submitted/],
    [
      'another request was approved',
      { links: [submitted(), approvedBy(grantOf({ ...real, reason: 'another' }, decision))] },
      /not the one that was approved/,
    ],
    ['nobody gave that reason', { decisions: [] }, /reason of Ada/],
    [
      'the grant is forged',
      { links: [submitted(), approvedBy({ ...grantOf(real), signature: 'x' })] },
      /no valid grant/,
    ],
    ['the grant is of another job', { links: [submitted(), approvedBy(grantOf({ ...real, id: 'x' }))] }, /another job/],
    ['the approval was changed', { links: [submitted(), { ...approvedBy(), hash: 'x' }] }, /approval is not what/],
    ['another wrote the approval', { links: [submitted(), approvedBy(undefined, {}, 'fixpoint_api')] }, /written by/],
    ['the plan is not stored', { plans: new Map() }, /stored plan/],
    ['the plan is no JSON', { plans: new Map([[plan.digest, '{']]) }, /stored plan/],
    ['the plan is another', { plans: new Map([[plan.digest, '{"changes":[]}']]) }, /stored plan/],
    ['nothing was approved', { links: [submitted()] }, /stored plan/],
    [
      'the approval says nothing',
      { links: [submitted(), link(2, 'fixpoint_authority', event('job.approved'))] },
      /no valid grant/,
    ],
    ['the approval comes later', { links: [submitted(), { ...approvedBy(), seq: 9 }] }, /stored plan/],
  ])('tells where %s', (_, more, problem) => {
    expect(problemOf(recordOf(more))).toMatch(problem);
  });

  it('tells a change that was never approved', () => {
    const other = link(4, 'fixpoint_worker', event('change.intent', { change: 'c' }));
    expect(problemOf(recordOf(), other)).toBe('the change is not one of the approved plan');
  });

  it('shows the reason of a rejection that was judged, and of an erasure', () => {
    const rejected = (reason: string) =>
      link(3, 'fixpoint_authority', event('job.rejected', { reasonSha256: reasonDigest(reason, real.salt) }));
    expect(auditLine(rejected('ok'), recordOf(), verify)).toMatchObject({ reason: 'ok', problem: null });
    expect(auditLine(rejected('no'), recordOf(), verify)).toMatchObject({
      reason: null,
      problem: expect.stringMatching('judged'),
    });
    expect(auditLine(rejected('ok'), undefined, verify).reason).toBeNull();
    expect(auditLine(link(3, 'postgres', event('values.erased', { reason: 'asked' })), undefined, verify).reason).toBe(
      'asked',
    );
    expect(auditLine(link(3, 'postgres', event('values.erased')), undefined, verify).reason).toBeNull();
  });

  it('shows no values after they were erased, and wants the event that says so', () => {
    const erased = { job: { ...real, erasedAt: NOW }, decisions: [] };
    const said = link(3, 'postgres', event('values.erased', { reason: 'asked' }));
    const line = auditLine(intent, recordOf({ ...erased, links: [submitted(), approvedBy(), said] }), verify);
    expect(line).toMatchObject({ problem: null, erased: true, change: null, decision: { reason: null } });
    expect(problemOf(recordOf(erased))).toBe('no chained event says that the values were erased');
  });

  it('names for whom the job is, and the ticket', () => {
    expect(auditLine(intent, recordOf({ job }), verify).subject).toBe('lee');
    expect(auditLine(intent, recordOf({ job: { ...real, ticket: 'INC1' } }), verify).decision?.ticket).toBe('INC1');
  });
});

describe('the record of a job', () => {
  it.each<[string, Partial<JobRecord>, RegExp | null]>([
    ['is sound', {}, null],
    ['is not judged before its submission is chained', { links: [], job: { ...real, reason: 'another' } }, null],
    ['tells another request', { job: { ...real, reason: 'another' } }, /submitted/],
    ['tells another plan', { plans: new Map([[plan.digest, '{}']]) }, /not the one of its digest/],
    ['tells a plan that is gone', { plans: new Map() }, /not stored/],
    ['without an approval is sound', { links: [submitted()] }, null],
    ['tells an erasure without an event', { job: { ...real, erasedAt: NOW } }, /erased/],
    [
      'is sound after an erasure',
      {
        job: { ...real, erasedAt: NOW },
        plans: new Map(),
        links: [submitted(), link(3, 'postgres', event('values.erased'))],
      },
      null,
    ],
  ])('%s', (_, more, problem) => {
    const said = recordProblem(recordOf(more), verify);
    if (problem === null) expect(said).toBeNull();
    else expect(said).toMatch(problem);
  });
});
