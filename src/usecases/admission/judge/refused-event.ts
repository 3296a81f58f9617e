import { subjectOf, type AdmissionRequest } from '../../../domain/admission-request.js';
import type { AuditAction } from '../../../domain/audit.js';
import type { Code } from '../../../domain/codes/index.js';
import type { PersonRef } from '../../../domain/people.js';
import { personEvent } from '../../facts.js';
import type { JudgeContext } from './context.js';

const REFUSED_EVENT = {
  runbook: 'runbook.admission-refused',
  target: 'target.admission-refused',
  policy: 'policy.admission-refused',
  standing: 'standing.approval-refused',
} as const satisfies Record<string, AuditAction>;

/** The event of a request that was refused. */
export function refusedEvent(
  { newId }: JudgeContext,
  { id, kind, about }: Pick<AdmissionRequest, 'id' | 'kind' | 'about'>,
  person: PersonRef,
  code: Code,
) {
  const subject = subjectOf(kind);
  const data = { request: id, kind, ...(subject === 'runbook' ? { runbook: about } : { about }), code };
  return personEvent(newId, person, REFUSED_EVENT[subject], undefined, { outcome: 'denied', data });
}
