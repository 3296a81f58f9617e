import type { DecisionProof, KeyProof } from './decision-proof.js';
import { reasonDigest } from './digest.js';
import type { PersonRef } from './people.js';
import { labelled } from './person-key.js';

/** `admit` and `enable` need a second person; `disable` and `revoke` take effect at once. */
export const ADMISSION_REQUESTS = ['admit', 'enable', 'disable', 'revoke'] as const;
export type AdmissionRequestKind = (typeof ADMISSION_REQUESTS)[number];

/** What one person asks for. The row grants nothing: `authority` judges it. */
export interface AdmissionRequest {
  readonly id: string;
  readonly kind: AdmissionRequestKind;
  readonly runbook: string;
  /** The version. A `disable` may name none and then means every version of the runbook. */
  readonly contentDigest?: string;
  readonly person: PersonRef;
  readonly reason: string;
  readonly proof: DecisionProof;
  readonly requestedAt: Date;
  /** `new`: `authority` has not looked; `open`: a second person is to confirm it. */
  readonly status: 'new' | 'open' | 'done' | 'refused';
  readonly code?: string;
  readonly detail?: string;
}

/** What another person says to it. */
export interface AdmissionVote {
  readonly id: string;
  readonly request: string;
  /** The content digest that the person read. */
  readonly contentDigest: string;
  readonly decision: 'confirm' | 'reject';
  readonly person: PersonRef;
  readonly reason: string;
  readonly proof: DecisionProof;
  readonly decidedAt: Date;
  readonly status: 'pending' | 'accepted' | 'refused';
  readonly code?: string;
}

/** How long a request may wait for a second person: 7 days. */
export const REQUEST_EXPIRES_MS = 7 * 24 * 60 * 60_000;

/** Whether a request takes effect without a second person: what only takes something away. */
export const atOnce = ({ kind }: Pick<AdmissionRequest, 'kind'>): boolean => kind === 'disable' || kind === 'revoke';

/** What somebody signs who asks for something or answers it: exactly this version, by exactly this decision. */
export interface AdmissionFacts {
  readonly kind: AdmissionRequestKind;
  readonly runbook: string;
  readonly contentDigest: string | null;
  readonly decision: 'request' | AdmissionVote['decision'];
  readonly reason: string;
}

/** The facts with the digest of the reason in its place: all that the bytes of an admission hold of it. */
export interface DigestedFacts extends Omit<AdmissionFacts, 'reason'> {
  readonly reasonDigest: string;
}

/** What is signed, where the reason is at hand. */
export function admissionVoteMessage(
  { reason, ...facts }: AdmissionFacts,
  once: Pick<KeyProof, 'nonce' | 'at'>,
): Buffer {
  return digestedVoteMessage({ ...facts, reasonDigest: reasonDigest(reason, undefined) }, once);
}

/** Ed25519 over `fixpoint-admission-vote-v1\0` and the canonical JSON of the facts, and of `nonce` and `at`. */
export function digestedVoteMessage(
  { kind, runbook, contentDigest, decision, reasonDigest: digest }: DigestedFacts,
  { nonce, at }: Pick<KeyProof, 'nonce' | 'at'>,
): Buffer {
  const facts = { kind, runbook, contentDigest, decision, reasonDigest: digest };
  return labelled('fixpoint-admission-vote-v1', { ...facts, nonce, at });
}
