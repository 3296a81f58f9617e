import type { DecisionProof, KeyProof } from './decision-proof.js';
import { reasonDigest } from './digest.js';
import type { PersonRef } from './people.js';
import { labelled } from './person-key.js';
import type { Subject } from './subject-admission.js';

/** What people ask for about a runbook. */
export const RUNBOOK_REQUESTS = ['admit', 'disable', 'revoke'] as const;
export type RunbookRequestKind = (typeof RUNBOOK_REQUESTS)[number];

/** Everything that people ask for. What only takes something away takes effect at once; the rest needs a second person. */
export const ADMISSION_REQUESTS = [
  ...RUNBOOK_REQUESTS,
  ...(['admit-targets', 'remove-targets', 'admit-policy', 'approve-standing', 'withdraw-standing'] as const),
] as const;
export type AdmissionRequestKind = (typeof ADMISSION_REQUESTS)[number];

/** What a request is about. */
export function subjectOf(kind: AdmissionRequestKind): 'runbook' | Subject {
  if (kind === 'admit-policy') return 'policy';
  if (kind === 'approve-standing' || kind === 'withdraw-standing') return 'standing';
  return kind === 'admit-targets' || kind === 'remove-targets' ? 'target' : 'runbook';
}

/** What one person asks for. The row grants nothing: `authority` judges it. */
export interface AdmissionRequest {
  readonly id: string;
  readonly kind: AdmissionRequestKind;
  /** For people: the id of the runbook, the name of the target or how many, or `policy`. */
  readonly about: string;
  /**
   * Of a runbook the version, of targets `targetChangesDigest`, of a policy its digest. A `disable` may name none and then means every
   * version of the runbook.
   */
  readonly contentDigest?: string;
  /** Of the version of a runbook that is to be admitted: the one that was current when it was asked for; null: there was none. */
  readonly before?: string | null;
  /** The targets, or the policy. The bytes of a runbook are in the catalogue. */
  readonly content?: string;
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
export const atOnce = ({ kind }: Pick<AdmissionRequest, 'kind'>): boolean =>
  kind === 'disable' || kind === 'revoke' || kind === 'remove-targets' || kind === 'withdraw-standing';

/** What somebody signs who asks for something or answers it: exactly this content, by exactly this decision. */
export interface AdmissionFacts {
  readonly kind: AdmissionRequestKind;
  readonly about: string;
  readonly contentDigest: string | null;
  /** Of a runbook that is to be admitted: the version with which it was compared. */
  readonly before?: string | null;
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

/**
 * Ed25519 over `fixpoint-admission-vote-v1\0` and the canonical JSON of the facts, and of `nonce` and `at`. Of targets and the policy the
 * label is `fixpoint-target-vote-v1` or `fixpoint-policy-vote-v1`, and the digest alone names what is meant, with what was before.
 */
export function digestedVoteMessage(
  { kind, about, contentDigest, before = null, decision, reasonDigest: digest }: DigestedFacts,
  { nonce, at }: Pick<KeyProof, 'nonce' | 'at'>,
): Buffer {
  const facts = { kind, contentDigest, decision, reasonDigest: digest, nonce, at };
  const subject = subjectOf(kind);
  return subject === 'runbook'
    ? labelled('fixpoint-admission-vote-v1', { ...facts, runbook: about, before })
    : labelled(`fixpoint-${subject}-vote-v1`, facts);
}
