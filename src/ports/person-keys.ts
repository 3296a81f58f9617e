import type { AuditEvent } from '../domain/audit.js';
import type { KeyClaim, KeyConfirmation, PersonKey, SignedPersonKey } from '../domain/person-key.js';
import type { Result } from '../domain/result.js';

/** Signs registrations of keys with the private grant key. */
export interface PersonKeySigner {
  signPersonKey(key: PersonKey): SignedPersonKey;
}

/** Judges what the private grant key signed about keys of persons, with the pinned public keys only. */
export interface PersonKeyVerifier {
  verifyPersonKey(signed: SignedPersonKey, seq?: number): Result<PersonKey, { readonly why: string }>;
  /** Whether the confirmation of a first key was signed with the private grant key. */
  verifyFirst(confirmation: KeyConfirmation, kid: string, signature: string): boolean;
}

/** A registration as its row says; it counts only once it was verified. */
export interface StoredPersonKey extends SignedPersonKey {
  readonly id: string;
  readonly person: string;
  readonly kid: string;
  readonly registeredAt: Date;
  readonly revokedAt?: Date;
  readonly revokedBy?: string;
}

/** Who confirmed a key and with what: `by` null with the private grant key, else with the key `kid` of that person. */
export interface Confirmation {
  readonly by: string | null;
  readonly kid: string;
  /** UTC text */
  readonly at: string;
  /** base64 */
  readonly signature: string;
}

/** A key that somebody asks to register. */
export interface KeyRequest extends KeyClaim {
  readonly id: string;
  /** base64, by the key itself */
  readonly signature: string;
  readonly requestedAt: Date;
  readonly confirmation?: Confirmation;
  readonly status: 'pending' | 'registered' | 'refused';
  /** Why `authority` refused it. */
  readonly code?: string;
}

/** A request and the registration that came of it. */
export interface KeyEntry {
  readonly request: KeyRequest;
  readonly registered?: StoredPersonKey;
}

export interface PersonKeys {
  byKid(kid: string): Promise<StoredPersonKey | undefined>;
  byId(id: string): Promise<StoredPersonKey | undefined>;
  /** Those that were not revoked, oldest first. */
  unrevoked(): Promise<readonly StoredPersonKey[]>;
  isNonceUsed(nonce: string): Promise<boolean>;
  entry(id: string): Promise<KeyEntry | undefined>;
  /** Newest first; `person`: those of one, `before`: those older than this one. */
  entries(limit: number, of: { readonly person?: string; readonly before?: string }): Promise<readonly KeyEntry[]>;
  /** Confirmed requests that nobody has judged, oldest first. */
  confirmed(limit: number): Promise<readonly KeyRequest[]>;
  /** False where this key is registered already, or somebody has asked for it. */
  ask(request: KeyClaim & { readonly id: string; readonly signature: string }, event: AuditEvent): Promise<boolean>;
  /** False where it was confirmed or judged meanwhile. */
  confirm(id: string, confirmation: Confirmation): Promise<boolean>;
  /** False where it was judged meanwhile. */
  register(id: string, key: PersonKey, signed: SignedPersonKey, event: AuditEvent): Promise<boolean>;
  refuse(id: string, code: string, event: AuditEvent): Promise<boolean>;
  /** False where there is none or it was revoked before. */
  revoke(id: string, by: string, event: AuditEvent): Promise<boolean>;
}
