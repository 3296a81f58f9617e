import { randomBytes, randomUUID } from 'node:crypto';
import { admissionVoteMessage, type AdmissionFacts } from '../../src/domain/admission-request.js';
import { targetChangesDigest } from '../../src/domain/target-change.js';
import type { Target } from '../../src/domain/target.js';
import { judged } from './admission.js';
import { nowText, signatureOf, type OwnKey } from './keys.js';
import { localTarget } from './local-target.js';
import type { TestProduct } from './product.js';

/** A local target in the form that people sign. */
export const formOf = (name: string, members: object = {}): Target =>
  ({ ...localTarget(name), settings: {}, id: randomUUID(), ...members }) as unknown as Target;

/** The proof of what somebody asks for or decides about targets or the policy. */
export function subjectProof(key: OwnKey, facts: Omit<AdmissionFacts, 'about' | 'reason'>) {
  const once = { nonce: randomBytes(16).toString('hex'), at: nowText() };
  const message = admissionVoteMessage({ ...facts, about: '', reason: 'x' }, once);
  return { kind: 'key', kid: key.kid, ...once, signature: signatureOf(key, message) } as const;
}

/** One person asks that a target counts in this form; the request as authority judged it, with the digest of what it is for. */
export async function askForTarget(
  product: TestProduct,
  key: OwnKey,
  form: Target,
  { before = null, more = {} }: { readonly before?: string | null; readonly more?: object } = {},
) {
  const contentDigest = targetChangesDigest([{ id: form.id, before, after: form }]);
  const { id, ...target } = form;
  const proof = subjectProof(key, { kind: 'admit-targets', contentDigest, decision: 'request' });
  const body = { targets: [{ id, before, target }], reason: 'x', proof, ...more };
  const answer = await product.call(key.person, 'POST', '/v1/targets:admit', body);
  return { answer, contentDigest, request: answer.status === 201 ? await judged(product, answer) : answer.body };
}

/** Another person decides about a request for targets; the request, or the problem. */
export async function decideOnTarget(
  product: TestProduct,
  key: OwnKey,
  { request, contentDigest }: { readonly request: any; readonly contentDigest: string },
  decision: 'confirm' | 'reject' = 'confirm',
) {
  const { kind } = request;
  const answer = await product.call(key.person, 'POST', `/v1/admissions/${request.id}/decision`, {
    ...{ decision, contentDigest, reason: 'x', proof: subjectProof(key, { kind, contentDigest, decision }) },
  });
  return answer.status === 200 ? judged(product, answer, ['open']) : answer.body;
}

/** Two people admit a target. */
export async function admitTarget(product: TestProduct, by: readonly [OwnKey, OwnKey], form: Target): Promise<void> {
  const asked = await askForTarget(product, by[0], form);
  const done = await decideOnTarget(product, by[1], asked);
  if (done.status !== 'done') throw new Error(JSON.stringify([asked.request, done]));
}
