import { createAdmittedPolicy } from '../adapters/identity/admitted-policy.js';
import { createPolicyFile } from '../adapters/identity/policy-file.js';
import type { AdmissionRules } from '../domain/admission.js';
import { allSigned } from '../domain/admitting-person.js';
import { fail } from '../domain/result.js';
import type { SubjectVerify } from '../domain/subject-admission.js';
import type { AdmissionVerifier, SubjectAdmissions } from '../ports/admissions.js';
import type { RightsSource } from '../ports/rights.js';
import type { ValueChecker } from '../ports/values.js';
import type { Config } from './config.js';

/** The policy of this installation: in development its file, in production the one that two people admitted. */
export function policyOf(
  { mode, policyFile }: Config,
  admissions: SubjectAdmissions,
  verify: () => SubjectVerify | undefined,
  values: ValueChecker,
): RightsSource {
  return mode === 'production'
    ? createAdmittedPolicy(admissions, verify, values)
    : createPolicyFile(policyFile, values);
}

/** The verifier of statements about targets and the policy: in production one by token is none. */
export function strictIn({ mode }: Config, verifier: AdmissionVerifier): AdmissionVerifier {
  return mode === 'production' ? { ...verifier, verifySubjectAdmission: signedOnly(verifier) } : verifier;
}

const signedOnly =
  ({ verifySubjectAdmission }: AdmissionVerifier): SubjectVerify =>
  (signed) => {
    const read = verifySubjectAdmission(signed);
    if (!read.ok || allSigned(read.value.by)) return read;
    return fail({ why: 'it was admitted by token, which does not count in production' });
  };

/** By what this installation judges admissions. */
export function rulesOf(
  { verifyAdmission, verifySubjectAdmission }: AdmissionVerifier,
  { mode }: Config,
): AdmissionRules {
  return { verify: verifyAdmission, verifySubject: verifySubjectAdmission, development: mode === 'development' };
}
