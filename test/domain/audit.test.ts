import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  auditBytes,
  eventIdOf,
  linkHash,
  parseEvent,
  type AuditEvent,
  type ChainedEvent,
} from '../../src/domain/audit.js';
import { EVENT_WRITERS, FORMER_WRITERS, writes } from '../../src/domain/audit-writers.js';
import type { AuditAction } from '../../src/domain/audit.js';
import { originOf, type Checkpoint } from '../../src/domain/checkpoint.js';
import { checkpointedLog } from '../../src/domain/checkpointed-log.js';
import { sha256 } from '../../src/domain/digest.js';
import { linkHashes } from '../../src/domain/link-hashes.js';
import { decisionMessage } from '../../src/domain/decision-proof.js';
import { kidOf, publicKeyText } from '../../src/domain/person-key.js';
import { changeClasses } from '../../src/domain/grant.js';
import { grantsIn, auditVerifier } from '../../src/domain/verify-audit.js';
import { isCanonical, type ValueObject } from '../../src/domain/canonical.js';
import { isIncluded, leafHash, rootOf } from '../../src/domain/merkle.js';
import { chain } from '../security/logs.js';

const event: AuditEvent = {
  v: 1,
  ...{ eventId: 'e', action: 'job.planned', outcome: 'success', at: 't', job: null, target: null, data: {} },
  actor: { type: 'service', id: 'w', name: 'w', roles: [] },
};
/** Signed, for what a judge says that accepts it. */
const restored = (head: ValueObject | undefined, action: AuditAction = 'record.restored') =>
  auditBytes({
    ...{ ...event, action },
    data: head === undefined ? { note: 'record.restored' } : { head, signature: 's', kid: 'k' },
  });

describe('an audit event', () => {
  it('is read from its canonical text alone', () => {
    const text = auditBytes(event);
    expect(parseEvent(text)).toEqual(event);
    for (const other of ['', '1', 'null', '[]', ` ${text}`, text.replace('"v":1', '"v":2')])
      expect([other, parseEvent(other)]).toEqual([other, undefined]);
  });

  it.each(['eventId', 'action', 'outcome', 'at', 'actor', 'data', 'job'])('is none without %s', (member) => {
    expect(parseEvent(auditBytes({ ...event, [member]: 1 }))).toBeUndefined();
  });

  it.each(['id', 'name', 'roles'])('is none where its actor has no %s', (member) => {
    const actor = { ...event.actor, [member]: 1 };
    expect(parseEvent(auditBytes({ ...event, actor }))).toBeUndefined();
  });

  it('that may be written twice has one id for one fact', () => {
    const id = eventIdOf('runbook.loaded', { runbook: 'x' });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([eventIdOf('runbook.loaded', { runbook: 'x' }), eventIdOf('runbook.loaded', { runbook: 'y' })]).toEqual([
      id,
      expect.not.stringMatching(id),
    ]);
  });

  it('counts by who writes it, and never for an action that is none', () => {
    for (const [action, writers] of Object.entries(EVENT_WRITERS))
      for (const writer of ['api', 'authority', 'relay', 'worker'] as const)
        expect([action, writer, writes(`fixpoint_${writer}`, action)]).toEqual([
          action,
          writer,
          [...writers, ...(FORMER_WRITERS[action] ?? [])].includes(writer),
        ]);
    expect([writes('postgres', 'values.erased'), writes('fixpoint_owner', 'values.erased')]).toEqual([true, false]);
    expect(writes('fixpoint_api', 'toString')).toBe(false);
    // Its name in version 0.1.0.
    expect(['api', 'worker', 'relay'].map((role) => writes(`fixpoint_${role}`, 'job.settled'))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('a canonical text', () => {
  it.each<[string, boolean]>([
    ['{"a":1,"b":[true,null,"x"]}', true],
    ['{"b":1,"a":1}', false],
    ['[{"b":1,"a":1}]', false],
    ['{"a": 1}', false],
    ['{"a":1,"a":1}', false],
    ['{"10":1,"9":1}', true],
    ['{"9":1,"10":1}', false],
    ['{"__proto__":1}', true],
    ['-0', false],
    ['1.0', false],
    ['"\\ud800"', false],
    ['"\\\\ud800"', true],
    ['"\u2028"', true],
  ])('%s: %s', (text, canonical) => {
    expect(isCanonical(JSON.parse(text), text)).toBe(canonical);
  });
});

it('an action that a manifest does not name counts as the worst class', () => {
  const manifest = { actions: { set: { class: 'ensure', risk: 'R1' } } } as unknown as Parameters<
    typeof changeClasses
  >[1];
  expect(changeClasses([{ action: 'set' }, { action: 'set' }, { action: 'none' }], manifest)).toEqual([
    'ensure',
    'irreversible',
  ]);
});

describe('the grants in a batch of links', () => {
  const links = (action: AuditAction, data: AuditEvent['data']) =>
    chain([['fixpoint_authority', auditBytes({ ...event, action, data })]]);
  it('are those of approvals', () => {
    const grant = { grant: '{}', signature: 's', kid: 'k', jti: 'j' };
    const signed = { jti: 'j', job: '', bytes: '{}', signature: 's', kid: 'k' };
    expect(grantsIn(links('job.approved', grant))).toEqual([{ seq: 1, signed }]);
    const empty = { jti: '', job: '', bytes: '', signature: '', kid: '' };
    const odd = { grant: 5, signature: null, kid: [], jti: true };
    expect(grantsIn(links('job.approved', odd))).toEqual([
      { seq: 1, signed: { ...signed, jti: '', bytes: '', signature: '', kid: '' } },
    ]);
    expect(grantsIn(links('job.approved', {}))).toEqual([{ seq: 1, signed: empty }]);
    expect(grantsIn(links('job.planned', grant))).toEqual([]);
    const [one] = links('job.approved', grant) as [ChainedEvent];
    expect(grantsIn([{ ...one, event: `${one.event} ` }])).toEqual([]);
  });
});

const verifyPersonKey = () => ({ ok: false, error: { why: 'none' } }) as const;
const verifyAdmission = verifyPersonKey;
const verifySubject = verifyPersonKey;
const verifyRolloutGrant = verifyPersonKey;
const verifyRestore = () => true;

describe('a log and the checkpoints that were kept of it', () => {
  const lines = (...texts: readonly string[]) => chain(texts.map((text) => ['postgres', text] as const));
  const plain = (n: number) => auditBytes({ ...event, eventId: String(n), job: null });
  const headOf = (links: readonly ChainedEvent[]) => {
    const log = checkpointedLog([]);
    for (const link of links) log.add(link);
    return log.checkpoint() as Checkpoint;
  };
  const verdictOf = (links: readonly ChainedEvent[], ...checkpoints: readonly Checkpoint[]) => {
    const verifier = auditVerifier({
      verify: () => ({ ok: false, error: { why: 'none' } }),
      verifyPersonKey,
      verifyAdmission,
      verifySubject,
      verifyRolloutGrant,
      verifyRestore,
      checkpoints,
    });
    for (const link of links) verifier.add(link);
    return verifier.end();
  };

  it('has no head before its first event', () => {
    expect(checkpointedLog([]).checkpoint()).toBeUndefined();
    const kept = headOf(lines(plain(1)));
    expect(checkpointedLog([kept]).divergences()).toEqual([{ checkpoint: kept, how: 'missing' }]);
  });

  it('explains by a signed restore what a backup did not reach, and nothing else', () => {
    const before = lines(plain(1), plain(2), plain(3));
    const kept = [headOf(before.slice(0, 2)), headOf(before)];
    const [first, second] = before.map(({ hash }) => hash);
    const explained = (...texts: readonly string[]) => verdictOf(lines(...texts), ...kept).restored;
    const head = { seq: 2, hash: second ?? '' };
    expect(verdictOf(lines(plain(1), plain(2), restored(head), plain(4)), ...kept)).toMatchObject({
      ...{ missing: [], covered: 2, restores: 1 },
      restored: [expect.stringMatching('event 3 says')],
    });
    // The restore reached the checkpoint: the log should hold what it covers.
    const third = lines(plain(1), plain(2), plain(9))[2]?.hash ?? '';
    expect(explained(plain(1), plain(2), plain(9), restored({ seq: 3, hash: third }))).toEqual([]);
    // Its end is an event of this very log, and the log that of the checkpoint.
    for (const other of [
      { ...head, hash: first ?? '' },
      { ...head, seq: 1 },
      { seq: 0, hash: first ?? '' },
    ])
      expect([other, explained(plain(1), plain(2), restored(other), plain(4))]).toEqual([other, []]);
    const foreign = lines(plain(7), plain(8))[1]?.hash ?? '';
    expect(explained(plain(7), plain(8), restored({ seq: 2, hash: foreign }), plain(4))).toEqual([]);
    expect(explained(plain(7), restored({ seq: 0, hash: '' }), plain(4))).toHaveLength(2);
    // Nothing that is not signed, or in another form.
    for (const odd of [
      undefined,
      { seq: 2 },
      { seq: '2', hash: second ?? '' },
      { seq: 1.5, hash: '' },
      { seq: -1, hash: '' },
    ])
      expect([odd, explained(plain(1), plain(2), restored(odd), plain(4))]).toEqual([odd, []]);
    for (const lacks of ['signature', 'kid'])
      expect(explained(plain(1), plain(2), restored(head).replace(`"${lacks}":"`, `"${lacks}x":"`), plain(4))).toEqual(
        [],
      );
    // Only the event says it, not its words in another.
    expect(explained(plain(1), plain(2), restored(head, 'job.planned'), plain(4))).toEqual([]);
    expect(explained(plain(1), plain(2), `"record.restored"`, plain(4))).toEqual([]);
  });

  it('is not explained by a restore whose signature does not verify, or counts for another event or place', () => {
    const before = lines(plain(1), plain(2), plain(3));
    const head = { seq: 1, hash: before[0]?.hash ?? '' };
    const asked: unknown[] = [];
    const log = checkpointedLog([headOf(before)], (signed, seq) => {
      asked.push([seq, signed]);
      return false;
    });
    for (const link of lines(plain(1), restored(undefined), restored(head))) log.add(link);
    expect(log.divergences()).toEqual([{ checkpoint: headOf(before), how: 'different' }]);
    expect(asked).toEqual([[3, { head, restores: 1, signature: 's', kid: 'k' }]]);
    expect(log.restores).toBe(2);
    // Without a judge of restores none explains anything.
    const unjudged = checkpointedLog([headOf(before)]);
    for (const link of lines(plain(1), restored(head))) unjudged.add(link);
    expect(unjudged.divergences()).toEqual([{ checkpoint: headOf(before), how: 'missing' }]);
  });

  it('knows the hash of every link', () => {
    const hashes = linkHashes();
    const hashOf = (n: number) => sha256(String(n));
    for (let n = 1; n <= 9000; n++) hashes.add(hashOf(n));
    for (const n of [1, 2, 4095, 4096, 4097, 8192, 8193, 9000]) expect([n, hashes.at(n)]).toEqual([n, hashOf(n)]);
    for (const n of [0, -1, 9001]) expect([n, hashes.at(n)]).toEqual([n, undefined]);
  });

  it('does not fit one of another log, or of no log', () => {
    const links = lines(plain(1), plain(2));
    const kept = headOf(links);
    for (const origin of [originOf('f'.repeat(64), 0), 'example.com/log'])
      expect(verdictOf(links, { ...kept, origin }).covered).toBe(0);
  });

  it('is in doubt from the first broken link, where that comes before what a checkpoint shows', () => {
    const links = lines(plain(1), plain(2), plain(3));
    const changed = links.map((link) => (link.seq === 1 ? { ...link, event: plain(9) } : link));
    const verdict = verdictOf(changed, headOf(links));
    expect([verdict.ok, verdict.problems[0]?.seq]).toEqual([false, 1]);
  });

  it('is in doubt where its numbers leave one out, although every hash fits them', () => {
    const [first] = lines(plain(1)) as [ChainedEvent];
    const text = plain(2);
    const hash = linkHash(3, first.hash, 'postgres', text);
    const { problems } = verdictOf([first, { seq: 3, prevHash: first.hash, hash, writer: 'postgres', event: text }]);
    expect(problems).toContainEqual({ seq: 3, reason: expect.stringMatching('where 2 is due') });
  });

  it('is in doubt where an event does not follow the one before, although its own hash fits', () => {
    const [first] = lines(plain(1)) as [ChainedEvent];
    const [text, prevHash] = [plain(2), 'f'.repeat(64)];
    const hash = linkHash(2, prevHash, 'postgres', text);
    const { problems } = verdictOf([first, { seq: 2, prevHash, hash, writer: 'postgres', event: text }]);
    expect(problems).toContainEqual({ seq: 2, reason: 'does not follow the event before it' });
  });

  it('names at most a hundred problems', () => {
    const links = lines(...Array.from({ length: 150 }, (_, n) => ` ${plain(n)}`));
    const { problems } = verdictOf(links);
    expect([problems.length, problems[0]?.reason]).toEqual([100, 'is not an event in canonical form']);
  });

  it('tells a grant that belongs to another job or plan, and a change under a grant of another', () => {
    const approve = (grant: object, data: object) => {
      const bytes = JSON.stringify(grant);
      const verifier = auditVerifier({
        verify: (signed) => ({ ok: true, value: JSON.parse(signed.bytes) }),
        verifyPersonKey,
        verifyAdmission,
        verifySubject,
        verifyRolloutGrant,
        verifyRestore,
      });
      const said = { grant: bytes, signature: 's', kid: 'k', ...data } as AuditEvent['data'];
      const entries = [
        ['fixpoint_api', auditBytes({ ...event, action: 'job.submitted', job: 'a' })],
        ['fixpoint_authority', auditBytes({ ...event, action: 'job.approved', job: 'a', data: said })],
        ['fixpoint_worker', auditBytes({ ...event, action: 'grant.used', job: 'a', data: {} })],
        ['fixpoint_worker', auditBytes({ ...event, action: 'change.intent', job: 'a', data: {} })],
      ] as const;
      for (const link of chain(entries)) verifier.add(link);
      return verifier.end().problems.map(({ reason }) => reason);
    };
    const good = { job: 'a', jti: 'j', planSha256: 'p' };
    expect(approve(good, { jti: 'j', planSha256: 'p' })).toEqual([expect.stringMatching('not issued')]);
    expect(approve({ ...good, job: 'b' }, { jti: 'j', planSha256: 'p' })[0]).toMatch('another job');
    expect(approve({ ...good, jti: 'i' }, { jti: 'j', planSha256: 'p' })[0]).toMatch('another job');
    expect(approve(good, { jti: 'j', planSha256: 'q' })[0]).toMatch('another plan');
    expect(approve({ ...good, jti: '' }, { planSha256: 'p' })).toEqual([]);
  });
});

describe('the decisions that were signed, in a log', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyText(privateKey);
  const key = { v: 1, id: 'k1', person: 'ada', kid: kidOf(publicKey), publicKey, confirmedBy: 'bob', at: 'x' } as const;
  const once = { nonce: 'a'.repeat(32), at: '2026-01-02T12:00:00.000Z' };
  const facts = { job: 'a', planDigest: 'p', reasonDigest: 'r', executeBy: null, onFailure: null } as const;
  const proofOf = (decision: 'approve' | 'reject') => ({
    ...{ kind: 'key', kid: key.kid, ...once, registration: key.id, executeBy: null, onFailure: null },
    signature: sign(null, decisionMessage({ ...facts, decision }, once), privateKey).toString('base64'),
  });
  const person = { id: 'ada', name: 'Ada', roles: ['approver'] };
  const submitted = ['fixpoint_api', auditBytes({ ...event, action: 'job.submitted', job: 'a' })] as const;
  const registration = { key: 'k1', person: 'ada', kid: key.kid, registration: JSON.stringify(key) };
  const registered = [
    'fixpoint_authority',
    auditBytes({ ...event, action: 'key.registered', job: null, target: null, data: registration }),
  ] as const;
  const authority = (action: AuditAction, data: object) =>
    [
      'fixpoint_authority',
      auditBytes({
        ...{ ...event, action, job: 'a', at: once.at, data: data as AuditEvent['data'] },
        actor: { type: 'person', ...person },
      }),
    ] as const;
  const problems = (...entries: readonly (readonly [string, string])[]) => {
    const verifier = auditVerifier({
      verify: (signed) => ({ ok: true, value: JSON.parse(signed.bytes) }),
      verifyPersonKey: ({ bytes }) => ({ ok: true, value: JSON.parse(bytes) }),
      verifyAdmission,
      verifySubject,
      verifyRolloutGrant,
      verifyRestore,
    });
    for (const link of chain([submitted, ...entries])) verifier.add(link);
    return verifier.end().problems.map(({ reason }) => reason);
  };
  const approved = (decision: 'approve' | 'reject') => {
    const approval = { person, decidedAt: once.at, reasonSha256: 'r', proof: proofOf(decision) };
    const grant = JSON.stringify({ job: 'a', jti: 'j', planSha256: 'p', approvals: [approval] });
    return authority('job.approved', { grant, signature: 's', kid: 'k', jti: 'j', planSha256: 'p' });
  };
  const rejected = (decision: 'approve' | 'reject') =>
    authority('job.rejected', { planSha256: 'p', reasonSha256: 'r', proof: proofOf(decision) });

  it('verify by the registration that stands before them', () => {
    expect(problems(registered, approved('approve'), rejected('reject'))).toEqual([]);
    expect(problems(approved('approve'))).toEqual([expect.stringMatching('key-unknown')]);
  });

  it('fail where somebody signed another decision', () => {
    expect(problems(registered, approved('reject'))).toEqual([expect.stringMatching('signature-invalid')]);
    expect(problems(registered, rejected('approve'))).toEqual([expect.stringMatching('signature-invalid')]);
  });

  it('hold the grants of approvals alone, whatever else is in the links', () => {
    const links = chain([submitted, approved('approve'), ['fixpoint_authority', '{"action":"job.approved"}']]);
    expect(grantsIn(links).map(({ seq, signed: { jti, job } }) => [seq, jti, job])).toEqual([[2, 'j', 'a']]);
    const nobody = auditBytes({ ...event, action: 'job.approved', job: null, data: {} });
    expect(grantsIn(chain([['fixpoint_authority', nobody]]))).toMatchObject([{ seq: 1, signed: { jti: '', job: '' } }]);
  });
});

it('the root of nothing is the hash of nothing, and bytes and their text are one leaf', () => {
  expect(rootOf([]).toString('hex')).toMatch(/^e3b0c442/);
  expect(leafHash('ö').equals(leafHash(Buffer.from('ö')))).toBe(true);
  expect(isIncluded(leafHash('a'), 0, 1, [], leafHash('b'))).toBe(false);
});
