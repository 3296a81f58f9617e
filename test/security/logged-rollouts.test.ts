import { sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { GrantedKeyProof } from '../../src/domain/decision-proof.js';
import { approvedRollout, type Grant, type GrantedApproval, type GrantedRollout } from '../../src/domain/grant.js';
import { kidOf, publicKeyText } from '../../src/domain/person-key.js';
import { resumeMessage, rolloutDecisionMessage } from '../../src/domain/rollout-decision.js';
import { listProofs, listRoot, type PlanList } from '../../src/domain/rollout-list.js';
import { bothVerdicts } from './both-verifiers.js';
import { rolloutGrantBytes, rolloutGrantMessage, type RolloutGrant } from '../../src/domain/rollout-grant.js';
import {
  approvedEntry,
  BEFORE_JOBS,
  entriesOf,
  eventOf,
  jobOf,
  PEOPLE,
  planOf,
  RUNBOOK,
  timeOf,
  type Entry,
} from './logs.js';
import { VECTOR_SIGNER as SIGNER } from './vectors.js';

/** The grants of jobs that were approved as a list, judged by both verifiers without a checkpoint. */

const before = entriesOf(0, SIGNER).slice(0, BEFORE_JOBS);
const REASON = 'd'.repeat(64);

/** A list of so many plans with that of the first job of these logs at a position of it. */
function rolloutOf(count: number, position: number): GrantedRollout {
  const list: PlanList = Array.from({ length: count }, (_, i) => {
    const job = i === position ? 0 : i + 10;
    return { index: 2 * i, job: jobOf(job), plan: planOf(job) };
  });
  const [proof = []] = listProofs(list, [position]);
  return {
    ...{ id: 'rollout', grant: 'parent', requestSha256: 'f'.repeat(64), root: listRoot(list), count },
    ...{ index: 2 * position, position, proof, wave: 0 },
  };
}

/** Somebody's approval of a list. */
function approvalOf(rollout: GrantedRollout, who: 0 | 1 = 0): GrantedApproval {
  const { id, key, registration } = PEOPLE[who];
  const unsigned: GrantedKeyProof = {
    ...{ kind: 'key', kid: kidOf(publicKeyText(key)), nonce: '7'.repeat(32), at: timeOf(5), signature: '' },
    ...{ registration, executeBy: null, onFailure: 'leave' },
  };
  const message = rolloutDecisionMessage(approvedRollout(rollout, REASON, unsigned), unsigned);
  const signature = sign(null, message, key).toString('base64');
  const person = { id, name: id, roles: ['approver'] as const };
  return { person, decidedAt: timeOf(5), reasonSha256: REASON, proof: { ...unsigned, signature } };
}

const UNTIL = '2026-01-02T00:00:00.000Z';
/** What the grants of a rollout and of its jobs say alike. */
const SHARED = { runbook: RUNBOOK, requester: { id: 'api', name: 'api', roles: [] }, onFailure: 'leave' } as const;

/** The grant of a rollout in its event. */
function parentEntry(
  rollout: GrantedRollout,
  approvals: readonly GrantedApproval[],
  members: Partial<RolloutGrant> = {},
  data: object = {},
): Entry {
  const { id, grant: jti, requestSha256, root, count } = rollout;
  const grant = {
    ...{ v: 1, jti, rollout: id, requestSha256, root, count, ...SHARED, approvals, kid: SIGNER.kid, until: UNTIL },
    declaration: { waves: [{ size: 'rest' }] },
    ...members,
  } as RolloutGrant;
  const bytes = rolloutGrantBytes(grant);
  const signature = sign(null, rolloutGrantMessage(bytes), SIGNER.key).toString('base64');
  const said = {
    rollout: id,
    rolloutSha256: requestSha256,
    root,
    count,
    grant: bytes,
    signature,
    kid: SIGNER.kid,
    jti,
  };
  return eventOf('authority', 'rollout.approved', { ...said, ...data }, 5);
}

const submittedEntry = ({ id, requestSha256 }: GrantedRollout) =>
  eventOf('api', 'rollout.submitted', { rollout: id, rolloutSha256: requestSha256 }, 4);
const waveEntry = (what: 'started' | 'proved', wave: unknown, n = 6) =>
  eventOf('authority', `rollout.wave-${what}`, { rollout: 'rollout', wave }, n);
const jobEntry = eventOf('api', 'job.submitted', { requestSha256: 'r' }, 4, jobOf(0));

/** A job of a list, with the grant of its rollout before it. */
const verdictOf = (members: Partial<Grant>, { rollout, approvals }: Partial<Grant> = members) =>
  bothVerdicts([
    ...before,
    submittedEntry(rollout as GrantedRollout),
    parentEntry(rollout as GrantedRollout, approvals ?? []),
    waveEntry('started', 0),
    jobEntry,
    approvedEntry(SIGNER, 0, 7, members),
  ]);
const ofList = (rollout: GrantedRollout, ...approvals: readonly GrantedApproval[]): Partial<Grant> => ({
  ...{ v: 3, rollout, approvals, ...SHARED, executeBy: UNTIL },
});

const SEVEN = rolloutOf(7, 4);

describe('a log raises no alarm about a job of a rollout', () => {
  it.each<[string, Partial<Grant>]>([
    ['whose list somebody approved', ofList(SEVEN, approvalOf(SEVEN))],
    ['whose list two people approved', ofList(SEVEN, approvalOf(SEVEN), approvalOf(SEVEN, 1))],
    ['at the end of its list', ofList(rolloutOf(5, 4), approvalOf(rolloutOf(5, 4)))],
    ['that is alone in its list', ofList(rolloutOf(1, 0), approvalOf(rolloutOf(1, 0)))],
    [
      'that was approved by a person who was known by a token',
      ofList(SEVEN, { ...approvalOf(SEVEN), proof: { kind: 'token', tokenId: 'x' } }),
    ],
  ])('%s', async (_, members) => {
    const { ours, code } = await verdictOf(members);
    expect([ours.ok, ours.problems, code]).toEqual([true, [], 0]);
  });
});

describe('a log shows, at its approval, a job of a rollout', () => {
  const other = (more: Partial<GrantedRollout>) => ofList({ ...SEVEN, ...more }, approvalOf({ ...SEVEN, ...more }));
  const [first = ''] = SEVEN.proof;
  it.each<[string, RegExp, Partial<Grant>]>([
    ['under another root', /not in the list/, other({ root: '0'.repeat(64) })],
    ['under a root that is none', /not in the list/, other({ root: SEVEN.root.toUpperCase() })],
    ['at another position', /not in the list/, other({ position: 3 })],
    ['at a position that is none', /not in the list/, other({ position: 0.5 })],
    ['before the list', /not in the list/, other({ position: -1 })],
    ['after the list', /not in the list/, other({ position: 7 })],
    ['of a list of another length', /not in the list/, other({ count: 8 })],
    ['at another place of the selection', /not in the list/, other({ index: 9 })],
    ['without a way to the root', /not in the list/, other({ proof: [] })],
    ['with a step too many', /not in the list/, other({ proof: [...SEVEN.proof, first] })],
    ['with a step that is none', /not in the list/, other({ proof: SEVEN.proof.with(0, 'x') })],
    ['with steps that are none', /no rule can read/, other({ proof: 5 as unknown as [] })],
    ['of a rollout that is none', /no rule can read/, { v: 3, rollout: null as unknown as GrantedRollout }],
    [
      'whose approver signed for another list',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, count: 6 })),
    ],
    [
      'whose approver signed for another request',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, requestSha256: 'e'.repeat(64) })),
    ],
    [
      'whose approver signed for another rollout',
      /not what they signed/,
      ofList(SEVEN, approvalOf({ ...SEVEN, id: 'another' })),
    ],
    ['whose approval is of a job alone', /not what they signed/, { v: 2, approvals: [approvalOf(SEVEN)] }],
    ['in a version that knows no rollouts', /no valid grant/, { ...ofList(SEVEN, approvalOf(SEVEN)), v: 2 }],
    ['that is of no rollout', /no valid grant/, { v: 3, approvals: [] }],
  ])('%s', async (_, reason, members) => {
    const { ours, code } = await verdictOf(members, ofList(SEVEN, approvalOf(SEVEN)));
    const seq = BEFORE_JOBS + 5;
    expect([ours.problems[0], code]).toEqual([{ seq, reason: expect.stringMatching(reason) }, 1]);
  });
});

/** A rollout of two waves, the second of which asks for an approval: each step is an event. */
const TWO = rolloutOf(7, 0);
const APPROVALS = [approvalOf(TWO), approvalOf(TWO, 1)];
const WAVES = { declaration: { waves: [{ size: 1 }, { size: 'rest', approval: true }] } };
const MEMBERS: Partial<RolloutGrant> = { ...WAVES, needed: 2 };

interface Said {
  readonly ends: readonly string[];
  readonly exclude: readonly number[];
}
const DUE: Said = { ends: ['due'], exclude: [] };

/** The rollout submitted by somebody. */
function submittedBy(id: string): Entry {
  const [writer, text] = submittedEntry(TWO);
  return [writer, text.replace('"actor":{"id":"api"', `"actor":{"id":"${id}"`)];
}

/** Somebody's signature over a resume. */
function resumeOf(who: 0 | 1, said: Said = DUE, signed: Said = said) {
  const { id, key, registration } = PEOPLE[who];
  const once = { nonce: '8'.repeat(32), at: timeOf(9) };
  const message = resumeMessage({ rollout: 'rollout', grant: 'parent', ...signed, reasonDigest: REASON }, once);
  const proof = {
    ...{ kind: 'key', kid: kidOf(publicKeyText(key)), ...once, registration, executeBy: null, onFailure: null },
    signature: sign(null, message, key).toString('base64'),
  };
  return { person: { id, name: id, roles: [] }, decidedAt: timeOf(9), reasonSha256: REASON, ...said, proof };
}
const resumedEntry = (approvals: unknown, said: Said = DUE, data: object = {}) => {
  const about = { rollout: 'rollout', grant: 'parent', decision: 'd', proof: 'key', ...said };
  return eventOf(
    'authority',
    'rollout.resumed',
    { ...about, ...(approvals === undefined ? {} : { approvals }), ...data },
    10,
  );
};
const pausedEntry = (code: string, wave: number, id = 'due') =>
  eventOf('authority', 'rollout.paused', { rollout: 'rollout', pause: id, code, wave, items: [] }, 9);

const STORY: Readonly<Record<string, Entry>> = {
  submitted: submittedEntry(TWO),
  approved: parentEntry(TWO, APPROVALS, MEMBERS),
  begun: waveEntry('started', 0),
  job: jobEntry,
  child: approvedEntry(SIGNER, 0, 7, ofList(TWO, ...APPROVALS)),
  fixed: eventOf('worker', 'job.succeeded', { outcome: 'fixed' }, 8, jobOf(0)),
  proved: waveEntry('proved', 0, 9),
  paused: pausedEntry('approval-due', 1),
  resumed: resumedEntry([resumeOf(0), resumeOf(1)]),
  next: waveEntry('started', 1, 11),
};
/** The story with other events for some of its steps, or without them. */
const told = (others: Readonly<Record<string, Entry | undefined>> = {}) =>
  Object.entries({ ...STORY, ...others }).flatMap(([, entry]) => (entry ? [entry] : []));
const child = (members: Partial<Grant>) => approvedEntry(SIGNER, 0, 7, { ...ofList(TWO, ...APPROVALS), ...members });
const both = (entries: readonly Entry[]) => bothVerdicts([...before, ...entries]);

const REJECTED = { rollout: 'rollout', decision: 'd', root: TWO.root };
/** A rejection that somebody signed. */
function rejectedEntry(more: object = {}): Entry {
  const unsigned = approvalOf(TWO).proof as GrantedKeyProof;
  const facts = { ...approvedRollout(TWO, REASON, unsigned), decision: 'reject' } as const;
  const signature = sign(null, rolloutDecisionMessage(facts, unsigned), PEOPLE[0].key).toString('base64');
  const data = { ...REJECTED, count: 7, rolloutSha256: TWO.requestSha256, reasonSha256: REASON };
  const [writer, text] = eventOf(
    'authority',
    'rollout.rejected',
    { ...data, proof: { ...unsigned, signature }, ...more },
    6,
  );
  return [writer, text.replace('"actor":{"id":"authority"', '"actor":{"id":"ada"')];
}

describe('a log raises no alarm about a rollout', () => {
  const legacy = parentEntry(TWO, APPROVALS, WAVES);
  const other = { ends: ['due', 'more'], exclude: [3, 4] };
  it.each<[string, readonly Entry[]]>([
    ['that two people approved and resumed', told()],
    [
      'of an earlier version, without the approvals of its resume',
      told({ approved: legacy, resumed: resumedEntry(undefined) }),
    ],
    [
      'whose resume names pauses and items in another order',
      told({
        resumed: resumedEntry([resumeOf(0, other), resumeOf(1, { ends: ['more', 'due'], exclude: [4, 3] })], other),
      }),
    ],
    [
      'that one person resumed after the pause of a person',
      told({
        paused: eventOf('api', 'rollout.paused', { rollout: 'rollout', stop: 'own', kind: 'pause', items: [] }, 9),
        resumed: resumedEntry([resumeOf(0, { ends: ['own'], exclude: [] })], { ends: ['own'], exclude: [] }),
        next: undefined,
      }),
    ],
    [
      'that somebody resumed although nothing was fixed',
      told({
        fixed: pausedEntry('wave-not-proved', 0, 'unproved'),
        proved: resumedEntry(
          [resumeOf(0, { ends: ['unproved'], exclude: [] }), resumeOf(1, { ends: ['unproved'], exclude: [] })],
          { ends: ['unproved'], exclude: [] },
        ),
        paused: waveEntry('proved', 0, 9),
        resumed: undefined,
        next: undefined,
      }),
    ],
    ['that somebody rejected', [submittedEntry(TWO), rejectedEntry()]],
    [
      'of an earlier version that somebody rejected',
      [submittedEntry(TWO), eventOf('authority', 'rollout.rejected', { ...REJECTED, proof: approvalOf(TWO).proof }, 6)],
    ],
  ])('%s', async (_, entries) => {
    const { ours, code } = await both(entries);
    expect([ours.problems, code]).toEqual([[], 0]);
  });
});

describe('a log shows, at its event, a rollout', () => {
  const approved = (members: Partial<RolloutGrant>, data: object = {}, approvals = APPROVALS) => ({
    approved: parentEntry(TWO, approvals, { ...MEMBERS, ...members }, data),
  });
  const resumed = (approvals: unknown, said?: Said, data?: object) => ({
    resumed: resumedEntry(approvals, said, data),
  });
  const one = { ends: ['due'], exclude: [3] };
  it.each<[string, RegExp, string, Readonly<Record<string, Entry | undefined>>]>([
    ['whose grant nobody signed', /no valid grant/, 'approved', approved({}, { signature: 'AAAA' })],
    ['with the grant of another one', /no valid grant/, 'approved', approved({ jti: 'x' })],
    ['whose grant is for another list', /another list/, 'approved', approved({ count: 6 })],
    ['that nobody submitted', /nobody submitted/, 'approved', { submitted: undefined }],
    [
      'that was submitted otherwise',
      /nobody submitted/,
      'approved',
      { submitted: submittedEntry({ ...TWO, requestSha256: 'e'.repeat(64) }) },
    ],
    [
      'that its requester approved',
      /approvers that it needs/,
      'approved',
      {
        submitted: submittedBy('ada'),
        ...approved({ requester: { id: 'ada', name: 'a', roles: [] } }),
      },
    ],
    [
      'that one person approved twice',
      /approvers that it needs/,
      'approved',
      approved({}, {}, [approvalOf(TWO), approvalOf(TWO)]),
    ],
    ['that too few approved', /approvers that it needs/, 'approved', approved({ needed: 3 })],
    [
      'whose approver signed for another list',
      /not what they signed/,
      'approved',
      approved({}, {}, [approvalOf({ ...TWO, root: SEVEN.root }), approvalOf(TWO, 1)]),
    ],
    ['with two grants', /had a grant before/, 'begun', { begun: STORY.approved }],
    [
      'whose job names no grant of it',
      /nobody approved/,
      'child',
      { child: child({ rollout: { ...TWO, grant: 'x' } }) },
    ],
    [
      'whose job has other approvals',
      /another one than its rollout allows/,
      'child',
      { child: child({ approvals: [approvalOf(TWO)] }) },
    ],
    [
      'whose job does something else on failure',
      /another one than its rollout allows/,
      'child',
      { child: child({ onFailure: 'rollback' }) },
    ],
    [
      'whose job may start after its window',
      /ends after its rollout/,
      'child',
      { child: child({ executeBy: '2026-01-03T00:00:00.000Z' }) },
    ],
    ['whose job is in another wave', /of another wave/, 'child', { child: child({ rollout: { ...TWO, wave: 1 } }) }],
    ['whose job is of a wave that had not begun', /had not begun/, 'child', { begun: jobEntry, job: undefined }],
    ['whose second wave comes first', /out of order/, 'begun', { begun: waveEntry('started', 1) }],
    ['whose wave is none', /out of order/, 'begun', { begun: waveEntry('started', '0') }],
    ['whose wave begins before the one before it is proved', /out of order/, 'next', { proved: undefined }],
    ['whose wave was proved by nothing', /has fixed anything/, 'proved', { fixed: undefined }],
    [
      'whose wave was proved by what was fine already',
      /has fixed anything/,
      'proved',
      { fixed: eventOf('worker', 'job.succeeded', { outcome: 'already-fine' }, 8, jobOf(0)) },
    ],
    ['whose wave begins without its approval', /without its approval/, 'next', { resumed: undefined }],
    [
      'whose wave begins after a resume of another pause',
      /without its approval/,
      'next',
      resumed([resumeOf(0, { ends: ['x'], exclude: [] }), resumeOf(1, { ends: ['x'], exclude: [] })], {
        ends: ['x'],
        exclude: [],
      }),
    ],
    ['that one approver of two resumed', /approvers that it needs/, 'resumed', resumed([resumeOf(0)])],
    ['that one approver resumed twice', /approvers that it needs/, 'resumed', resumed([resumeOf(0), resumeOf(0)])],
    ['whose resume has no approvals', /has no approvals/, 'resumed', resumed(undefined)],
    ['whose resume has approvals that are none', /approval that is none/, 'resumed', resumed([5])],
    [
      'whose resume leaves other items out than were signed',
      /another resume/,
      'resumed',
      resumed([resumeOf(0), resumeOf(1, one)]),
    ],
    [
      'whose resume is of another grant',
      /another resume/,
      'resumed',
      resumed([resumeOf(0), resumeOf(1)], DUE, { grant: 'x' }),
    ],
    [
      'whose resume was signed for something else',
      /not what was signed/,
      'resumed',
      resumed([resumeOf(0, DUE, one), resumeOf(1)]),
    ],
    [
      'whose resume has pauses that are none',
      /that are none/,
      'resumed',
      resumed([], { ends: [5] as never, exclude: [] }),
    ],
  ])('%s', async (_, reason, step, others) => {
    const steps = Object.keys({ ...STORY, ...others }).filter((name) => (name in others ? others[name] : STORY[name]));
    const { ours, code } = await both(told(others));
    const seq = BEFORE_JOBS + 1 + steps.indexOf(step);
    expect([ours.problems[0], code]).toEqual([{ seq, reason: expect.stringMatching(reason) }, 1]);
  });

  it.each<[string, RegExp, object]>([
    ['another root', /not what they signed/, { root: SEVEN.root }],
    ['another number of plans', /not what they signed/, { count: 8 }],
    ['another reason', /not what they signed/, { reasonSha256: 'e'.repeat(64) }],
    ['another request', /nobody submitted/, { rolloutSha256: 'e'.repeat(64) }],
  ])('whose rejection was signed for %s', async (_, reason, more) => {
    const { ours, code } = await both([submittedEntry(TWO), rejectedEntry(more)]);
    expect([ours.problems[0], code]).toEqual([{ seq: BEFORE_JOBS + 2, reason: expect.stringMatching(reason) }, 1]);
  });
});
