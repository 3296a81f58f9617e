import type { Admission, AdmissionStatus, SignedAdmission } from '../domain/admission.js';
import type { AuditEvent } from '../domain/audit.js';
import type { RunbookBundle } from '../domain/manifest.js';
import type { Result } from '../domain/result.js';

/** The stored admissions: claims until their signatures are verified. */
export interface Admissions {
  /** Those of one version, the newest first. */
  of(contentDigest: string): Promise<readonly SignedAdmission[]>;
  /** Those of the current versions of these runbooks, by content digest. */
  ofCurrent(runbooks: readonly string[]): Promise<ReadonlyMap<string, readonly SignedAdmission[]>>;
  /**
   * Stores an admission with the bundle that it is for (each once), makes that version current, and writes the event, in one
   * transaction. Only `authority` may.
   */
  admit(
    bundle: RunbookBundle,
    signed: Omit<SignedAdmission, 'status'>,
    event: AuditEvent,
  ): Promise<void>;
  /** Makes an admitted version the current one of its runbook, with the event where it was another. */
  setCurrent(runbook: string, contentDigest: string, event: AuditEvent): Promise<void>;
  /**
   * Sets the status of the admissions of a runbook, or of one version of it, that may still take it, with the event where there is one.
   * @returns how many changed
   */
  setStatus(
    of: { readonly runbook: string; readonly contentDigest?: string },
    status: AdmissionStatus,
    event: AuditEvent,
  ): Promise<number>;
}

/** Judges a signed admission with the pinned public keys only. */
export interface AdmissionVerifier {
  verifyAdmission(signed: Omit<SignedAdmission, 'status'>): Result<Admission, { readonly why: string }>;
}

/** The holder of the private key. */
export interface AdmissionSigner {
  readonly kid: string;
  /** base64 signature over the admission message. */
  signAdmission(bytes: string): string;
}
