import type { AuditEvent } from '../domain/audit.js';
import type { ConsentKind } from '../domain/consent.js';
import type { Result } from '../domain/result.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

/** A claim with a name, shown to the approver. */
export interface Consent {
  readonly id: string;
  readonly kind: ConsentKind;
  readonly subjectSid: string;
  readonly evidence: string;
  readonly recordedBy: { readonly id: string; readonly name: string };
  readonly recordedAt: Date;
}

export interface Consents {
  /** The consents about one person, newest first: what an approver is shown. */
  latest(subjectSid: string, limit: number): Promise<readonly Consent[]>;
  /** The consent, its event and the key are one; a repeat gives the first consent. */
  create(key: IdempotencyKey, consent: Consent, event: AuditEvent): Promise<Result<Made<Consent>, KeyMismatch>>;
  list(filter: {
    readonly subjectSid?: string;
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly Consent[]>;
}
