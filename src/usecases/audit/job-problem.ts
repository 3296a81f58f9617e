import { recordProblem } from '../../domain/audit-line.js';
import type { ApiContext } from '../api-context.js';
import { verifierOf } from './search-audit.js';

/**
 * Why what the database holds of a job is not what was submitted and approved, by the digests in the audit log; null where nothing is
 * known to be wrong. A job whose submission is not chained yet (about a second) has nothing to be compared with.
 */
export async function jobProblem(context: Pick<ApiContext, 'audit' | 'grants'>, job: string): Promise<string | null> {
  const [records, verify] = await Promise.all([context.audit.records([job]), verifierOf(context)]);
  const record = records.get(job);
  return record ? recordProblem(record, verify) : null;
}
