import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { KeyProof } from '../../src/domain/decision-proof.js';
import { kidOf, personKeyBytes, publicKeyText, type PersonKey } from '../../src/domain/person-key.js';
import { ok } from '../../src/domain/result.js';
import { completeDeclaration } from '../../src/domain/rollouts/declaration.js';
import type { RolloutRequest } from '../../src/domain/rollouts/request.js';
import { utcText } from '../../src/domain/time.js';
import type { StoredPersonKey } from '../../src/ports/person-keys.js';
import type { RolloutDecision } from '../../src/ports/rollouts.js';
import type { RolloutAuthority } from '../../src/usecases/rollouts/authority/context.js';
import { aboutList, aboutPauses, proofProblem, type MessageOf } from '../../src/usecases/rollouts/authority/proof.js';
import { after, jobOf, NOW } from '../support/job-views.js';

/** What counts as the signature of a person over a decision about a rollout, in production. */

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = publicKeyText(privateKey);
const key: PersonKey = {
  ...{ v: 1, id: 'key-1', person: 'ada', kid: kidOf(publicKey), publicKey },
  ...{ confirmedBy: 'root', at: '2026-01-01T00:00:00.000Z' },
};
const stored = { id: 'key-1', bytes: personKeyBytes(key) } as StoredPersonKey;
const contextOf = (row: StoredPersonKey | undefined = stored, used: readonly string[] = []) =>
  ({
    keys: {
      byKid: async (kid: string) => (kid === key.kid ? row : undefined),
      isNonceUsed: async (n: string) => used.includes(n),
    },
    registrations: { verifyPersonKey: ({ bytes }: StoredPersonKey) => ok(JSON.parse(bytes) as PersonKey) },
    keyRequired: true,
  }) as unknown as RolloutAuthority;

const { runbook, pool, requester } = jobOf();
const rollout: RolloutRequest = {
  ...{ id: 'rollout-1', runbook, pool, requester, reason: 'why', salt: 'a5', count: 5, itemsDigest: 'f'.repeat(64) },
  declaration: completeDeclaration({}, 5),
};
const row: RolloutDecision = {
  ...{ id: 'd', rollout: 'rollout-1', kind: 'approve', root: 'e'.repeat(64), ends: [], exclude: [], reason: 'ok' },
  ...{ person: { id: 'ada', name: 'Ada', roles: ['approver'] }, decidedAt: NOW, status: 'pending' },
  ...{ executeBy: after(3_600_000), onFailure: 'leave', proof: { kind: 'token', tokenId: '' } },
};
const resume: RolloutDecision = { ...row, kind: 'resume', ends: ['p1'], exclude: [3] };

function signed(of: RolloutDecision, messageOf: MessageOf, at = NOW): RolloutDecision {
  const once = { nonce: '0'.repeat(32), at: utcText(at) };
  const signature = sign(null, messageOf(of, once), privateKey).toString('base64');
  const proof: KeyProof = { kind: 'key', kid: key.kid, ...once, signature };
  return { ...of, proof };
}

const list = aboutList(rollout, 4);
const pauses = aboutPauses('rollout-1', 'grant-1', 'a5');
const problem = (of: RolloutDecision, messageOf: MessageOf, context = contextOf(), isFirst = true) =>
  proofProblem(context, of, messageOf, isFirst);

it('is a signature by the own key over exactly this', async () => {
  expect(await problem(signed(row, list), list)).toBeUndefined();
  expect(await problem(signed(resume, pauses), pauses)).toBeUndefined();
  expect(await problem(row, list)).toBe('key-required');
});

describe('of a list', () => {
  it.each<[string, Partial<RolloutDecision>]>([
    ['another root', { root: 'd'.repeat(64) }],
    ['a rejection', { kind: 'reject' }],
    ['another reason', { reason: 'other' }],
    ['another end', { executeBy: after(7_200_000) }],
    ['something else on failure', { onFailure: 'rollback' }],
  ])('it is not one over %s', async (_, more) =>
    expect(await problem({ ...signed(row, list), ...more }, list)).toBe('signature-invalid'),
  );

  it.each<[string, MessageOf]>([
    ['another number of plans', aboutList(rollout, 5)],
    ['other waves', aboutList({ ...rollout, declaration: { ...rollout.declaration, atOnce: 50 } }, 4)],
    ['another selection', aboutList({ ...rollout, itemsDigest: '0'.repeat(64) }, 4)],
    ['a pause', pauses],
  ])('it is not one over %s', async (_, other) =>
    expect(await problem(signed(row, list), other)).toBe('signature-invalid'),
  );
});

describe('of a resume', () => {
  it.each<[string, Partial<RolloutDecision>]>([
    ['another pause', { ends: ['p1', 'p2'] }],
    ['other items', { exclude: [3, 4] }],
    ['another reason', { reason: 'other' }],
  ])('it is not one over %s', async (_, more) =>
    expect(await problem({ ...signed(resume, pauses), ...more }, pauses)).toBe('signature-invalid'),
  );

  it('it is not one under another grant', async () =>
    expect(await problem(signed(resume, pauses), aboutPauses('rollout-1', 'grant-2', 'a5'))).toBe('signature-invalid'));
});

it('counts once, in time, and by a key of that person that is registered', async () => {
  const one = signed(row, list);
  expect(await problem(one, list, contextOf(stored, ['0'.repeat(32)]))).toBe('decision-replayed');
  // An earlier approval is looked at again, and its nonce is used by then.
  expect(await problem(one, list, contextOf(stored, ['0'.repeat(32)]), false)).toBeUndefined();
  expect(await problem(signed(row, list, after(-11 * 60_000)), list)).toBe('decision-stale');
  expect(await problem(signed({ ...row, person: { ...row.person, id: 'bob' } }, list), list)).toBe('key-unknown');
  expect(await problem(one, list, contextOf({ ...stored, revokedAt: NOW }))).toBe('key-revoked');
});
