-- The record. Canonical JSON is stored as text, byte for byte: jsonb re-orders members and rewrites numbers.

CREATE TABLE runbook_bundles (
  content_digest text PRIMARY KEY CHECK (content_digest ~ '^[0-9a-f]{64}$'),
  runbook_id     text NOT NULL,
  version        text NOT NULL,
  bundle         text NOT NULL,
  loaded_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE runbooks (
  id             text PRIMARY KEY,
  content_digest text NOT NULL REFERENCES runbook_bundles
);

CREATE TABLE targets (
  id       uuid PRIMARY KEY,
  name     text NOT NULL UNIQUE,
  host_key text UNIQUE,
  body     text NOT NULL,
  revision bigint NOT NULL DEFAULT 1
);

CREATE TABLE consents (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL,
  subject_sid text NOT NULL,
  evidence    text NOT NULL,
  recorded_by text NOT NULL,
  recorded_by_name text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX consents_by_sid ON consents (subject_sid, id);

CREATE TABLE tokens (
  id            text PRIMARY KEY,
  person        text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('personal', 'service')),
  secret_sha256 text NOT NULL,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  revoked_at    timestamptz,
  CHECK (expires_at <= created_at + CASE kind WHEN 'personal' THEN interval '12 hours' ELSE interval '90 days' END)
);

CREATE TABLE jobs (
  id               uuid PRIMARY KEY,
  kind             text NOT NULL CHECK (kind IN ('remediation', 'rollback-of')),
  rollback_of      uuid REFERENCES jobs,
  state            text NOT NULL,
  code             text,
  detail           text,
  runbook_id       text NOT NULL,
  runbook_version  text NOT NULL,
  content_digest   text NOT NULL REFERENCES runbook_bundles,
  target_id        uuid NOT NULL,
  target_name      text NOT NULL,
  target           text NOT NULL,
  target_digest    text NOT NULL,
  pool             text NOT NULL,
  parameters       text NOT NULL,
  supplied         text,
  requester_id     text NOT NULL,
  requester        text NOT NULL,
  reason           text NOT NULL,
  ticket           text,
  supersedes       uuid,
  submitted_at     timestamptz NOT NULL DEFAULT now(),
  state_since      timestamptz NOT NULL DEFAULT now(),
  findings         text,
  plan_digest      text,
  grant_jti        uuid,
  execute_by       timestamptz,
  on_failure       text CHECK (on_failure IN ('leave', 'rollback')),
  next_try_at      timestamptz,
  until            timestamptz,
  epoch            bigint NOT NULL DEFAULT 0,
  lease_until      timestamptz,
  worker           text,
  engine_digest    text,
  outcome          text CHECK (outcome IN ('fixed', 'already-fine', 'partial')),
  partial          boolean NOT NULL DEFAULT false,
  drifts           integer NOT NULL DEFAULT 0,
  proofs           text NOT NULL DEFAULT '[]',
  cancel           text,
  -- When the job wants a message if nothing happens until then; NULL once it has ended.
  wake_at          timestamptz,
  revision         bigint NOT NULL DEFAULT 1,
  CONSTRAINT nothing_runs_without_a_grant CHECK (
    state NOT IN ('queued', 'running', 'waiting', 'unknown', 'needs-attention', 'rolling-back', 'succeeded', 'failed',
                  'rolled-back', 'rollback-failed')
    OR (plan_digest IS NOT NULL AND grant_jti IS NOT NULL))
);
CREATE INDEX jobs_awake ON jobs (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX jobs_by_state ON jobs (state, id);
CREATE INDEX jobs_by_requester ON jobs (requester_id, id);
CREATE INDEX jobs_by_target ON jobs (target_id, id);
CREATE INDEX jobs_by_runbook ON jobs (runbook_id, id);
CREATE INDEX jobs_by_original ON jobs (rollback_of) WHERE rollback_of IS NOT NULL;

CREATE TABLE plans (
  job_id             uuid NOT NULL REFERENCES jobs,
  digest             text NOT NULL,
  bytes              text NOT NULL,
  risk               text NOT NULL,
  approvals_required integer NOT NULL,
  credential_scope   text NOT NULL,
  made_at            timestamptz NOT NULL,
  expires_at         timestamptz NOT NULL,
  PRIMARY KEY (job_id, digest)
);

CREATE TABLE decisions (
  id          uuid PRIMARY KEY,
  job_id      uuid NOT NULL REFERENCES jobs,
  plan_digest text NOT NULL,
  decision    text NOT NULL CHECK (decision IN ('approve', 'reject')),
  person_id   text NOT NULL,
  person      text NOT NULL,
  reason      text NOT NULL,
  execute_by  timestamptz,
  on_failure  text,
  proof       text NOT NULL,
  decided_at  timestamptz NOT NULL,
  status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'refused')),
  code        text
);
CREATE UNIQUE INDEX one_decision_a_person ON decisions (job_id, plan_digest, person_id) WHERE status <> 'refused';
CREATE INDEX decisions_pending ON decisions (decided_at) WHERE status = 'pending';

-- Four eyes in the database too: whoever asked cannot be who decides.
CREATE FUNCTION decision_is_another_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM jobs WHERE id = NEW.job_id AND requester_id = NEW.person_id AND NEW.decision = 'approve') THEN
    RAISE EXCEPTION 'own-request' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION decision_is_another_persons();

CREATE TABLE grants (
  jti        uuid PRIMARY KEY,
  job_id     uuid NOT NULL REFERENCES jobs,
  bytes      text NOT NULL,
  signature  text NOT NULL,
  kid        text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE TABLE grant_use (
  jti    uuid PRIMARY KEY REFERENCES grants,
  job_id uuid NOT NULL REFERENCES jobs,
  epoch  bigint NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change_journal (
  job_id     uuid NOT NULL REFERENCES jobs,
  change_id  text NOT NULL,
  direction  text NOT NULL CHECK (direction IN ('apply', 'undo')),
  attempt    integer NOT NULL,
  epoch      bigint NOT NULL,
  intent_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  result     text CHECK (result IN ('changed', 'noop', 'in-place', 'failed', 'not-in-place')),
  result_at  timestamptz,
  backup_ref text,
  code       text,
  detail     text,
  PRIMARY KEY (job_id, change_id, direction, attempt)
);

CREATE TABLE object_locks (
  key    text PRIMARY KEY,
  job_id uuid NOT NULL REFERENCES jobs,
  at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX object_locks_by_job ON object_locks (job_id);

CREATE TABLE outbox (
  id         uuid PRIMARY KEY,
  job_id     uuid NOT NULL REFERENCES jobs,
  pool       text NOT NULL,
  priority   integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at    timestamptz,
  taken_at   timestamptz
);
CREATE INDEX outbox_unsent ON outbox (priority, created_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_untaken ON outbox (job_id) WHERE taken_at IS NULL;

CREATE TABLE job_events (
  job_id uuid NOT NULL REFERENCES jobs,
  seq    bigint GENERATED ALWAYS AS IDENTITY,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind   text NOT NULL CHECK (kind IN ('state', 'record', 'progress')),
  body   text NOT NULL,
  PRIMARY KEY (job_id, seq)
);

CREATE TABLE idempotency_keys (
  actor          text NOT NULL,
  route          text NOT NULL,
  key            text NOT NULL,
  request_sha256 text NOT NULL,
  job_id         uuid,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, route, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE global_freeze (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  by_name  text NOT NULL,
  reason   text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE heartbeats (
  part     text NOT NULL,
  instance text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  detail   text NOT NULL DEFAULT '{}',
  PRIMARY KEY (part, instance)
);

-- Audit: exact bytes with the writer as the database saw it; the relay alone chains.
CREATE TABLE audit_events (
  n         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id  uuid NOT NULL UNIQUE,
  job_id    uuid,
  actor_id  text,
  action    text NOT NULL,
  writer    text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  bytes     text NOT NULL
);
CREATE INDEX audit_events_by_job ON audit_events (job_id, n) WHERE job_id IS NOT NULL;
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, n);
CREATE INDEX audit_events_by_action ON audit_events (action, n);

CREATE TABLE audit_chain (
  seq       bigint PRIMARY KEY,
  event_n   bigint NOT NULL UNIQUE REFERENCES audit_events,
  prev_hash text NOT NULL,
  hash      text NOT NULL
);

CREATE FUNCTION audit_append(entry text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE parsed jsonb := entry::jsonb;
BEGIN
  INSERT INTO public.audit_events (event_id, job_id, actor_id, action, writer, bytes)
  VALUES ((parsed->>'eventId')::uuid, (parsed->>'job')::uuid, parsed->'actor'->>'id', parsed->>'action', session_user, entry);
END $$;

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON runbook_bundles FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grant_use FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Nudges. They carry ids only and may be lost: every listener also looks by itself.
CREATE FUNCTION notify_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('fixpoint_job', NEW.job_id::text); RETURN NULL; END $$;
CREATE TRIGGER notify_job AFTER INSERT ON job_events FOR EACH ROW EXECUTE FUNCTION notify_job();
CREATE FUNCTION notify_plain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify(TG_ARGV[0], ''); RETURN NULL; END $$;
CREATE TRIGGER notify_outbox AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_outbox');
CREATE TRIGGER notify_decision AFTER INSERT ON decisions FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');
CREATE TRIGGER notify_audit AFTER INSERT ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_audit');
