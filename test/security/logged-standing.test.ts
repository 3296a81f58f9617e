import { describe, expect, it } from '@jest/globals';
import { bothVerdicts, late } from './both-verifiers.js';
import { approvedEntry, BEFORE_JOBS, entriesOf, eventOf, jobOf, type Entry } from './logs.js';
import { form, standingEntry, type Change, type Members } from './subject-logs.js';
import { VECTOR_SIGNER as SIGNER } from './vectors.js';

/** What a log says about standing approvals and the grants under them, judged by both verifiers without a checkpoint. */

const before = entriesOf(0, SIGNER).slice(0, BEFORE_JOBS);
const AT = BEFORE_JOBS + 1;
const both = (entries: readonly Entry[]) => bothVerdicts([...before, ...entries]);

const FIRST: Change = { id: 's1', before: null, after: form('a') };
const NEXT: Change = { id: 's1', before: form('a'), after: form('b') };
const GONE: Change = { id: 's1', before: form('a'), after: null };
const standing = (n: number, change: Change, members: Members = {}) => standingEntry(SIGNER, n, change, members);
/** A job that was approved under the standing approval of a schedule. */
const covered = (n: number, schedule: string, envelopeSha256: string) => [
  eventOf('api', 'job.submitted', { requestSha256: 'r' }, n, jobOf(0)),
  approvedEntry(SIGNER, 0, n + 1, {
    standing: { schedule, instant: '2026-01-01T00:00:00.000Z', admission: 'admission', envelopeSha256 },
  }),
];

describe('a log raises no alarm', () => {
  it.each<[string, readonly Entry[]]>([
    ['about a standing approval that another one replaces', [standing(10, FIRST), standing(20, NEXT)]],
    ['about a standing approval that one person withdraws', [standing(10, FIRST), standing(20, GONE)]],
    ['about a grant under one that counts', [standing(10, FIRST), ...covered(20, 's1', form('a'))]],
    [
      'about a grant that was given while the approval was withdrawn',
      [standing(10, FIRST), standing(20, GONE), ...covered(30, 's1', form('a'))],
    ],
    ['about a person who was known by a token', [standing(10, FIRST, { tokenId: 'x' })]],
  ])('%s', async (_, entries) => {
    const { ours, code } = await both(entries);
    expect([ours.ok, ours.problems, code]).toEqual([true, [], 0]);
  });
});

describe('a log shows, at its event,', () => {
  const one = (members: Members) => [standing(10, FIRST, members)];
  it.each<[string, RegExp, readonly Entry[], number?]>([
    ['a statement about another form than the event', /that of another form/, one({ data: { after: form('9') } })],
    ['a statement about another schedule', /that of another form/, one({ data: { schedule: 's9' } })],
    ['a statement about a schedule of another name', /that of another form/, one({ data: { name: 'x' } })],
    ['one person', /the people that it needs/, one({ people: [0] })],
    ['the same person twice', /the people that it needs/, one({ people: [0, 0] })],
    [
      'a withdrawal by nobody',
      /the people that it needs/,
      [standing(10, FIRST), standing(20, GONE, { people: [] })],
      AT + 1,
    ],
    ['people who signed for another envelope', /does not hold: signature-invalid/, one({ signed: form('9') })],
    [
      'a request for another envelope',
      /the people signed for other forms/,
      one({
        statement: { request: { id: 'x', contentDigest: form('9'), index: 0, count: 1 } },
        data: { request: 'x' },
      }),
    ],
    ['one that does not follow the one before', /does not follow/, [standing(10, FIRST), standing(20, FIRST)], AT + 1],
    ['an approval without a statement', /has no admission/, [eventOf('authority', 'standing.approved', {}, 5)]],
    ['a withdrawal without a statement', /has no admission/, [eventOf('authority', 'standing.withdrawn', {}, 5)]],
    ['a schedule that is no text', /has a schedule that is no text/, one({ data: { schedule: 5 } })],
    ['a grant under one that nobody approved', /did not count/, covered(20, 's1', form('a')), AT + 1],
    ['a grant under another envelope', /did not count/, [standing(10, FIRST), ...covered(20, 's1', form('9'))], AT + 2],
    [
      'a grant under that of another schedule',
      /did not count/,
      [standing(10, FIRST), ...covered(20, 's2', form('a'))],
      AT + 2,
    ],
    [
      'a second grant for one instant',
      /another grant used up/,
      [
        standing(10, FIRST),
        ...covered(20, 's1', form('a')),
        eventOf('api', 'job.submitted', { requestSha256: 'r' }, 22, jobOf(1)),
        approvedEntry(SIGNER, 1, 23, {
          standing: { schedule: 's1', instant: '2026-01-01T00:00:00.000Z', admission: 'b', envelopeSha256: form('a') },
        }),
      ],
      AT + 4,
    ],
    [
      'a grant under one that was withdrawn',
      /did not count/,
      [standing(10, FIRST), standing(20, GONE), ...covered(30, 's1', form('a')).map(late)],
      AT + 3,
    ],
  ])('%s', async (_, reason, entries, seq = AT) => {
    const { ours, code } = await both(entries);
    expect([ours.problems[0], code]).toEqual([{ seq, reason: expect.stringMatching(reason) }, 1]);
  });
});
