import type { Static } from 'typebox';
import type { AuditEvent } from '../../domain/audit.js';
import type { AuditEntry } from '../../ports/audit-log.js';
import type { Shown } from '../route.js';
import type { AuditEntry as AuditEntrySchema } from '../schemas/responses.js';

/** An audit event with its link in the chain, if it has one yet. */
export function auditEntry({ event, ...link }: AuditEntry): Shown<Static<typeof AuditEntrySchema>> {
  return { ...(JSON.parse(event) as AuditEvent), ...link, chained: link.seq !== undefined };
}
