import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { confirmFirstKey } from '../../src/installation/first-key.js';
import { decisionMessage, type DecidedFacts, type KeyProof } from '../../src/domain/decision-proof.js';
import { reasonDigest } from '../../src/domain/digest.js';
import { confirmationMessage, keyClaimMessage, kidOf, publicKeyText } from '../../src/domain/person-key.js';
import { join } from 'node:path';
import type { Who } from './people.js';
import type { TestProduct } from './product.js';

/** A person's own key, as it is on their machine. */
export interface OwnKey {
  readonly person: Who;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  readonly kid: string;
  /** Id of its registration, once there is one. */
  readonly id: string;
}

export const nowText = () => new Date().toISOString();

export function newKey(person: Who): OwnKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = publicKeyText(privateKey);
  return { person, privateKey, publicKey, kid: kidOf(publicKey), id: '' };
}

export const signatureOf = (key: Pick<OwnKey, 'privateKey'>, message: Buffer) =>
  sign(null, message, key.privateKey).toString('base64');

/** Asks for the registration of a key as `who`; the answer is that of the API. */
export function requestOf(product: TestProduct, key: OwnKey, who: Who = key.person) {
  const at = nowText();
  const { publicKey, kid } = key;
  const signature = signatureOf(key, keyClaimMessage({ person: who, kid, publicKey, at }));
  return product.call(who, 'POST', '/v1/keys', { publicKey, at, signature });
}

/** Confirms a key that is asked for as `who` with the key `by`. */
export function confirm(product: TestProduct, key: OwnKey, by: OwnKey, who: Who = by.person) {
  const at = nowText();
  const { publicKey, kid, person, id } = key;
  const signature = signatureOf(by, confirmationMessage({ key: id, person, kid, publicKey, by: who, at }));
  return product.call(who, 'POST', `/v1/keys/${id}/confirm`, { kid: by.kid, at, signature });
}

/** The confirmation of a first key, as the command line on the server makes it. */
export const confirmFirst = (product: TestProduct, key: OwnKey) =>
  confirmFirstKey(product.urls.api, join(product.home, 'keys', 'grant.pem'), key);

/** A key that was asked for. */
export async function requested(product: TestProduct, person: Who): Promise<OwnKey> {
  const key = newKey(person);
  const { status, body } = await requestOf(product, key);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return { ...key, id: body.id };
}

/** The registered key of the administrator: the first of an installation. */
export async function firstKey(product: TestProduct): Promise<OwnKey> {
  const key = await requested(product, 'admin');
  const entry = await confirmFirst(product, key);
  if (entry?.request.status !== 'registered') throw new Error(JSON.stringify(entry));
  return key;
}

/** The registered key of a person, confirmed by that of another. */
export async function registeredKeyOf(product: TestProduct, person: Who, by: OwnKey): Promise<OwnKey> {
  const key = await requested(product, person);
  const { status, body } = await confirm(product, key, by);
  if (status !== 200 || body.status !== 'registered') throw new Error(JSON.stringify(body));
  return key;
}

/** What a person decides about a job as the API shows it. */
export function factsOf(job: any, salt: string | undefined, more: Partial<DecidedFacts> & { reason?: string } = {}) {
  const { reason = 'ok', ...other } = more;
  return {
    ...{ job: job.id as string, planDigest: job.plan.digest as string, decision: 'approve' },
    ...{ reasonDigest: reasonDigest(reason, salt), executeBy: null, onFailure: null },
    ...other,
  } as const satisfies DecidedFacts;
}

export function proofOf(
  key: OwnKey,
  facts: DecidedFacts,
  { nonce = randomBytes(16).toString('hex'), at = nowText() } = {},
): KeyProof {
  return { kind: 'key', kid: key.kid, nonce, at, signature: signatureOf(key, decisionMessage(facts, { nonce, at })) };
}

/** The salt of a job, from the plan as a person reads it. */
export async function saltOf(product: TestProduct, job: any): Promise<string | undefined> {
  return (await product.call('admin', 'GET', `/v1/jobs/${job.id}/plan`)).body.salt;
}

/** The body of a signed decision. */
export async function signedDecision(
  product: TestProduct,
  job: any,
  key: OwnKey,
  more: { readonly decision?: 'approve' | 'reject'; readonly onFailure?: 'leave' | 'rollback' } = {},
) {
  const { decision = 'approve', onFailure } = more;
  const facts = factsOf(job, await saltOf(product, job), { decision, onFailure: onFailure ?? null });
  const body = { decision, planDigest: job.plan.digest as string, reason: 'ok', proof: proofOf(key, facts) };
  return { ...body, ...(onFailure ? { onFailure } : {}) };
}
