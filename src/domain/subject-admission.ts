import type { AdmittingPerson } from './admitting-person.js';
import { canonicalJson } from './canonical.js';
import { fail, ok, type Result } from './result.js';
import { utcText } from './time.js';

/** What besides runbooks counts in production only as people admitted it. */
export type Subject = 'target' | 'policy';

/** The subject id of the policy, of which there is one. */
export const THE_POLICY = 'policy';

/**
 * The statement that a target or the policy counts in exactly one form: Ed25519 by the key of `authority` over
 * `fixpoint-subject-admission-v1\0` and the canonical bytes of these fields.
 */
export interface SubjectAdmission {
  readonly v: 1;
  readonly id: string;
  readonly subject: Subject;
  /** Id of the target, or `policy`. */
  readonly subjectId: string;
  /** For people: the name of the target. */
  readonly name: string;
  /** Digest of the form that counts; null: none does, the target was removed. */
  readonly sha256: string | null;
  /** Digest of the form before; null: there was none. */
  readonly before: string | null;
  /**
   * The request that it puts into effect: its id, the digest that its people signed, and which of its statements this is. With all of
   * them the signatures are verified from the audit log alone.
   */
  readonly request: {
    readonly id: string;
    readonly contentDigest: string;
    readonly index: number;
    readonly count: number;
  };
  /** Two people, or the one who removed a target. */
  readonly by: readonly AdmittingPerson[];
  /** UTC text. Of two statements about one subject the later one counts. */
  readonly signedAt: string;
  readonly kid: string;
}

/** As it is stored and stands in the audit log. It is verified and read from `bytes` only. */
export interface SignedSubjectAdmission {
  readonly id: string;
  /** Canonical JSON of `SubjectAdmission`. */
  readonly bytes: string;
  /** base64 */
  readonly signature: string;
  readonly kid: string;
}

export const subjectAdmissionBytes = (admission: SubjectAdmission): string => canonicalJson(admission);

/** What is signed. */
export function subjectAdmissionMessage(bytes: string): Buffer {
  return Buffer.from(`fixpoint-subject-admission-v1\0${bytes}`, 'utf8');
}

/** When a statement is signed: after the one that counts, even where a clock was set back. */
export function signedAfter(latest: Pick<SubjectAdmission, 'signedAt'> | undefined, now: Date): string {
  const after = latest === undefined ? 0 : Date.parse(latest.signedAt) + 1;
  return utcText(new Date(Math.max(now.getTime(), after)));
}

/** Judges a signature by the pinned public keys. `seq` is the event of the audit log in which it stands; `byRevokedKey`: by a key that
 * is pinned and was revoked. */
export type SubjectVerify = (
  signed: SignedSubjectAdmission,
  seq?: number,
) => Result<SubjectAdmission, { readonly why: string; readonly byRevokedKey?: boolean }>;

/**
 * The statement about a subject that counts: the latest of those whose signature holds. Rows are only where statements are kept, so
 * that one that is missing or out of its order decides nothing but what a restored backup would.
 * @param signed those that are stored for the subject
 */
export function latestAdmission(
  signed: readonly SignedSubjectAdmission[],
  subject: Subject,
  subjectId: string,
  verify: SubjectVerify,
): SubjectAdmission | undefined {
  let latest: SubjectAdmission | undefined;
  for (const one of signed) {
    const read = verify(one);
    if (!read.ok || read.value.subject !== subject || read.value.subjectId !== subjectId) continue;
    if (latest === undefined || isLater(read.value, latest)) latest = read.value;
  }
  return latest;
}

const isLater = (one: SubjectAdmission, other: SubjectAdmission) =>
  one.signedAt === other.signedAt ? one.id > other.id : one.signedAt > other.signedAt;

export interface TargetNotAdmitted {
  readonly code: 'target-not-admitted';
  readonly detail: string;
}

/** By what it is judged whether a target counts. */
export interface TargetRules {
  readonly verifySubject: SubjectVerify;
  /** In development mode a target counts as it stands in the inventory. */
  readonly development: boolean;
}

/** Whether a target in the form with this digest may be used. */
export function targetInForce(
  signed: readonly SignedSubjectAdmission[],
  target: { readonly id: string; readonly digest: string },
  { verifySubject, development }: TargetRules,
): Result<undefined, TargetNotAdmitted> {
  if (development) return ok(undefined);
  const latest = latestAdmission(signed, 'target', target.id, verifySubject);
  if (latest === undefined) return no('nobody admitted this target');
  if (latest.sha256 === null) return no(`the target was removed at ${latest.signedAt}`);
  if (latest.sha256 !== target.digest)
    return no(`the target differs from the one that was admitted at ${latest.signedAt}`);
  return ok(undefined);
}

const no = (detail: string) => fail({ code: 'target-not-admitted' as const, detail });
