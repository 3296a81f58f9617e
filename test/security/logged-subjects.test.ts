import { describe, expect, it } from '@jest/globals';
import { fail } from '../../src/domain/result.js';
import { auditVerifier } from '../../src/domain/verify-audit.js';
import { at, bothVerdicts, late } from './both-verifiers.js';
import {
  approvedEntry,
  BEFORE_JOBS,
  chain,
  entriesOf,
  eventOf,
  jobOf,
  JUDGES,
  SIGNER as LOG_SIGNER,
  timeOf,
  type Entry,
} from './logs.js';
import { form, policyEntry, targetsEntries, type Change, type Members } from './subject-logs.js';
import { VECTOR_SIGNER as SIGNER } from './vectors.js';

/** What a log says about targets and the policy, judged by both verifiers without a checkpoint. */

const before = entriesOf(0, SIGNER).slice(0, BEFORE_JOBS);
const FIRST: Change = { id: 't1', before: null, after: form('a') };
const NEXT: Change = { id: 't1', before: form('a'), after: form('b') };
const GONE: Change = { id: 't1', before: form('b'), after: null };
const OTHER: Change = { id: 't2', before: null, after: form('c') };

const targets = (n: number, changes: readonly Change[], members: Members = {}) =>
  targetsEntries(SIGNER, n, changes, members);
/** A job that was approved for a target in this form. */
const approved = (n: number, id: string, targetSha256: string) => [
  eventOf('api', 'job.submitted', { requestSha256: 'r' }, n, jobOf(0)),
  approvedEntry(SIGNER, 0, n + 1, { target: { id, name: id, tier: 2 }, targetSha256 }),
];

const both = (entries: readonly Entry[]) => bothVerdicts([...before, ...entries]);
const AT = BEFORE_JOBS + 1;

it.each([
  ['nothing, where the key of the one before was revoked', true, null, []],
  ['nothing, although the one before counts', false, null, [/does not follow the form before it/]],
  ['the one before, where its key was revoked', true, form('a'), []],
])('a statement may follow %s', (_, isRevoked, from, reasons) => {
  const again: Change = { id: 't1', before: from, after: form('b') };
  const links = chain([
    ...entriesOf(0).slice(0, BEFORE_JOBS),
    ...targetsEntries(LOG_SIGNER, 10, [FIRST]),
    ...targetsEntries(LOG_SIGNER, 20, [again]),
  ]);
  const verifier = auditVerifier({
    ...JUDGES,
    verifySubject: (signed, seq = Infinity) => {
      const isFirst = signed.bytes.includes('"before":null,') && signed.bytes.includes(form('a'));
      return isRevoked && isFirst && seq > AT
        ? fail({ why: 'by a key that is revoked' })
        : JUDGES.verifySubject(signed, seq);
    },
  });
  for (const link of links) verifier.add(link);
  expect(verifier.end().problems).toEqual(
    reasons.map((reason) => ({ seq: AT + 1, reason: expect.stringMatching(reason) })),
  );
});

describe('a log raises no alarm', () => {
  it.each<[string, readonly Entry[]]>([
    [
      'about a target that is added, changed and removed',
      [FIRST, NEXT, GONE].flatMap((one, i) => targets(10 * i, [one])),
    ],
    ['about a request for several targets', targets(10, [FIRST, OTHER])],
    [
      'about a policy that takes the place of another',
      [policyEntry(SIGNER, 1, null, form('1')), policyEntry(SIGNER, 2, form('1'), form('2'))],
    ],
    ['about a grant for the form that counts', [...targets(10, [FIRST]), ...approved(20, 't1', form('a'))]],
    [
      'about a grant that was given while the target changed',
      [...targets(10, [FIRST]), ...targets(20, [NEXT]), ...approved(30, 't1', form('a'))],
    ],
    [
      'about a target of development mode',
      [eventOf('api', 'target.changed', { targetId: 't9', targetName: 'x' }, 5), ...approved(20, 't9', form('f'))],
    ],
    ['about a person who was known by a token', targets(10, [FIRST], { tokenId: 'x' })],
    ['about a request that is being written', targets(10, [FIRST, OTHER]).slice(0, 1)],
  ])('%s', async (_, entries) => {
    const { ours, code } = await both(entries);
    expect([ours.ok, ours.problems, code]).toEqual([true, [], 0]);
  });
});

describe('a log shows, at its event,', () => {
  const twice = (entries: readonly Entry[]): readonly Entry[] => [
    ...entries,
    ...entries.map(([writer, text]): Entry => [
      writer,
      text.replace(/"eventId":"[^"]+"/, '"eventId":"01890000-0000-7000-8000-00000000beef"'),
    ]),
  ];
  const one = (members: Members) => targets(10, [FIRST], members);
  const changed = (replace: (text: string) => string): readonly Entry[] =>
    targets(10, [FIRST]).map(([writer, text]) => [writer, replace(text)] as const);
  it.each<[string, RegExp, readonly Entry[], number?]>([
    ['a statement that was changed', /does not hold/, changed((text) => text.replaceAll('name of t1', 'name of tX'))],
    ['a statement about another form than the event', /that of another form/, one({ data: { after: form('9') } })],
    ['a statement about another target than the event', /that of another form/, one({ data: { targetId: 't9' } })],
    ['a statement under another request', /that of another form/, one({ data: { request: 'x' } })],
    [
      'a change that does not follow the form before',
      /does not follow/,
      [...targets(10, [FIRST]), ...targets(20, [{ ...NEXT, before: form('9') }])],
      AT + 1,
    ],
    [
      'a target that counts again after its removal',
      /does not follow/,
      [...targets(10, [FIRST]), ...targets(20, [{ ...FIRST, before: form('a'), after: null }]), ...targets(30, [NEXT])],
      AT + 2,
    ],
    ['a statement twice', /another admission with the id/, twice(one({})), AT + 1],
    ['a person without a proof', /no proof/, one({ tokenId: '' })],
    ['one person', /the people that it needs/, one({ people: [0] })],
    ['the same person twice', /the people that it needs/, one({ people: [0, 0] })],
    [
      'the words in another order',
      /does not hold: signature-invalid/,
      one({ people: [1, 0], statement: {}, signed: form('8') }),
    ],
    ['people who signed for other forms', /does not hold: signature-invalid/, one({ signed: form('9') })],
    [
      'a request of other forms',
      /the people signed for other forms/,
      one({
        statement: { request: { id: 'request 10', contentDigest: form('9'), index: 0, count: 1 } },
        signed: form('9'),
      }),
    ],
    ['a statement that is not the next one of its request', /not the next one/, targets(10, [FIRST, OTHER]).slice(1)],
    ['a policy of one person', /the people that it needs/, [policyEntry(SIGNER, 1, null, form('1'), { people: [0] })]],
    [
      'a policy that does not follow',
      /does not follow/,
      [policyEntry(SIGNER, 1, null, form('1')), policyEntry(SIGNER, 2, null, form('2'))],
      AT + 1,
    ],
    [
      'a grant for a target in another form',
      /another form than the admitted one/,
      [...targets(10, [FIRST]), ...approved(20, 't1', form('9'))],
      AT + 2,
    ],
    [
      'a grant for a form that had been replaced',
      /another form than the admitted one/,
      [...targets(10, [FIRST]), ...targets(20, [NEXT]), ...approved(30, 't1', form('a')).map(late)],
      AT + 3,
    ],
    [
      'a grant for a target that had been removed',
      /another form than the admitted one/,
      [
        ...targets(10, [FIRST]),
        ...targets(20, [NEXT]),
        ...targets(21, [GONE]),
        ...approved(30, 't1', form('b')).map(late),
      ],
      AT + 4,
    ],
    [
      'a grant that is dated before its form was replaced',
      /another form than the admitted one/,
      [
        ...[...targets(10, [FIRST]), ...targets(20, [NEXT]), late(eventOf('authority', 'runbook.loaded', {}, 25))],
        ...approved(30, 't1', form('a')),
      ],
      AT + 4,
    ],
    [
      'a grant for a form that was replaced at no time',
      /another form than the admitted one/,
      [...targets(10, [FIRST]), ...targets(20, [NEXT]).map((one) => at(one, 'x')), ...approved(30, 't1', form('a'))],
      AT + 3,
    ],
  ])('%s', async (_, reason, entries, seq = AT) => {
    const { ours, code } = await both(entries);
    expect([ours.problems[0], code]).toEqual([{ seq, reason: expect.stringMatching(reason) }, 1]);
  });

  it.each<[string, Entry, RegExp]>([
    [
      'a target that was changed without a statement after it was admitted',
      eventOf('api', 'target.changed', { targetId: 't1', targetName: 'x' }, 15),
      /has no admission/,
    ],
    ['a policy without a statement', eventOf('authority', 'policy.admitted', {}, 15), /has no admission/],
  ])('%s', async (_, entry, reason) => {
    const { ours, code } = await both([...targets(10, [FIRST]), entry]);
    expect([ours.problems, code]).toEqual([[{ seq: AT + 1, reason: expect.stringMatching(reason) }], 1]);
  });

  it('a request that is put into effect again', async () => {
    const [first, again] = [targets(10, [FIRST]), targets(10, [{ ...FIRST, before: form('b') }])];
    const { ours } = await both([...first, ...targets(20, [NEXT]), ...again]);
    expect(ours.problems.map(({ reason }) => reason)).toContain('the request had been put into effect before');
  });

  it.each([timeOf(10), '2999-01-01T00:00:00.000Z', 'never'])('a request of %s that lacks a statement', async (time) => {
    const { ours, code } = await both([
      ...targets(10, [FIRST, OTHER])
        .slice(0, 1)
        .map((one) => at(one, time)),
      late(eventOf('api', 'freeze.on', {}, 50)),
    ]);
    expect([ours.problems, ours.missing, code]).toEqual([[], [expect.stringContaining('request 10')], 3]);
  });
});
