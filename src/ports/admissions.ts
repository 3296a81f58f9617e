import type { Admission, AdmissionStatus, SignedAdmission } from '../domain/admission.js';
import type { AdmissionRequest, AdmissionVote } from '../domain/admission-request.js';
import type { AuditEvent } from '../domain/audit.js';
import type { RunbookBundle } from '../domain/manifest.js';
import type { Result } from '../domain/result.js';
import type { SignedSubjectAdmission, Subject, SubjectVerify } from '../domain/subject-admission.js';
import type { Target } from '../domain/target.js';
import type { IdempotencyKey, KeyMismatch, Made } from './idempotency.js';

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
  admit(bundle: RunbookBundle, signed: Omit<SignedAdmission, 'status'>, event: AuditEvent): Promise<void>;
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
  verifyAdmission(signed: Omit<SignedAdmission, 'status'>, seq?: number): Result<Admission, { readonly why: string }>;
  readonly verifySubjectAdmission: SubjectVerify;
}

/** The holder of the private key. */
export interface AdmissionSigner {
  readonly kid: string;
  /** base64 signature over the admission message. */
  signAdmission(bytes: string): string;
  /** The same, over the message of what is said of a target or the policy. */
  signSubjectAdmission(bytes: string): string;
}

/** What is written together: the statement, what it makes of the inventory, and the event. */
export interface AdmittedTarget {
  readonly signed: SignedSubjectAdmission;
  /** Id of the target. */
  readonly id: string;
  /** null: it is removed. */
  readonly after: Target | null;
  readonly event: AuditEvent;
}

/** What authority signed about targets and the policy: claims until their signatures are verified. */
export interface SubjectAdmissions {
  /** Those about one subject, the newest first. */
  of(subject: Subject, subjectId: string): Promise<readonly SignedSubjectAdmission[]>;
  /** The form that one of them admits, as text; undefined where it admits none. */
  contentOf(id: string): Promise<string | undefined>;
  /** Those about these targets, by id. */
  ofTargets(ids: readonly string[]): Promise<ReadonlyMap<string, readonly SignedSubjectAdmission[]>>;
  /** All of these, or none. Names and machines are unique. Only `authority` may. */
  admitTargets(
    targets: readonly AdmittedTarget[],
  ): Promise<Result<undefined, { readonly kind: 'name-taken' | 'machine-taken' }>>;
  /** `content`: the text of the envelope; null: it is withdrawn. Only `authority` may. */
  admitStanding(standing: {
    readonly signed: SignedSubjectAdmission;
    readonly schedule: string;
    readonly content: string | null;
    readonly event: AuditEvent;
  }): Promise<void>;
  /** Only `authority` may. */
  admitPolicy(policy: {
    readonly signed: SignedSubjectAdmission;
    readonly content: string;
    readonly event: AuditEvent;
  }): Promise<void>;
}

/** The signature was used before. */
export interface Replayed {
  readonly kind: 'decision-replayed';
}

/** What people ask for, and what others say to it. */
export interface AdmissionRequests {
  create(
    key: IdempotencyKey,
    request: Omit<AdmissionRequest, 'requestedAt' | 'status'>,
    event: AuditEvent,
  ): Promise<Result<Made<string>, KeyMismatch | Replayed>>;
  get(id: string): Promise<AdmissionRequest | undefined>;
  /** Those that wait, then the last that were judged; newest first. */
  list(limit: number): Promise<readonly AdmissionRequest[]>;
  vote(vote: Omit<AdmissionVote, 'decidedAt' | 'status'>): Promise<Result<undefined, Replayed>>;
  findVote(id: string): Promise<AdmissionVote | undefined>;
  /** What `authority` has not judged, oldest first, and `over`: the requests that waited too long for a second person. */
  toJudge(limit: number): Promise<{
    readonly requests: readonly AdmissionRequest[];
    readonly votes: readonly AdmissionVote[];
    readonly over: readonly AdmissionRequest[];
  }>;
  judgeRequest(
    id: string,
    verdict: Pick<AdmissionRequest, 'status' | 'code' | 'detail'>,
    event?: AuditEvent,
  ): Promise<void>;
  judgeVote(id: string, verdict: Pick<AdmissionVote, 'status' | 'code'>, event?: AuditEvent): Promise<void>;
}
