import type { Selectable } from 'kysely';
import { canonicalJson, byUtf16Unit } from '../../../domain/canonical.js';
import type { PersonRef } from '../../../domain/people.js';
import type { ScanRequest } from '../../../domain/scans/request.js';
import type { NeededChanges, StoredScan } from '../../../ports/scans.js';
import { planOf, type Read } from '../jobs/job-row.js';
import type { Database } from '../schema.js';

export function scanOf(row: Selectable<Database['scans']>): StoredScan {
  return {
    id: row.id,
    runbook: { id: row.runbook_id, version: row.runbook_version, contentDigest: row.content_digest },
    pool: row.pool,
    requester: JSON.parse(row.requester) as PersonRef,
    reason: row.reason,
    salt: row.salt ?? undefined,
    count: row.count,
    itemsDigest: row.items_digest,
    submittedAt: row.submitted_at,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  };
}

export function rowOfScan(scan: ScanRequest) {
  const { id, runbook, pool, requester, reason, ticket = null, salt = null, count, itemsDigest } = scan;
  return {
    ...{ id, pool, reason, ticket, salt, count, items_digest: itemsDigest },
    ...{ runbook_id: runbook.id, runbook_version: runbook.version, content_digest: runbook.contentDigest },
    ...{ requester_id: requester.id, requester: canonicalJson(requester) },
  };
}

/** What a plan says would have to be done: counts alone, and no value. */
export function neededOf(row: Read<'plans'>): NeededChanges {
  const { digest, risk, plan } = planOf(row);
  const counts = new Map<string, number>();
  for (const { action } of plan.changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  const actions = [...counts].sort(([a], [b]) => byUtf16Unit(a, b)).map(([action, count]) => ({ action, count }));
  return { digest, risk, actions };
}
