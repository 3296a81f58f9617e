import { admissionInForce, type Admission, type AdmissionRules, type NotAdmitted } from '../domain/admission.js';
import { fail, type Result } from '../domain/result.js';
import { targetInForce, type SignedSubjectAdmission, type TargetNotAdmitted } from '../domain/subject-admission.js';
import { digestOfTarget, type Target } from '../domain/target.js';
import type { Admissions, SubjectAdmissions } from '../ports/admissions.js';

/** What the check of an admission needs, in every process that makes it. */
export interface AdmissionContext {
  readonly admissions: Pick<Admissions, 'of'>;
  readonly subjectAdmissions: Pick<SubjectAdmissions, 'ofTargets'>;
  /** Undefined while the public keys of the installation are not there. */
  readonly admissionRules: () => AdmissionRules | undefined;
}

/** The admission under which this version of a runbook may run now. Asked before each planning and before each run. */
export async function admissionOf(
  { admissions, admissionRules }: AdmissionContext,
  contentDigest: string,
): Promise<Result<Admission, NotAdmitted>> {
  return judgeAdmissions(await admissions.of(contentDigest), contentDigest, admissionRules());
}

/** The same, of admissions that were read before. */
export function judgeAdmissions(
  signed: Awaited<ReturnType<Admissions['of']>>,
  contentDigest: string,
  rules: AdmissionRules | undefined,
): Result<Admission, NotAdmitted> {
  if (!rules) return fail({ code: 'admission-invalid', detail: 'the public keys of this installation are not there' });
  return admissionInForce(signed, contentDigest, new Date(), rules);
}

/** Whether this target may be used in this form. Asked where the admission of the runbook is. */
export async function admittedTarget(
  { subjectAdmissions, admissionRules }: Omit<AdmissionContext, 'admissions'>,
  target: Target,
): Promise<Result<undefined, TargetNotAdmitted>> {
  const rules = admissionRules();
  const signed = rules?.development === true ? undefined : await subjectAdmissions.ofTargets([target.id]);
  return judgeTarget(signed?.get(target.id) ?? [], target, rules);
}

/** The same, of statements that were read before. */
export function judgeTarget(
  signed: readonly SignedSubjectAdmission[],
  target: Target,
  rules: AdmissionRules | undefined,
): Result<undefined, TargetNotAdmitted> {
  if (!rules)
    return fail({ code: 'target-not-admitted', detail: 'the public keys of this installation are not there' });
  return targetInForce(signed, { id: target.id, digest: digestOfTarget(target) }, rules);
}
