import { latestAdmission, type SubjectAdmission } from '../../domain/subject-admission.js';
import { digestOfTarget, type Target } from '../../domain/target.js';
import type { ApiContext } from '../api-context.js';

/** What was admitted last of a target. `form` is absent where none was, where it was removed, or where the stored text is another. */
export interface AdmittedForm {
  readonly statement?: SubjectAdmission;
  readonly form?: Target;
}

/** The form of a target that counts, whatever its row says. Without the public keys of the installation nothing was admitted. */
export async function admittedForm(
  { subjectAdmissions, admissionRules }: Pick<ApiContext, 'subjectAdmissions' | 'admissionRules'>,
  id: string,
): Promise<AdmittedForm> {
  const rules = admissionRules();
  if (!rules) return {};
  const statement = latestAdmission(await subjectAdmissions.of('target', id), 'target', id, rules.verifySubject);
  if (!statement) return {};
  const form = targetOf(await subjectAdmissions.contentOf(statement.id));
  return form && digestOfTarget(form) === statement.sha256 ? { statement, form } : { statement };
}

function targetOf(text: string | undefined): Target | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Target);
  } catch {
    return undefined;
  }
}
