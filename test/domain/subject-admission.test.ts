import { describe, expect, it } from '@jest/globals';
import { fail, ok } from '../../src/domain/result.js';
import {
  latestAdmission,
  signedAfter,
  targetInForce,
  type SubjectAdmission,
  type SubjectVerify,
} from '../../src/domain/subject-admission.js';

const verify: SubjectVerify = ({ bytes, signature }) =>
  signature === 'good' ? ok(JSON.parse(bytes) as SubjectAdmission) : fail({ why: 'forged' });

let made = 0;
function signed(more: Partial<SubjectAdmission>, signature = 'good') {
  const statement: SubjectAdmission = {
    ...{ v: 1, id: `id-${(made += 1)}`, subject: 'target', subjectId: 't', name: 'box', sha256: 'a', before: null },
    ...{
      request: { id: 'r', contentDigest: 'c', index: 0, count: 1 },
      by: [],
      signedAt: '2026-01-01T00:00:00.000Z',
      kid: 'k',
    },
    ...more,
  };
  return { id: statement.id, bytes: JSON.stringify(statement), signature, kid: 'k' };
}
const later = '2026-01-02T00:00:00.000Z';
const rules = { verifySubject: verify, development: false };
const target = { id: 't', digest: 'a' };

describe('the statement about a subject that counts', () => {
  it.each<[string, ReturnType<typeof signed>[], string | undefined]>([
    ['none', [], undefined],
    ['none of another subject', [signed({ subjectId: 'other' }), signed({ subject: 'policy' })], undefined],
    ['none that is forged', [signed({}, 'bad')], undefined],
    ['the later one, in whatever order they are stored', [signed({ sha256: 'b', signedAt: later }), signed({})], 'b'],
    ['the later one, in the other order', [signed({}), signed({ sha256: 'b', signedAt: later })], 'b'],
    ['no later one that is forged', [signed({}), signed({ sha256: 'b', signedAt: later }, 'bad')], 'a'],
    ['the greater id of two of the same time', [signed({ id: '2', sha256: 'b' }), signed({ id: '1' })], 'b'],
  ])('is %s', (_, statements, sha256) => {
    expect(latestAdmission(statements, 'target', 't', verify)?.sha256).toBe(sha256);
  });
});

describe('a target', () => {
  it.each<[string, ReturnType<typeof signed>[], string | undefined]>([
    ['counts in the form that was admitted', [signed({})], undefined],
    ['does not count where nobody admitted it', [], 'nobody admitted this target'],
    ['does not count in another form', [signed({ sha256: 'b' })], 'differs from the one that was admitted'],
    ['does not count in an earlier form', [signed({}), signed({ sha256: 'b', signedAt: later })], 'differs from'],
    ['does not count after its removal', [signed({}), signed({ sha256: null, signedAt: later })], 'was removed at'],
  ])('%s', (_, statements, why) => {
    const judged = targetInForce(statements, target, rules);
    expect(judged).toEqual(
      why === undefined
        ? { ok: true, value: undefined }
        : { ok: false, error: { code: 'target-not-admitted', detail: expect.stringContaining(why) } },
    );
  });

  it('counts as it stands in development mode', () => {
    expect(targetInForce([], target, { ...rules, development: true }).ok).toBe(true);
  });
});

it('a statement is signed after the one that counts, even where a clock was set back', () => {
  const now = new Date('2026-03-01T00:00:00.000Z');
  expect(signedAfter(undefined, now)).toBe('2026-03-01T00:00:00.000Z');
  expect(signedAfter({ signedAt: '2026-02-01T00:00:00.000Z' }, now)).toBe('2026-03-01T00:00:00.000Z');
  expect(signedAfter({ signedAt: '2027-01-01T00:00:00.000Z' }, now)).toBe('2027-01-01T00:00:00.001Z');
});
