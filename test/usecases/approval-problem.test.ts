import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { decisionMessage, type GrantedKeyProof } from '../../src/domain/decision-proof.js';
import { approvedFacts, type Grant } from '../../src/domain/grant.js';
import { kidOf, personKeyBytes, publicKeyText, type PersonKey } from '../../src/domain/person-key.js';
import { fail, ok } from '../../src/domain/result.js';
import type { StoredPersonKey } from '../../src/ports/person-keys.js';
import { approvalProblem } from '../../src/usecases/claim/approval-problem.js';
import type { WorkerContext } from '../../src/usecases/worker-context.js';

/** What the worker says of the approvals of a grant that authority signed: it takes authority's word for none of them. */

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = publicKeyText(privateKey);
const key: PersonKey = {
  ...{ v: 1, id: 'key-1', person: 'ada', kid: kidOf(publicKey), publicKey },
  ...{ confirmedBy: 'root', at: '2026-01-01T00:00:00.000Z' },
};
const stored: StoredPersonKey = {
  ...{ id: 'key-1', person: 'ada', kid: key.kid, registeredAt: new Date() },
  ...{ bytes: personKeyBytes(key), signature: 's', signedBy: 'g' },
};
const contextOf = (row: StoredPersonKey | undefined, keyRequired = true, signed = true) =>
  ({
    keys: { byId: (id: string) => Promise.resolve(row?.id === id ? row : undefined) },
    registrations: {
      verifyPersonKey: ({ bytes }: StoredPersonKey) =>
        signed ? ok(JSON.parse(bytes) as PersonKey) : fail({ why: 'not signed' }),
    },
    settings: { keyRequired },
  }) as unknown as WorkerContext;

const facts = { job: 'job-1', planSha256: 'p', executeBy: '2026-01-01T10:00:00.000Z' };
const unsigned: GrantedKeyProof = {
  ...{ kind: 'key', kid: key.kid, nonce: '0'.repeat(32), at: '2026-01-01T09:00:00.000Z', signature: '' },
  ...{ registration: 'key-1', executeBy: '2026-01-01T10:00:00.000Z', onFailure: 'leave' },
};
const message = decisionMessage(approvedFacts(facts, 'r', unsigned), unsigned);
const proof = { ...unsigned, signature: sign(null, message, privateKey).toString('base64') };
const person = { id: 'ada', name: 'Ada', roles: [] };
const approval = { person, decidedAt: '2026-01-01T09:00:00.000Z', reasonSha256: 'r', proof };
const grant = { ...facts, onFailure: 'leave', approvals: [approval] } as unknown as Grant;
const token = { ...approval, proof: { kind: 'token', tokenId: 't' } } as const;

const codeOf = async (of: object, context = contextOf(stored)) =>
  (await approvalProblem(context, { ...grant, ...of }))?.error.code;
const changed = (more: object) => ({ approvals: [{ ...approval, proof: { ...proof, ...more } }] });

it('takes what was signed, and a token in development alone', async () => {
  expect(await codeOf({})).toBeUndefined();
  expect(await codeOf({ approvals: [approval, token] })).toBe('key-required');
  expect(await codeOf({ approvals: [approval, token] }, contextOf(stored, false))).toBeUndefined();
});

it.each<[string, object]>([
  ['another job', { job: 'job-2' }],
  ['another plan', { planSha256: 'q' }],
  ['another reason', { approvals: [{ ...approval, reasonSha256: 'other' }] }],
  ['another end', changed({ executeBy: null })],
  ['another on failure', changed({ onFailure: 'rollback' })],
  ['another nonce', changed({ nonce: '1'.repeat(32) })],
  ['another time', changed({ at: '2026-01-01T09:00:00.001Z' })],
  ['a window that is longer than what was signed', { executeBy: '2026-01-01T10:00:00.001Z' }],
  ['something else to do on failure', { onFailure: 'rollback' }],
  ['the same key twice', { approvals: [approval, approval] }],
])('refuses %s', async (_, more) => {
  expect(await codeOf(more)).toBe('signature-invalid');
});

it('refuses a key that is not registered, not this person’s, or revoked', async () => {
  expect(await codeOf({}, contextOf(undefined))).toBe('key-unknown');
  expect(await codeOf({}, contextOf(stored, true, false))).toBe('key-unknown');
  expect(await codeOf({ approvals: [{ ...approval, person: { ...person, id: 'bob' } }] })).toBe('key-unknown');
  expect(await codeOf(changed({ kid: 'f'.repeat(32) }))).toBe('key-unknown');
  expect(await codeOf({}, contextOf({ ...stored, revokedAt: new Date() }))).toBe('key-revoked');
});
