import type { AuditAction } from './audit.js';

/** Who writes the events that decide something. Values are erased by the owner of the database, which is no process. */
const WRITERS: { readonly [A in AuditAction]?: (role: string) => boolean } = {
  'job.submitted': (role) => role === 'fixpoint_api',
  'job.approved': (role) => role === 'fixpoint_authority',
  'values.erased': (role) => !role.startsWith('fixpoint_'),
};

/** Whether events of this action by this database role count as what they say. */
export function writes(role: string, action: AuditAction): boolean {
  return WRITERS[action]?.(role) ?? true;
}
