import { sha256 } from '../../domain/digest.js';
import { latestAdmission, THE_POLICY } from '../../domain/subject-admission.js';
import type { ApiContext } from '../api-context.js';

/** The text of the policy that was admitted last, with its digest; null where none was, or where the stored text is another. */
export async function admittedPolicyText({
  subjectAdmissions,
  admissionRules,
}: Pick<ApiContext, 'subjectAdmissions' | 'admissionRules'>): Promise<{
  readonly sha256: string | null;
  readonly text: string | null;
}> {
  const rules = admissionRules();
  const stored = rules ? await subjectAdmissions.of('policy', THE_POLICY) : [];
  const latest = rules && latestAdmission(stored, 'policy', THE_POLICY, rules.verifySubject);
  if (!latest) return { sha256: null, text: null };
  const text = await subjectAdmissions.contentOf(latest.id);
  return { sha256: latest.sha256, text: text !== undefined && sha256(text) === latest.sha256 ? text : null };
}
