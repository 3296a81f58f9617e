import type { AuditEvent } from '../domain/audit.js';

export interface StoredToken {
  readonly id: string;
  readonly person: string;
  readonly kind: 'personal' | 'service';
  /** SHA-256 of the secret part, lower-case hex. */
  readonly secretSha256: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

export interface Tokens {
  find(id: string): Promise<StoredToken | undefined>;
  /** Newest first, without the digests of their secrets; `person`: those of one. */
  list(person?: string): Promise<readonly Omit<StoredToken, 'secretSha256'>[]>;
  create(token: StoredToken, event: AuditEvent): Promise<void>;
  revoke(id: string, event: AuditEvent): Promise<boolean>;
}
