import type { AuditEvent } from '../domain/audit.js';
import type { Result } from '../domain/result.js';
import type { Target } from '../domain/target.js';

export interface StoredTarget {
  readonly target: Target;
  readonly revision: number;
}

export interface Inventory {
  get(id: string): Promise<StoredTarget | undefined>;
  byName(name: string): Promise<StoredTarget | undefined>;
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly StoredTarget[]>;
  /** Names and host keys are unique. */
  create(target: Target, event: AuditEvent): Promise<Result<StoredTarget, { kind: 'name-taken' | 'host-key-taken' }>>;
  replace(
    target: Target,
    revision: number,
    event: AuditEvent,
  ): Promise<
    Result<StoredTarget, { kind: 'name-taken' | 'host-key-taken' | 'changed-meanwhile' | 'target-not-found' }>
  >;
  remove(id: string, event: AuditEvent): Promise<boolean>;
}

/** A claim with a name, shown to the approver. */
export interface Consent {
  readonly id: string;
  readonly kind: 'close-client' | 'close-office' | 'rsa-keys' | 'protected-keys' | 'log-collection';
  readonly subjectSid: string;
  readonly evidence: string;
  readonly recordedBy: { readonly id: string; readonly name: string };
  readonly recordedAt: Date;
}

export interface Consents {
  /** The consents about one person, newest first: what an approver is shown. */
  latest(subjectSid: string, limit: number): Promise<readonly Consent[]>;
  create(consent: Consent, event: AuditEvent): Promise<void>;
  list(filter: {
    readonly subjectSid?: string;
    readonly after?: string;
    readonly limit: number;
  }): Promise<readonly Consent[]>;
}
