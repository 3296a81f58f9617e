import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it, test } from '@jest/globals';
import type { ValueObject } from '../../src/domain/canonical.js';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { checkpointedLog } from '../../src/domain/checkpointed-log.js';
import { auditBytes, GENESIS, linkHash, type AuditEvent, type ChainedEvent } from '../../src/domain/audit.js';
import { grantBytes, grantMessage, type Grant, type SignedGrant } from '../../src/domain/grant.js';
import { fail } from '../../src/domain/result.js';
import { auditVerifier, type VerifyWith } from '../../src/domain/verify-audit.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const judge = (signed: SignedGrant) =>
  verify(null, grantMessage(signed.bytes), publicKey, Buffer.from(signed.signature, 'base64'))
    ? ({ ok: true, value: JSON.parse(signed.bytes) as Grant } as const)
    : ({ ok: false, error: { why: 'the signature does not verify' } } as const);

const JOB = '01890000-0000-7000-8000-000000000001';

function event(action: AuditEvent['action'], data: AuditEvent['data'], n: number): string {
  const eventId = `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return auditBytes({
    v: 1,
    eventId,
    action,
    outcome: 'success',
    at: '2026-01-01T00:00:00.000Z',
    actor: { type: 'service', id: 's', name: 's', roles: [] },
    job: JOB,
    target: null,
    data,
  });
}

function chain(entries: readonly (readonly [writer: string, event: string])[]): ChainedEvent[] {
  let prevHash = GENESIS;
  return entries.map(([writer, text], i) => {
    const hash = linkHash(i + 1, prevHash, writer, text);
    const link = { seq: i + 1, prevHash, hash, writer, event: text };
    prevHash = hash;
    return link;
  });
}

function aLog(): (readonly [string, string])[] {
  const bytes = grantBytes({ v: 1, jti: 'j1', job: JOB, planSha256: 'p' } as unknown as Grant);
  const signature = sign(null, grantMessage(bytes), privateKey).toString('base64');
  return [
    ['fixpoint_api', event('job.submitted', {}, 1)],
    ['fixpoint_authority', event('job.approved', { grant: bytes, signature, kid: 'k', jti: 'j1', planSha256: 'p' }, 2)],
    ['fixpoint_worker', event('grant.used', { jti: 'j1' }, 3)],
    ['fixpoint_worker', event('change.intent', { jti: 'j1', change: 'c' }, 4)],
    ['fixpoint_worker', event('change.result', { change: 'c' }, 5)],
  ];
}

const none = () => fail({ why: 'no keys' });
const JUDGES: VerifyWith = {
  verify: judge,
  verifyPersonKey: none,
  verifyAdmission: none,
  verifySubject: none,
  verifyRolloutGrant: none,
  verifyRestore: () => false,
};

function verdictOf(links: readonly ChainedEvent[], more: Pick<VerifyWith, 'checkpoints' | 'head'> = {}) {
  const verifier = auditVerifier({ ...JUDGES, ...more });
  for (const link of links) verifier.add(link);
  return verifier.end();
}

describe('the audit verifier', () => {
  it('accepts a log as it was written', () => expect(verdictOf(chain(aLog()))).toMatchObject({ ok: true, events: 5 }));

  const tamper: readonly (readonly [string, (links: ChainedEvent[]) => ChainedEvent[], number])[] = [
    [
      'a flipped byte',
      (l) => l.map((x) => (x.seq === 3 ? { ...x, event: x.event.replace('grant.used', 'grant.user') } : x)),
      3,
    ],
    ['a removed event', (l) => l.filter(({ seq }) => seq !== 3), 4],
    ['two events swapped', (l) => [l[0], l[2], l[1], l[3], l[4]] as ChainedEvent[], 3],
    ['an event twice', (l) => [...l.slice(0, 3), l[2] as ChainedEvent, ...l.slice(3)], 3],
    ['another writer', (l) => l.map((x) => (x.seq === 2 ? { ...x, writer: 'fixpoint_worker' } : x)), 2],
    ['a cut beginning', (l) => l.slice(1), 2],
    ['another hash', (l) => l.map((x) => (x.seq === 5 ? { ...x, hash: GENESIS } : x)), 5],
  ];
  test.each(tamper)('finds %s and names where it begins', (_, change, seq) => {
    const verdict = verdictOf(change(chain(aLog())));
    expect(verdict.ok).toBe(false);
    expect(verdict.problems[0]?.seq).toBe(seq);
  });

  const rewritten: readonly (readonly [
    string,
    (entries: (readonly [string, string])[]) => (readonly [string, string])[],
    RegExp,
  ])[] = [
    [
      'an approval by another role',
      (e) => e.map(([w, t], i) => [i === 1 ? 'fixpoint_api' : w, t] as const),
      /writes no job.approved/,
    ],
    [
      'a forged grant',
      (e) =>
        e.map(
          ([w, t], i) => [w, i === 1 ? t.replace('\\"planSha256\\":\\"p\\"', '\\"planSha256\\":\\"q\\"') : t] as const,
        ),
      /no valid grant/,
    ],
    ['a change without the use of a grant', (e) => e.filter((_, i) => i !== 2), /without the use of a grant/],
    ['a grant used twice', (e) => [...e, e[2] as readonly [string, string]], /used twice/],
    ['a grant nobody approved', (e) => e.filter((_, i) => i !== 1), /not issued for this job/],
  ];
  test.each(rewritten)('finds %s even when the whole chain was recomputed', (_, change, reason) => {
    const verdict = verdictOf(chain(change(aLog())));
    expect(verdict.ok).toBe(false);
    expect(verdict.problems.map((problem) => problem.reason).join()).toMatch(reason);
  });

  it.each<[string, (entries: (readonly [string, string])[]) => (readonly [string, string])[], number, RegExp]>([
    [
      'an event by a role that does not write it',
      (e) => e.with(4, ['fixpoint_api', (e[4] as [string, string])[1]]),
      5,
      /writes no/,
    ],
    ['a job that nobody submitted', (e) => e.slice(1), 1, /nobody submitted/],
  ])('finds %s', (_, change, seq, reason) => {
    const [problem] = verdictOf(chain(change(aLog()))).problems;
    expect(problem).toEqual({ seq, reason: expect.stringMatching(reason) });
  });

  describe('with checkpoints', () => {
    const whole = chain([
      ...aLog(),
      ...[6, 7, 8].map((n) => ['fixpoint_worker', event('job.deferred', {}, n)] as const),
    ]);
    const at = (links: readonly ChainedEvent[], size: number): Checkpoint => {
      const log = checkpointedLog([]);
      for (const link of links.slice(0, size)) log.add(link);
      return log.checkpoint() as Checkpoint;
    };
    const kept = [at(whole, 3), at(whole, 6)];

    it('says how far they reach', () => {
      expect(verdictOf(whole, { checkpoints: kept })).toMatchObject({
        ok: true,
        covered: 6,
        missing: [],
        restored: [],
      });
      expect(verdictOf(whole)).toMatchObject({ ok: true, covered: 0 });
    });

    it('finds a log that was changed and hashed anew, and between which of them', () => {
      const other = chain(
        [...aLog(), ...[6, 7, 8].map((n) => ['fixpoint_worker', event('job.deferred', {}, n)] as const)].map(
          ([w, t]) => (t.includes('change.result') ? ([w, t.replace('"c"', '"d"')] as const) : ([w, t] as const)),
        ),
      );
      expect(verdictOf(other).ok).toBe(true);
      const verdict = verdictOf(other, { checkpoints: kept });
      expect(verdict).toMatchObject({ ok: false, covered: 3, missing: [] });
      expect(verdict.problems[0]).toEqual({ seq: 4, reason: expect.stringMatching(/up to 6 is not what was signed/) });
    });

    it('finds a log that was cut, and one that lacks a head that was noted', () => {
      const cut = verdictOf(whole.slice(0, 5), { checkpoints: kept });
      expect(cut).toMatchObject({ ok: false, problems: [], covered: 3 });
      expect(cut.missing).toEqual(['a checkpoint covers 6 events, and the log has 5']);
      const head = whole[6]?.hash ?? '';
      expect(verdictOf(whole, { head }).ok).toBe(true);
      expect(verdictOf(whole.slice(0, 6), { head })).toMatchObject({
        ok: false,
        missing: [`no event has the head ${head}`],
      });
    });
  });

  it.each<[string, ValueObject, RegExp]>([
    ['a grant that is a number', { grant: 5, signature: 's', kid: 'k', jti: 'j1' }, /has a grant that is no text/],
    [
      'a signature that is a list',
      { grant: 'x', signature: [], kid: 'k', jti: 'j1' },
      /has a signature that is no text/,
    ],
    ['a grant at which a judge fails', { grant: 'thrown', signature: 's' }, /holds what no rule can read/],
  ])('names an event with %s, and what is wrong after it', (_, data, reason) => {
    const verify = (signed: SignedGrant) => {
      if (signed.bytes === 'thrown') throw new TypeError('not expected');
      return judge(signed);
    };
    const verifier = auditVerifier({ ...JUDGES, verify });
    const entries = [...aLog(), ['fixpoint_authority', event('job.approved', data, 6)] as const];
    for (const link of chain([...entries, ['fixpoint_api', event('grant.used', { jti: 'j1' }, 7)]])) verifier.add(link);
    const { problems } = verifier.end();
    expect(problems[0]).toEqual({ seq: 6, reason: expect.stringMatching(reason) });
    expect(problems.map(({ seq }) => seq)).toEqual([6, 7, 7]);
  });

  it.each([
    [0, [3]],
    [1, []],
  ])('trusts a revoked key after %d restores, and shows what it signed after more', (trustedRestores, found) => {
    const asRevoked: VerifyWith['verify'] = (signed, seq) =>
      seq === undefined ? fail({ why: 'by a key that is revoked' }) : judge(signed);
    const verifier = auditVerifier({ ...JUDGES, verify: asRevoked, trustedRestores });
    const [submitted, ...rest] = aLog() as [readonly [string, string], ...(readonly [string, string])[]];
    const restored = auditBytes({ ...(JSON.parse(event('record.restored', {}, 9)) as AuditEvent), job: null });
    for (const link of chain([submitted, ['postgres', restored], ...rest])) verifier.add(link);
    expect(
      verifier
        .end()
        .problems.filter(({ reason }) => reason.includes('no valid grant'))
        .map(({ seq }) => seq),
    ).toEqual(found);
  });

  it('tells a chain that is broken from events that say what is wrong, and counts them all', () => {
    const unwritten = Array.from(
      { length: 120 },
      (_, n) => ['fixpoint_api', event('job.claimed', {}, 10 + n)] as const,
    );
    const said = verdictOf(chain([...aLog(), ...unwritten, ['fixpoint_api', '{}']]));
    expect([said.chained, said.problemCount, said.problems.length]).toEqual([true, 121, 100]);
    for (const link of [{ seq: 6 }, { prevHash: GENESIS }, { writer: 'fixpoint_api' }]) {
      const whole = chain(aLog());
      expect(verdictOf(whole.with(2, { ...(whole[2] as ChainedEvent), ...link })).chained).toBe(false);
    }
  });

  it('gives another head for a log that was truncated: only a head kept elsewhere shows it', () => {
    const whole = chain(aLog());
    const cut = verdictOf(whole.slice(0, 4));
    expect(cut.ok).toBe(true);
    expect(cut.head).not.toBe(verdictOf(whole).head);
  });
});
