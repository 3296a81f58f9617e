import type { Generated, Kysely } from 'kysely';
import type { AdmissionTables, Seq } from './schema-admissions.js';
import type { RolloutTables } from './schema-rollouts.js';
import type { ScheduleTables } from './schema-schedules.js';

/** The tables as Kysely sees them. Canonical JSON columns are text. A test compares every column with the migrated database. */
export interface Database extends AdmissionTables, RolloutTables, ScheduleTables {
  runbook_bundles: {
    content_digest: string;
    runbook_id: string;
    version: string;
    bundle: string;
    loaded_at: Generated<Date>;
  };
  runbooks: { id: string; content_digest: string };
  allowed_events: { action: string; writer: string };
  allowed_moves: { from_state: string; to_state: string; writer: string };
  refused_runbooks: { id: string; folder: string; problems: string; refused_at: Generated<Date> };
  targets: { id: string; name: string; machine: string | null; body: string; revision: Generated<string> };
  consents: {
    id: string;
    kind: string;
    subject_sid: string;
    evidence: string;
    recorded_by: string;
    recorded_by_name: string;
    recorded_at: Generated<Date>;
  };
  tokens: {
    id: string;
    person: string;
    kind: string;
    secret_sha256: string;
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
  };
  jobs: JobsTable;
  plans: {
    job_id: string;
    digest: string;
    bytes: string;
    risk: string;
    approvals_required: number;
    credential_scope: string;
    made_at: Date;
    expires_at: Date;
  };
  decisions: {
    id: string;
    job_id: string;
    plan_digest: string;
    decision: string;
    person_id: string;
    person: string;
    reason: string;
    execute_by: Date | null;
    on_failure: string | null;
    proof: string;
    decided_at: Date;
    status: Generated<string>;
    code: string | null;
    n: Seq;
  };
  key_requests: {
    id: string;
    person_id: string;
    kid: string;
    public_key: string;
    made_at: string;
    signature: string;
    requested_at: Generated<Date>;
    confirmation: string | null;
    status: Generated<string>;
    code: string | null;
  };
  person_keys: {
    id: string;
    person_id: string;
    kid: string;
    public_key: string;
    bytes: string;
    signature: string;
    signed_by: string;
    registered_at: Generated<Date>;
    revoked_at: Date | null;
    revoked_by: string | null;
  };
  decision_nonces: { nonce: string; decision: string; used_at: Generated<Date> };
  grants: {
    jti: string;
    job_id: string;
    bytes: string;
    signature: string;
    kid: string;
    created_at: Generated<Date>;
    revoked_at: Date | null;
  };
  grant_use: { jti: string; job_id: string; epoch: string | number; at: Generated<Date> };
  change_journal: {
    job_id: string;
    change_id: string;
    direction: string;
    attempt: number;
    epoch: string | number;
    intent_at: Generated<Date>;
    result: string | null;
    result_at: Date | null;
    backup_ref: string | null;
    code: string | null;
    detail: string | null;
    n: Seq;
  };
  object_locks: { key: string; job_id: string; at: Generated<Date> };
  lock_waiters: { job_id: string; n: Seq; keys: string[] };
  clock_eras: { era: string | number; highest: Date };
  outbox: {
    id: string;
    job_id: string;
    pool: string;
    priority: number;
    created_at: Generated<Date>;
    sent_at: Date | null;
    taken_at: Date | null;
  };
  job_events: { job_id: string; seq: Seq; at: Generated<Date>; kind: string; body: string };
  idempotency_keys: {
    actor: string;
    route: string;
    key: string;
    request_sha256: string;
    job_id: string | null;
    answer: string | null;
    created_at: Generated<Date>;
  };
  global_freeze: { only_row: Generated<boolean>; by_name: string; reason: string; at: Generated<Date> };
  target_contacts: { target_id: string; seen_at: Date | null; tried_at: Date; code: string | null };
  target_maintenance: { target_id: string; ends_at: Date; by_name: string; reason: string; at: Generated<Date> };
  heartbeats: { part: string; instance: string; at: Generated<Date>; detail: Generated<string> };
  audit_events: {
    n: Seq;
    event_id: string;
    job_id: string | null;
    actor_id: string | null;
    action: string;
    writer: string;
    at: Generated<Date>;
    bytes: string;
  };
  audit_chain: { seq: string | number; event_n: string | number; prev_hash: string; hash: string };
  audit_unchained: { n: string | number };
  job_moves: { n: Seq; from_state: string | null; to_state: string; seconds: number | null };
  figures: { name: string; label: Generated<string>; value: string | number };
  state_times: { state: string; le: number; spells: string | number; seconds: number };
}

export interface JobsTable {
  id: string;
  kind: string;
  rollback_of: string | null;
  state: string;
  code: string | null;
  detail: string | null;
  runbook_id: string;
  runbook_version: string;
  content_digest: string;
  target_id: string;
  target_name: string;
  target: string;
  target_digest: string;
  pool: string;
  parameters: string;
  supplied: string | null;
  salt: string | null;
  subjects: string | null;
  erased_at: Date | null;
  requester_id: string;
  requester: string;
  reason: string;
  ticket: string | null;
  supersedes: string | null;
  follows: string | null;
  window_from: Date | null;
  window_to: Date | null;
  schedule_id: string | null;
  schedule_instant: Date | null;
  submitted_at: Generated<Date>;
  state_since: Generated<Date>;
  findings: string | null;
  plan_digest: string | null;
  grant_jti: string | null;
  execute_by: Date | null;
  on_failure: string | null;
  next_try_at: Date | null;
  until: Date | null;
  epoch: Generated<string | number>;
  lease_until: Date | null;
  worker: string | null;
  engine_digest: string | null;
  outcome: string | null;
  partial: Generated<boolean>;
  drifts: Generated<number>;
  proofs: Generated<string>;
  cancel: string | null;
  wake_at: Date | null;
  traceparent: Generated<string | null>;
  revision: Generated<string | number>;
  crashes: Generated<number>;
  clock_era: Generated<string | number>;
  rollout: string | null;
  rollout_index: number | null;
  scan: string | null;
  scan_index: number | null;
}

/** A pool or a transaction: queries run the same on both. */
export type Db = Kysely<Database>;
