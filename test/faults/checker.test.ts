import { describe, expect, it } from '@jest/globals';
import { judge } from './checker/verdict.js';
import { parseLine, type Ledgers, type LedgerLine } from './checker/ledgers.js';
import { chain as chainOf, hex, planDigest as digest, PUBLIC_KEYS, signedGrant, T, type Said } from './made-log.js';

const JOB = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';
const PLAN = (action = 'set', job = JOB) =>
  JSON.stringify({ job, changes: [{ id: 'c1', resource: 'ledger:/x/a', before: null, after: 'v', action }] });

/** Of one job, where nothing else is said. */
const chain = (said: readonly Said[]) => chainOf(said.map((one) => ({ job: JOB, ...one })));

function approval({
  job = JOB,
  plan = PLAN(),
  approvers = ['approver'],
  executeBy = T + 60_000,
  jti = 'j1',
} = {}): Said {
  const signed = signedGrant('fixpoint-grant-v1', {
    jti,
    job,
    planSha256: digest(plan),
    requester: { id: 'helpdesk' },
    approvals: approvers.map((id) => ({ person: { id } })),
    executeBy: new Date(executeBy).toISOString(),
  });
  return { action: 'job.approved', data: { ...signed, jti }, job, writer: 'fixpoint_authority' };
}
const intent = (more: object = {}): Said => ({
  action: 'change.intent',
  data: { change: 'c1', attempt: 1, jti: 'j1', ...more },
});
const STORY: readonly Said[] = [
  { action: 'job.submitted', actor: 'helpdesk' },
  { action: 'job.decided', actor: 'approver' },
  approval(),
  { action: 'grant.used', data: { jti: 'j1' } },
  intent(),
  { action: 'change.result', data: { change: 'c1', result: 'changed' } },
  { action: 'job.succeeded' },
];
const line = (word: LedgerLine['word'], more: Partial<LedgerLine> = {}): LedgerLine => ({
  word,
  job: hex(JOB),
  object: 'a',
  value: 'v',
  at: T + 100,
  ...more,
});
const GOOD: Ledgers = {
  answers: [
    { at: T, who: 'helpdesk', method: 'POST', path: '/v1/jobs', status: 201, key: 'k1', job: JOB },
    { at: T, who: 'approver', method: 'GET', path: `/v1/jobs/${JOB}/plan`, status: 200, plan: PLAN() },
    { at: T, who: 'approver', method: 'POST', path: `/v1/jobs/${JOB}/decision`, status: 200, job: JOB },
  ],
  lines: [line('begin'), line('effect'), line('end')],
  audit: chain(STORY),
  jobs: [{ id: JOB, status: 200, state: 'succeeded', outcome: 'fixed' }],
  rollouts: [],
  publicKeys: PUBLIC_KEYS,
  kills: [],
};
const without = (action: string) => STORY.filter((said) => said.action !== action);
const instead = (action: string, said: Said) => STORY.map((one) => (one.action === action ? said : one));

describe('the checker', () => {
  it('passes a correct run', () => {
    expect(judge(GOOD)).toMatchObject({ ok: true, problems: [], acknowledged: 2, jobs: 1, effects: 1 });
  });

  const wrong: readonly [string, keyof ReturnType<typeof judge>, Partial<Ledgers>][] = [
    ['a job that was acknowledged and has no event', 'lost', { audit: chain(without('job.submitted')) }],
    ['a job that was acknowledged and is gone', 'lost', { jobs: [{ id: JOB, status: 404, state: '', outcome: null }] }],
    ['a job that never came to rest', 'lost', { jobs: [{ id: JOB, status: 200, state: 'queued', outcome: null }] }],
    ['a decision that was acknowledged and has no event', 'lost', { audit: chain(without('job.decided')) }],
    [
      'a cancel that was acknowledged and has no event',
      'lost',
      {
        answers: [
          ...GOOD.answers,
          { at: T, who: 'helpdesk', method: 'POST', path: `/v1/jobs/${JOB}/cancel`, status: 200, job: JOB },
        ],
      },
    ],
    [
      'one key that made two jobs',
      'lost',
      {
        answers: [
          ...GOOD.answers,
          { at: T, who: 'helpdesk', method: 'POST', path: '/v1/jobs', status: 201, key: 'k1', job: OTHER },
        ],
        audit: chain([...STORY, { action: 'job.submitted', job: OTHER, actor: 'helpdesk' }]),
        jobs: [...GOOD.jobs, { id: OTHER, status: 200, state: 'cancelled', outcome: null }],
      },
    ],
    ['an effect of a job that has no grant', 'unapproved', { audit: chain(without('job.approved')) }],
    ['an effect without an intent', 'unapproved', { audit: chain(without('change.intent')) }],
    ['an effect before its intent', 'unapproved', { lines: [line('effect', { at: T - 1000 })] }],
    ['an effect with a value that was not approved', 'unapproved', { lines: [line('effect', { value: 'w' })] }],
    ['an effect on an object that was not approved', 'unapproved', { lines: [line('effect', { object: 'b' })] }],
    ['an effect after its grant was over', 'unapproved', { lines: [line('effect', { at: T + 70_000 })] }],
    [
      'a grant that the requester approved',
      'unapproved',
      { audit: chain(instead('job.approved', approval({ approvers: ['helpdesk'] }))) },
    ],
    [
      'a grant that nobody approved',
      'unapproved',
      { audit: chain(instead('job.approved', approval({ approvers: [] }))) },
    ],
    [
      'a grant for another plan',
      'unapproved',
      { audit: chain(instead('job.approved', approval({ plan: PLAN('set', OTHER) }))) },
    ],
    [
      'a grant with a signature of somebody else',
      'unapproved',
      { audit: chain(instead('job.approved', { ...approval(), data: { ...approval().data, signature: 'AAAA' } })) },
    ],
    [
      'an approval that was not written by authority',
      'unapproved',
      { audit: chain(instead('job.approved', { ...approval(), writer: 'fixpoint_api' })) },
    ],
    ['an intent without the use of its grant', 'unapproved', { audit: chain(without('grant.used')) }],
    [
      'a grant that was used twice',
      'unapproved',
      { audit: chain([...STORY, { action: 'grant.used', data: { jti: 'j1' } }]) },
    ],
    [
      'a change that was begun after the cancel',
      'unapproved',
      {
        audit: chain(
          STORY.flatMap((said) =>
            said.action === 'change.intent' ? [{ action: 'job.cancel-requested' }, said] : [said],
          ),
        ),
      },
    ],
    ['an effect that has no intent of its own', 'repeats', { lines: [line('effect'), line('effect')] }],
    [
      'a change of class once that was made twice, with an intent each',
      'repeats',
      {
        answers: GOOD.answers.map((answer) => (answer.plan === undefined ? answer : { ...answer, plan: PLAN('send') })),
        audit: chain([...instead('job.approved', approval({ plan: PLAN('send') })), intent({ attempt: 2 })]),
        lines: [line('effect'), line('effect', { at: T + 200 })],
      },
    ],
    ['a result `changed` without an effect', 'untrue', { lines: [] }],
    ['a job that says fixed and changed nothing', 'untrue', { audit: chain(without('change.result')) }],
    [
      'two jobs at work on one object',
      'overlaps',
      {
        lines: [
          line('begin'),
          line('begin', { job: hex(OTHER), at: T + 150 }),
          line('effect', { at: T + 160 }),
          line('end', { at: T + 170 }),
        ],
      },
    ],
    ['an event that was taken out', 'chainBreaks', { audit: GOOD.audit.filter(({ seq }) => seq !== 3) }],
    [
      'an event that was changed',
      'chainBreaks',
      {
        audit: GOOD.audit.map((link) =>
          link.seq === 3 ? { ...link, event: link.event.replace('helpdesk', 'approver') } : link,
        ),
      },
    ],
    [
      'a lost result that was not reconciled',
      'unknownLeft',
      {
        audit: chain([...STORY, { action: 'job.unknown' }]),
        jobs: [{ id: JOB, status: 200, state: 'unknown', outcome: null }],
      },
    ],
  ];
  it.each(wrong)('finds %s', (_what, figure, change) => {
    const verdict = judge({ ...GOOD, ...change });
    expect(verdict.ok).toBe(false);
    expect(verdict[figure]).toBeGreaterThan(0);
  });

  it('counts a lost result that was reconciled, and accepts two jobs on one object one after the other', () => {
    const lines = [...GOOD.lines, line('begin', { job: hex(OTHER), at: T + 200 })];
    const verdict = judge({ ...GOOD, lines, audit: chain([...STORY, { action: 'job.unknown' }]) });
    expect(verdict).toMatchObject({ unknownReconciled: 1, unknownLeft: 0, overlaps: 0 });
  });

  it('counts each attempt of a job separately: a killed one covers its own writes, not those of the next', () => {
    const other = { job: hex(OTHER) };
    const turns = [line('begin'), line('begin', other), line('begin'), line('effect'), line('end')];
    expect(judge({ ...GOOD, lines: turns }).overlaps).toBe(0);
    const late = [line('begin'), line('begin', other), line('effect'), line('begin', other), line('end', other)];
    expect(judge({ ...GOOD, lines: late }).overlaps).toBe(1);
  });

  it('measures how long a job in flight took to continue after a kill, and leaves out idle jobs', () => {
    const audit = chain([
      { action: 'job.submitted', actor: 'helpdesk', at: T },
      { action: 'job.claimed', at: T + 7000 },
      { action: 'job.planned', job: OTHER, at: T },
      { action: 'job.decided', job: OTHER, at: T + 60_000 },
    ]);
    expect(judge({ ...GOOD, audit, kills: [{ what: 'kill', at: T + 1000 }] }).progressP99).toBe(6);
  });

  it('reads only complete lines of a ledger', () => {
    expect(parseLine(`effect ${hex(JOB)} a - 1790000000000`)).toEqual(
      line('effect', { value: null, at: 1_790_000_000_000 }),
    );
    expect(parseLine(`effect ${hex(JOB)} a v 17900`)).toBeUndefined();
  });
});
