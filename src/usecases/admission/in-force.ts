import { admissionInForce, type Admission, type AdmissionRules, type NotAdmitted } from '../../domain/admission.js';
import { fail, type Result } from '../../domain/result.js';
import type { Admissions } from '../../ports/admissions.js';

/** What the check of an admission needs, in every process that makes it. */
export interface AdmissionContext {
  readonly admissions: Pick<Admissions, 'of'>;
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
