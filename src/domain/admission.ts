import { canonicalJson } from './canonical.js';
import type { Code } from './codes/index.js';
import { allSigned, type AdmittingPerson } from './admitting-person.js';
import type { PlannedUnder } from './planned-under.js';
import { fail, ok, type Result } from './result.js';
import type { SubjectVerify } from './subject-admission.js';

/** Which version of a runbook: its content digest decides, the rest is for people. */
export interface RunbookVersion {
  readonly id: string;
  readonly version: string;
  readonly contentSha256: string;
}

/** Who let a version run: two people, or in development mode the account that started Fixpoint on a checkout. */
export type AdmittedBy =
  | { readonly how: 'people'; readonly people: readonly AdmittingPerson[] }
  | { readonly how: 'development'; readonly account: string };

/**
 * The statement that a version of a runbook may run: Ed25519 by the key of `authority` over `fixpoint-admission-v1\0` and the
 * canonical bytes of these fields. Times are UTC text.
 */
export interface Admission {
  readonly v: 1;
  readonly id: string;
  readonly runbook: RunbookVersion;
  /** Digest of the engine whose gate read the scripts, and that it refused none of them. */
  readonly engineSha256: string;
  readonly gate: 'passed';
  readonly by: AdmittedBy;
  /** Content digest of the version that was current before, with which its people compared it; null: there was none. */
  readonly before: string | null;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly kid: string;
}

/** `disabled` may end, `revoked` may not. */
export type AdmissionStatus = 'in-force' | 'disabled' | 'revoked';

export interface SignedAdmission {
  readonly id: string;
  /** Canonical JSON of `Admission`; verified and read from these bytes only. */
  readonly bytes: string;
  /** base64 */
  readonly signature: string;
  readonly kid: string;
  readonly status: AdmissionStatus;
}

/** How long an admission is valid: 400 days. */
const VALID_MS = 400 * 24 * 60 * 60_000;
/** Clocks of two hosts differ a little: an admission is valid this long before it was signed (milliseconds). */
const EARLIER_MS = 5 * 60_000;

/** The window of an admission that is signed now. */
export function admissionWindow(now: Date): { readonly from: Date; readonly to: Date } {
  return { from: new Date(now.getTime() - EARLIER_MS), to: new Date(now.getTime() + VALID_MS) };
}

export function admissionBytes(admission: Admission): string {
  return canonicalJson(admission);
}

/** What is signed. */
export function admissionMessage(bytes: string): Buffer {
  return Buffer.from(`fixpoint-admission-v1\0${bytes}`, 'utf8');
}

/** Why a version may not run, from the most to the least telling: a person reads the first that applies. */
export const NOT_ADMITTED = [
  'runbook-disabled',
  'admission-revoked',
  'admission-expired',
  'admission-invalid',
  'runbook-not-admitted',
] as const satisfies readonly Code[];

export interface NotAdmitted {
  readonly code: (typeof NOT_ADMITTED)[number];
  readonly detail: string;
}

/** By what an admission is judged. */
export interface AdmissionRules {
  /** Judges a signature by the pinned public keys. */
  readonly verify: (signed: SignedAdmission) => Result<Admission, { readonly why: string }>;
  /** The same of what is said of targets and the policy. */
  readonly verifySubject: SubjectVerify;
  /** Whether the admissions of development mode count, and targets and the policy need none. */
  readonly development: boolean;
}

/**
 * The admission under which a version may run now. The signature decides: the rows are only where it is kept.
 * @param signed those that are stored for the version
 */
export function admissionInForce(
  signed: readonly SignedAdmission[],
  contentDigest: string,
  now: Date,
  rules: AdmissionRules,
): Result<Admission, NotAdmitted> {
  const why: NotAdmitted[] = [];
  for (const one of signed) {
    const judged = judge(one, contentDigest, now, rules);
    if (judged.ok) return judged;
    why.push(judged.error);
  }
  const [first] = NOT_ADMITTED.flatMap((code) => why.find((each) => each.code === code) ?? []);
  return fail(first ?? { code: 'runbook-not-admitted', detail: 'nobody admitted this version of the runbook' });
}

function judge(
  signed: SignedAdmission,
  contentDigest: string,
  now: Date,
  { verify, development }: AdmissionRules,
): Result<Admission, NotAdmitted> {
  const read = verify(signed);
  if (!read.ok) return no('admission-invalid', read.error.why);
  const { id, runbook, by, notBefore, notAfter } = read.value;
  if (id !== signed.id || runbook.contentSha256 !== contentDigest)
    return no('admission-invalid', 'the admission is for another version');
  if (signed.status === 'revoked') return no('admission-revoked', `the admission ${id} was revoked`);
  if (signed.status === 'disabled') return no('runbook-disabled', `the runbook ${runbook.id} is disabled`);
  if (by.how === 'development' && !development)
    return no('runbook-not-admitted', 'it was admitted in development mode, which does not count in production');
  if (by.how === 'people' && !development && !allSigned(by.people))
    return no('runbook-not-admitted', 'it was admitted by token, which does not count in production');
  if (new Date(notAfter) <= now) return no('admission-expired', `the admission ended at ${notAfter}`);
  if (new Date(notBefore) > now) return no('admission-invalid', `the admission is valid from ${notBefore}`);
  return ok(read.value);
}

const no = (code: NotAdmitted['code'], detail: string) => fail({ code, detail });

export function plannedUnder({ id, by }: Admission): PlannedUnder {
  const names = by.how === 'people' ? by.people.map(({ person }) => person.name) : [by.account];
  return { id, how: by.how, by: names };
}
