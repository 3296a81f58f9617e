import { sql, type Kysely } from 'kysely';
import { auditBytes, type AuditEvent } from '../../domain/audit.js';
import type { Database } from './schema.js';

export async function append(tx: Kysely<Database>, event: AuditEvent): Promise<void> {
  await sql`SELECT audit_append(${auditBytes(event)})`.execute(tx);
}
