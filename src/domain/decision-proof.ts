import type { OnFailure } from './job.js';
import { KID_PATTERN, labelled, signatureHolds, SIGNATURE_PATTERN, type PersonKey } from './person-key.js';

/** The token with which the person was signed in: whoever may insert rows as the API's role could have made it. */
export interface TokenProof {
  readonly kind: 'token';
  readonly tokenId: string;
}

/** A signature by the approver's own key over exactly what they decided. */
export interface KeyProof {
  readonly kind: 'key';
  readonly kid: string;
  /** 128 random bits in hex, used once. */
  readonly nonce: string;
  /** When it was signed, by the approver's clock: UTC text. */
  readonly at: string;
  /** base64 */
  readonly signature: string;
}

export type DecisionProof = TokenProof | KeyProof;

/** A signature in a grant, with what is not elsewhere in the grant and is needed to verify it from the grant's bytes. */
export interface GrantedKeyProof extends KeyProof {
  /** Id of the registration of the key. */
  readonly registration: string;
  readonly executeBy: string | null;
  readonly onFailure: OnFailure | null;
}

/** What an approver signs: Ed25519 over `fixpoint-decision-v1\0` and the canonical JSON of these fields and of `nonce` and `at`. */
export interface DecidedFacts {
  readonly job: string;
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly reasonDigest: string;
  /** UTC text; null where the approver set none */
  readonly executeBy: string | null;
  readonly onFailure: OnFailure | null;
}

/** Longest time between the signature, by the approver's clock, and its arrival, by the database's (milliseconds). */
export const MOST_SIGNED_APART_MS = 10 * 60_000;

export const NONCE_PATTERN = '^[0-9a-f]{32}$';
export const SIGNED_AT_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\\.[0-9]{3}Z$';

export function decisionMessage(facts: DecidedFacts, { nonce, at }: Pick<KeyProof, 'nonce' | 'at'>): Buffer {
  const { job, planDigest, decision, reasonDigest, executeBy, onFailure } = facts;
  return labelled('fixpoint-decision-v1', {
    ...{ job, planDigest, decision, reasonDigest, executeBy, onFailure },
    ...{ nonce, at },
  });
}

/** A registered key whose registration was verified, and whether it was revoked. */
export interface RegisteredKey {
  readonly key: PersonKey;
  readonly revoked: boolean;
}

export type KeyProofCode = 'key-unknown' | 'key-revoked' | 'signature-invalid';

/** Why a signature does not show that this person decided exactly this; undefined where it does. */
export function keyProofProblem(
  proof: KeyProof,
  facts: DecidedFacts,
  person: string,
  registered: RegisteredKey | undefined,
): KeyProofCode | undefined {
  return signedProblem(proof, decisionMessage(facts, proof), person, registered);
}

/** Why a proof does not show that this person signed exactly this message; undefined where it does. */
export function signedProblem(
  proof: KeyProof,
  message: Buffer,
  person: string,
  registered: RegisteredKey | undefined,
): KeyProofCode | undefined {
  if (!registered || registered.key.person !== person || registered.key.kid !== proof.kid) return 'key-unknown';
  if (registered.revoked) return 'key-revoked';
  return signatureHolds(registered.key.publicKey, message, proof.signature) ? undefined : 'signature-invalid';
}

/** The proof that a row holds; one of another form is a token that nobody has. */
export function readProof(text: string): DecisionProof {
  const nothing = { kind: 'token', tokenId: '' } as const;
  try {
    const proof = JSON.parse(text) as Partial<Record<string, unknown>> | null;
    const fits = (member: string, pattern: string) => new RegExp(pattern).test(String(proof?.[member]));
    if (proof?.kind === 'token' && typeof proof.tokenId === 'string') return { kind: 'token', tokenId: proof.tokenId };
    const whole =
      proof?.kind === 'key' &&
      fits('kid', KID_PATTERN) &&
      fits('nonce', NONCE_PATTERN) &&
      fits('at', SIGNED_AT_PATTERN) &&
      fits('signature', SIGNATURE_PATTERN);
    if (!whole) return nothing;
    const { kid, nonce, at, signature } = proof as unknown as KeyProof;
    return { kind: 'key', kid, nonce, at, signature };
  } catch {
    return nothing;
  }
}
