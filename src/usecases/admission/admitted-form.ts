import { latestAdmission, type SubjectAdmission, type SubjectVerify } from '../../domain/subject-admission.js';
import { digestOfTarget, type Target } from '../../domain/target.js';
import type { SubjectAdmissions } from '../../ports/admissions.js';

/** What was admitted last of a target. `form` is absent where none was, where it was removed, or where the stored text is another. */
export interface AdmittedForm {
  readonly statement?: SubjectAdmission;
  readonly form?: Target;
}

/**
 * The form of a target that counts, whatever its row says.
 * @param verify undefined while the public keys of the installation are not there: nothing was admitted then
 */
export async function admittedForm(
  subjectAdmissions: Pick<SubjectAdmissions, 'of' | 'contentOf'>,
  verify: SubjectVerify | undefined,
  id: string,
): Promise<AdmittedForm> {
  if (!verify) return {};
  const statement = latestAdmission(await subjectAdmissions.of('target', id), 'target', id, verify);
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
