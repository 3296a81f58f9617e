import type { AdmittingPerson } from './admission.js';
import type { PersonRef } from './people.js';

/** `admit` and `enable` need a second person; `disable` and `revoke` take effect at once. */
export const ADMISSION_REQUESTS = ['admit', 'enable', 'disable', 'revoke'] as const;
export type AdmissionRequestKind = (typeof ADMISSION_REQUESTS)[number];

/** What one person asks for. The row grants nothing: `authority` judges it. */
export interface AdmissionRequest {
  readonly id: string;
  readonly kind: AdmissionRequestKind;
  readonly runbook: string;
  /** The version. Absent for `disable`: every version of the runbook. */
  readonly contentDigest?: string;
  readonly person: PersonRef;
  readonly reason: string;
  readonly proof: AdmittingPerson['proof'];
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
  readonly proof: AdmittingPerson['proof'];
  readonly decidedAt: Date;
  readonly status: 'pending' | 'accepted' | 'refused';
  readonly code?: string;
}

/** How long a request may wait for a second person: 7 days. */
export const REQUEST_EXPIRES_MS = 7 * 24 * 60 * 60_000;

/** Whether a request takes effect without a second person: what only takes something away. */
export const atOnce = ({ kind }: Pick<AdmissionRequest, 'kind'>): boolean => kind === 'disable' || kind === 'revoke';
