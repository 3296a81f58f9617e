import type { Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { isCode } from '../../../domain/codes/index.js';
import { readProof } from '../../../domain/decision-proof.js';
import type { OnFailure } from '../../../domain/job.js';
import type { PersonRef } from '../../../domain/people.js';
import { declarationValue, type Declaration } from '../../../domain/rollouts/declaration.js';
import type { LeftOut, RolloutRequest } from '../../../domain/rollouts/request.js';
import type { RolloutDecision, RolloutStop, StoredRollout } from '../../../ports/rollouts.js';
import type { Database } from '../schema.js';

export function rolloutOf(row: Selectable<Database['rollouts']>): StoredRollout {
  return {
    id: row.id,
    runbook: { id: row.runbook_id, version: row.runbook_version, contentDigest: row.content_digest },
    pool: row.pool,
    requester: JSON.parse(row.requester) as PersonRef,
    reason: row.reason,
    salt: row.salt ?? undefined,
    declaration: JSON.parse(row.declaration) as Declaration,
    count: row.count,
    itemsDigest: row.items_digest,
    submittedAt: row.submitted_at,
    status: row.status as StoredRollout['status'],
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    ...(row.retry_of === null ? {} : { retryOf: row.retry_of }),
    ...(row.rollback_of === null
      ? {}
      : { rollbackOf: row.rollback_of, leftOut: listOf(row.left_out ?? '', isLeftOut) }),
    ...(row.ending === null ? {} : { ending: row.ending as NonNullable<StoredRollout['ending']> }),
  };
}

export function rowOfRollout(rollout: RolloutRequest) {
  const { id, runbook, pool, requester, reason, ticket = null, salt = null, count, retryOf = null } = rollout;
  const { rollbackOf = null, leftOut = [] } = rollout;
  return {
    ...{ id, pool, reason, ticket, salt, count, retry_of: retryOf, rollback_of: rollbackOf },
    left_out: rollbackOf === null ? null : canonicalJson(leftOut),
    ...{ runbook_id: runbook.id, runbook_version: runbook.version, content_digest: runbook.contentDigest },
    ...{ requester_id: requester.id, requester: canonicalJson(requester) },
    ...{ declaration: canonicalJson(declarationValue(rollout.declaration)), items_digest: rollout.itemsDigest },
  };
}

export function stopOf(row: Selectable<Database['rollout_stops']>): RolloutStop {
  return {
    id: row.id,
    rollout: row.rollout,
    kind: row.kind as RolloutStop['kind'],
    items: listOf(row.items, isIndex),
    at: row.at,
    ...(row.person === null ? {} : { person: JSON.parse(row.person) as PersonRef }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.code !== null && isCode(row.code) ? { code: row.code } : {}),
    ...(row.wave === null ? {} : { wave: row.wave }),
  };
}

export function decisionOf(row: Selectable<Database['rollout_decisions']>): RolloutDecision {
  return {
    id: row.id,
    rollout: row.rollout,
    kind: row.kind as RolloutDecision['kind'],
    ends: listOf(row.ends, (value) => typeof value === 'string'),
    exclude: listOf(row.exclude, isIndex),
    person: JSON.parse(row.person) as PersonRef,
    reason: row.reason,
    proof: readProof(row.proof),
    decidedAt: row.decided_at,
    status: row.status as RolloutDecision['status'],
    ...(row.root === null ? {} : { root: row.root }),
    ...(row.execute_by === null ? {} : { executeBy: row.execute_by }),
    ...(row.on_failure === null ? {} : { onFailure: row.on_failure as OnFailure }),
    ...(row.code === null ? {} : { code: row.code }),
  };
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value);

function isLeftOut(value: unknown): value is LeftOut {
  if (value === null || typeof value !== 'object') return false;
  const { index, target, code } = value as Partial<Record<keyof LeftOut, unknown>>;
  return isIndex(index) && typeof target === 'string' && typeof code === 'string';
}

/** A list that a row holds; none where it holds anything else. */
function listOf<T>(text: string, is: (value: unknown) => value is T): readonly T[] {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) && list.every(is) ? list : [];
  } catch {
    return [];
  }
}
