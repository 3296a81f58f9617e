import type { AuditAction } from './audit.js';
import { EVENT_WRITERS } from './audit-writers.js';

/** Every action of the audit log, by its name. */
export const AUDIT_ACTIONS = (Object.keys(EVENT_WRITERS) as AuditAction[]).sort();
