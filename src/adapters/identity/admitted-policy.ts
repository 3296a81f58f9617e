import { sha256 } from '../../domain/digest.js';
import { PolicyUnreadable } from '../../domain/policy/policy.js';
import { BUILT_IN_RIGHTS, type Rights } from '../../domain/policy/rights.js';
import { latestAdmission, THE_POLICY, type SubjectVerify } from '../../domain/subject-admission.js';
import type { SubjectAdmissions } from '../../ports/admissions.js';
import type { RightsSource } from '../../ports/rights.js';
import type { ValueChecker } from '../../ports/values.js';
import { rightsOfText } from './policy-text.js';

/** A policy counts within this time after two people agreed on it (milliseconds). Each request and each job asks for it. */
const FRESH_MS = 1000;

/**
 * The policy that two people admitted last; where nobody admitted one, the built-in policy. The text counts where its digest is the one
 * that `authority` signed.
 * @param verify undefined while the public keys of the installation are not there
 */
export function createAdmittedPolicy(
  admissions: Pick<SubjectAdmissions, 'of' | 'contentOf'>,
  verify: () => SubjectVerify | undefined,
  values: ValueChecker,
): RightsSource {
  let known: { readonly at: number; readonly id: string | undefined; readonly rights: Rights } | undefined;
  const readNow = async (): Promise<Rights> => {
    const judge = verify();
    if (!judge) throw new PolicyUnreadable('the public keys of this installation are not there');
    const stored = await admissions.of('policy', THE_POLICY);
    const latest = latestAdmission(stored, 'policy', THE_POLICY, judge);
    // The built-in policy may allow what the one that was admitted denied. Where every key that signed one was revoked, nothing else is
    // admitted either, and people begin anew.
    const allRevoked = stored.every((one) => {
      const read = judge(one);
      return !read.ok && read.error.byRevokedKey === true;
    });
    if (latest === undefined && !allRevoked)
      throw new PolicyUnreadable('no admission of the policy verifies with the public keys of this installation');
    if (known?.id !== latest?.id || !known) {
      const rights = latest === undefined ? BUILT_IN_RIGHTS : await admitted(latest.id, latest.sha256);
      known = { at: performance.now(), id: latest?.id, rights };
    } else known = { ...known, at: performance.now() };
    return known.rights;
  };
  const admitted = async (id: string, digest: string | null): Promise<Rights> => {
    const text = await admissions.contentOf(id);
    if (text === undefined || sha256(text) !== digest)
      throw new PolicyUnreadable(`the stored text of the policy is not the one that was admitted (${id})`);
    const rights = rightsOfText(text, values);
    if (!rights.ok) throw new PolicyUnreadable(`the policy that was admitted has mistakes: ${rights.error}`);
    return rights.value;
  };
  return {
    read: () => (known && performance.now() - known.at < FRESH_MS ? Promise.resolve(known.rights) : readNow()),
  };
}
