/** The login roles of the database. The queue's role has a database of its own and no right on this one. */
export const DATABASE_ROLES = ['api', 'authority', 'relay', 'worker'] as const;
export type RecordRole = (typeof DATABASE_ROLES)[number];
export type LoginRole = RecordRole | 'queue';

/** The PostgreSQL name of a role. */
export function roleName(role: LoginRole): string {
  return `fixpoint_${role}`;
}

const ROLLOUTS = 'rollouts, rollout_lists, rollout_decisions, rollout_stops, rollout_grants, rollout_waves';
const READ_ALL =
  'runbook_bundles, runbooks, admissions, subject_admissions, targets, consents, jobs, plans, decisions, grants, grant_use, change_journal, global_freeze, heartbeats, job_events, schedules, schedule_firings, calendars, standing_judgements, target_maintenance';

/**
 * The columns of a job that its request fills, and no later statement of a process: see `jobDigest`. What Detect and Plan are given
 * of an original is among them for a rollback.
 */
const REQUEST =
  'id, kind, rollback_of, state, runbook_id, runbook_version, content_digest, target_id, target_name, target, target_digest, pool, parameters, supplied, salt, subjects, requester_id, requester, reason, ticket, supersedes, follows, window_from, window_to, schedule_id, schedule_instant, traceparent, rollout, rollout_index, scan, scan_index';
/** The columns that every move may set. */
const MOVE = 'state, state_since, code, detail, wake_at, next_try_at, until, lease_until, clock_era, revision';

/** Least rights per role; run by the migrator after each migration. `%s` is the role's name. */
export const GRANTS: Readonly<Record<RecordRole, readonly string[]>> = {
  // Submits, decides (as rows), edits the inventory. No grant, no journal, no chain.
  api: [
    `GRANT SELECT ON ${READ_ALL}, refused_runbooks, admission_requests, admission_votes, tokens, audit_events, audit_chain, audit_unchained, object_locks, outbox, idempotency_keys, figures, state_times, selections, target_contacts TO %s`,
    `GRANT SELECT ON ${ROLLOUTS} TO %s`,
    'GRANT INSERT (id, runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, ticket, salt, declaration, count, items_digest, retry_of, rollback_of, left_out) ON rollouts TO %s',
    'GRANT INSERT ON rollout_lists TO %s',
    // What a scan asks for is written once; only its end comes later.
    'GRANT SELECT ON scans TO %s',
    'GRANT INSERT (id, runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, ticket, salt, count, items_digest), UPDATE (ended_at) ON scans TO %s',
    // Whether a decision about a rollout counts is for authority to say. A stop of a person has no code.
    'GRANT INSERT (id, rollout, kind, root, ends, exclude, person_id, person, reason, execute_by, on_failure, proof, decided_at) ON rollout_decisions TO %s',
    'GRANT INSERT (id, rollout, kind, items, person_id, person, reason) ON rollout_stops TO %s',
    `GRANT INSERT (${REQUEST}, wake_at) ON jobs TO %s`,
    `GRANT UPDATE (${MOVE}, cancel, partial, crashes) ON jobs TO %s`,
    'GRANT EXECUTE ON FUNCTION issue_token(text, text, text, text, timestamptz, timestamptz, text) TO %s',
    'GRANT INSERT ON runbook_bundles TO %s',
    'GRANT INSERT (id, kind, about, content_digest, before, content, person_id, person, reason, proof) ON admission_requests TO %s',
    'GRANT INSERT (id, request, content_digest, decision, person_id, person, reason, proof) ON admission_votes TO %s',
    // Whether a decision counts is for authority to say.
    'GRANT INSERT (id, job_id, plan_digest, decision, person_id, person, reason, execute_by, on_failure, proof, decided_at) ON decisions TO %s',
    'GRANT INSERT ON consents, outbox, job_events, targets, global_freeze, heartbeats TO %s',
    'GRANT UPDATE ON targets, heartbeats TO %s',
    'GRANT INSERT (target_id, ends_at, by_name, reason), UPDATE (ends_at, by_name, reason, at), DELETE ON target_maintenance TO %s',
    'GRANT UPDATE (revoked_at) ON tokens TO %s',
    'GRANT SELECT ON key_requests, person_keys TO %s',
    'GRANT INSERT (id, person_id, kid, public_key, made_at, signature), UPDATE (confirmation) ON key_requests TO %s',
    'GRANT UPDATE (revoked_at, revoked_by) ON person_keys TO %s',
    'GRANT UPDATE (result, result_at, code, detail) ON change_journal TO %s',
    'GRANT DELETE ON targets, global_freeze, object_locks TO %s',
    'GRANT INSERT, UPDATE, DELETE ON idempotency_keys TO %s',
    'GRANT SELECT, DELETE ON lock_waiters TO %s',
    // What a schedule says is written once; its status and its next instant go on.
    'GRANT INSERT (id, name, spec, owner_id, owner, next_instant, due_at), UPDATE (status, next_instant, due_at, revision) ON schedules TO %s',
    'GRANT INSERT (schedule_id, instant, first_instant, instants, outcome, cause, detail, job_id, scan_id) ON schedule_firings TO %s',
    'GRANT INSERT (id, name, body), UPDATE (name, body, revision), DELETE ON calendars, selections TO %s',
  ],
  // Judges decisions and requests, and signs. No idempotency, no journal, no secret of a token.
  authority: [
    `GRANT SELECT ON ${READ_ALL}, refused_runbooks, admission_requests, admission_votes TO %s`,
    `GRANT SELECT ON ${ROLLOUTS} TO %s`,
    'GRANT UPDATE (status, ending) ON rollouts TO %s',
    'GRANT UPDATE (status, code) ON rollout_decisions TO %s',
    'GRANT INSERT (id, rollout, kind, items, code, wave) ON rollout_stops TO %s',
    'GRANT INSERT ON rollout_grants, rollout_waves TO %s',
    'GRANT INSERT ON runbook_bundles, admissions, subject_admissions, refused_runbooks TO %s',
    'GRANT INSERT, UPDATE, DELETE ON targets TO %s',
    'GRANT UPDATE (status) ON admissions TO %s',
    'GRANT UPDATE (status, code, detail) ON admission_requests TO %s',
    'GRANT UPDATE (status, code) ON admission_votes TO %s',
    'GRANT INSERT, UPDATE, DELETE ON runbooks TO %s',
    'GRANT DELETE ON refused_runbooks TO %s',
    'GRANT SELECT (id, person, kind, created_at, expires_at, revoked_at) ON tokens TO %s',
    'GRANT SELECT ON audit_events, audit_chain TO %s',
    `GRANT UPDATE (${MOVE}, grant_jti, execute_by, on_failure) ON jobs TO %s`,
    'GRANT UPDATE (status, code) ON decisions TO %s',
    'GRANT SELECT ON key_requests, person_keys, decision_nonces TO %s',
    // `confirmation`: the command line on the server, which has the private grant key, confirms a first key.
    'GRANT UPDATE (status, code, confirmation) ON key_requests TO %s',
    'GRANT INSERT (id, person_id, kid, public_key, bytes, signature, signed_by) ON person_keys TO %s',
    'GRANT INSERT (nonce, decision) ON decision_nonces TO %s',
    'GRANT INSERT (job_id, plan_digest, schedule_id, instant, envelope, changes, jti, reasons) ON standing_judgements TO %s',
    'GRANT INSERT ON grants, outbox, job_events, heartbeats TO %s',
    'GRANT UPDATE ON heartbeats TO %s',
    'GRANT UPDATE (revoked_at) ON grants TO %s',
  ],
  // Sends what is in the outbox, wakes jobs, chains the audit log, adds up the figures.
  relay: [
    'GRANT SELECT (id, state, pool, wake_at, next_try_at, lease_until, kind, requester_id) ON jobs TO %s',
    'GRANT UPDATE (wake_at, next_try_at, lease_until) ON jobs TO %s',
    'GRANT SELECT, INSERT, UPDATE ON clock_eras TO %s',
    'GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO %s',
    'GRANT SELECT ON audit_events, audit_chain, heartbeats TO %s',
    'GRANT INSERT ON audit_chain TO %s',
    'GRANT SELECT, DELETE ON audit_unchained, job_moves TO %s',
    'GRANT SELECT, INSERT, UPDATE ON figures, state_times TO %s',
    'GRANT INSERT, UPDATE, DELETE ON heartbeats TO %s',
    'GRANT DELETE ON idempotency_keys TO %s',
    'GRANT SELECT (created_at) ON idempotency_keys TO %s',
  ],
  // Plans, claims, journals. Reads grants, makes none.
  worker: [
    `GRANT SELECT ON ${READ_ALL}, person_keys, object_locks, outbox TO %s`,
    'GRANT SELECT ON rollouts, rollout_stops, rollout_decisions TO %s',
    `GRANT UPDATE (${MOVE}, supplied, findings, subjects, plan_digest, grant_jti, execute_by, on_failure, engine_digest, outcome, epoch, worker, partial, drifts, crashes, proofs) ON jobs TO %s`,
    'GRANT INSERT ON plans, grant_use, change_journal, object_locks, outbox, job_events, heartbeats TO %s',
    'GRANT UPDATE (result, result_at, backup_ref, code, detail) ON change_journal TO %s',
    'GRANT UPDATE (revoked_at) ON grants TO %s',
    'GRANT UPDATE (taken_at) ON outbox TO %s',
    'GRANT UPDATE ON heartbeats TO %s',
    'GRANT UPDATE (made_at, expires_at, credential_scope) ON plans TO %s',
    'GRANT DELETE ON object_locks TO %s',
    'GRANT SELECT, INSERT, DELETE ON lock_waiters TO %s',
    'GRANT SELECT, INSERT, UPDATE ON figures TO %s',
    'GRANT SELECT, INSERT, UPDATE ON target_contacts TO %s',
  ],
};
