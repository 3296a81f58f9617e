import type { Generated } from 'kysely';
import type { Seq } from './schema-admissions.js';

/** The tables of rollouts and scans. */
export interface RolloutTables {
  rollouts: {
    id: string;
    runbook_id: string;
    runbook_version: string;
    content_digest: string;
    pool: string;
    requester_id: string;
    requester: string;
    reason: string;
    ticket: string | null;
    salt: string | null;
    declaration: string;
    count: number;
    items_digest: string;
    retry_of: string | null;
    rollback_of: string | null;
    left_out: string | null;
    submitted_at: Generated<Date>;
    status: Generated<string>;
    ending: string | null;
  };
  rollout_lists: { rollout: string; root: string; bytes: string };
  rollout_decisions: {
    id: string;
    n: Seq;
    rollout: string;
    kind: string;
    root: string | null;
    ends: Generated<string>;
    exclude: Generated<string>;
    person_id: string;
    person: string;
    reason: string;
    execute_by: Date | null;
    on_failure: string | null;
    proof: string;
    decided_at: Date;
    status: Generated<string>;
    code: string | null;
  };
  rollout_stops: {
    id: string;
    n: Seq;
    rollout: string;
    kind: string;
    items: Generated<string>;
    person_id: string | null;
    person: string | null;
    reason: string | null;
    code: string | null;
    wave: number | null;
    at: Generated<Date>;
  };
  rollout_grants: {
    jti: string;
    rollout: string;
    bytes: string;
    signature: string;
    kid: string;
    created_at: Generated<Date>;
  };
  scans: {
    id: string;
    runbook_id: string;
    runbook_version: string;
    content_digest: string;
    pool: string;
    requester_id: string;
    requester: string;
    reason: string;
    ticket: string | null;
    salt: string | null;
    count: number;
    items_digest: string;
    submitted_at: Generated<Date>;
    ended_at: Date | null;
  };
  rollout_waves: { rollout: string; wave: number; what: string; at: Generated<Date> };
}
