import { auditLine, type AuditLine, type VerifyGrant } from '../../domain/audit-line.js';
import { fail } from '../../domain/result.js';
import { searchForm } from '../../domain/subjects.js';
import type { AuditEntry, AuditFilter } from '../../ports/audit-log.js';
import type { ApiContext } from '../api-context.js';
import { personIds } from '../unknown-names.js';

/** What somebody asks of the audit log. */
export interface AuditSearch extends Omit<AuditFilter, 'persons'> {
  /** Id or name of a person. */
  readonly person?: string;
  readonly after?: number;
  readonly limit: number;
}

/** An event as it is stored, with what it means. */
export interface FoundEvent extends AuditLine {
  readonly stored: AuditEntry;
}

type Context = Pick<ApiContext, 'audit' | 'people' | 'grants'>;

/** Events that fit, oldest first, each verified with the record of its job. */
export async function searchAudit(context: Context, search: AuditSearch): Promise<readonly FoundEvent[]> {
  const { person, subject, ...filter } = search;
  const entries = await context.audit.query({
    ...filter,
    ...(person === undefined ? {} : { persons: await personIds(context, person) }),
    ...(subject === undefined ? {} : { subject: searchForm(subject) }),
  });
  const verify = await verifierOf(context);
  const jobs = entries.flatMap(({ event }) => (JSON.parse(event) as { readonly job: string | null }).job ?? []);
  const records = await context.audit.records(jobs);
  return entries.map((stored) => {
    const { job } = JSON.parse(stored.event) as { readonly job: string | null };
    return { stored, ...auditLine(stored, job === null ? undefined : records.get(job), verify) };
  });
}

/** Verifies grants by the public keys of this installation; without keys no grant is valid. */
export async function verifierOf({ grants }: Pick<ApiContext, 'grants'>): Promise<VerifyGrant> {
  const verifier = await grants();
  if (!verifier) return () => fail({ why: 'this process has no public keys of the grants' });
  return (signed, seq) => {
    const verified = verifier.verify(signed, seq);
    return verified.ok ? verified : fail({ why: verified.error.why });
  };
}
