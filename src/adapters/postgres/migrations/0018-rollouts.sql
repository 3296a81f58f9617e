-- One request over a frozen list of items, each of which is a job. No row here starts anything: `authority` reads the decisions, verifies
-- them, and signs one grant for the list and one for each job. What the triggers keep is that nothing is added, changed or taken back.
CREATE TABLE rollouts (
  id              uuid PRIMARY KEY,
  runbook_id      text NOT NULL,
  runbook_version text NOT NULL,
  content_digest  text NOT NULL REFERENCES runbook_bundles,
  pool            text NOT NULL,
  requester_id    text NOT NULL,
  requester       text NOT NULL,
  reason          text NOT NULL,
  ticket          text,
  salt            text CHECK (salt ~ '^[0-9a-f]{32}$'),
  -- Waves, budget, how many at once, window: canonical JSON.
  declaration     text NOT NULL,
  count           integer NOT NULL CHECK (count BETWEEN 1 AND 500),
  items_digest    text NOT NULL CHECK (items_digest ~ '^[0-9a-f]{64}$'),
  retry_of        uuid REFERENCES rollouts,
  submitted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What authority says of it. The gates are judged anew at each step, by what was signed and by the jobs.
  status          text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'running', 'paused', 'ended')),
  ending          text CHECK (ending IN ('finished', 'aborted', 'window-over', 'rejected', 'not-approved')),
  CONSTRAINT an_end_has_a_kind CHECK ((status = 'ended') = (ending IS NOT NULL))
);
CREATE INDEX rollouts_alive ON rollouts (id) WHERE status <> 'ended';
CREATE INDEX rollouts_by_requester ON rollouts (requester_id, id);

-- The item that a job is.
ALTER TABLE jobs ADD COLUMN rollout uuid REFERENCES rollouts;
ALTER TABLE jobs ADD COLUMN rollout_index integer CHECK (rollout_index >= 0);
ALTER TABLE jobs ADD CONSTRAINT an_item_has_its_place CHECK ((rollout IS NULL) = (rollout_index IS NULL));
CREATE UNIQUE INDEX one_job_a_place ON jobs (rollout, rollout_index) WHERE rollout IS NOT NULL;

-- A list of plans that somebody decided about, under its root. Whoever uses it computes the root.
CREATE TABLE rollout_lists (
  rollout uuid NOT NULL REFERENCES rollouts,
  root    text NOT NULL CHECK (root ~ '^[0-9a-f]{64}$'),
  bytes   text NOT NULL,
  PRIMARY KEY (rollout, root)
);

CREATE TABLE rollout_decisions (
  id         uuid PRIMARY KEY,
  n          bigint GENERATED ALWAYS AS IDENTITY,
  rollout    uuid NOT NULL REFERENCES rollouts,
  kind       text NOT NULL CHECK (kind IN ('approve', 'reject', 'resume')),
  root       text,
  -- Of a resume, as JSON: the pauses that end, and the items that are left out.
  ends       text NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(ends::jsonb) = 'array'),
  exclude    text NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(exclude::jsonb) = 'array'),
  person_id  text NOT NULL,
  person     text NOT NULL,
  reason     text NOT NULL,
  execute_by timestamptz,
  on_failure text CHECK (on_failure IN ('leave', 'rollback')),
  proof      text NOT NULL,
  decided_at timestamptz NOT NULL,
  status     text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'refused')),
  code       text,
  CONSTRAINT a_decision_is_about_a_list CHECK ((kind = 'resume') = (root IS NULL)),
  FOREIGN KEY (rollout, root) REFERENCES rollout_lists
);
CREATE UNIQUE INDEX one_rollout_decision_a_person ON rollout_decisions (rollout, root, person_id)
  WHERE kind <> 'resume' AND status <> 'refused';
CREATE INDEX rollout_decisions_pending ON rollout_decisions (n) WHERE status = 'pending';

-- What takes away. A person needs no proof for it, and authority gives a code.
CREATE TABLE rollout_stops (
  id        uuid PRIMARY KEY,
  n         bigint GENERATED ALWAYS AS IDENTITY,
  rollout   uuid NOT NULL REFERENCES rollouts,
  kind      text NOT NULL CHECK (kind IN ('pause', 'abort', 'exclude')),
  -- Indexes of items, as JSON.
  items     text NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(items::jsonb) = 'array'),
  person_id text,
  person    text,
  reason    text,
  code      text,
  wave      integer,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT a_stop_is_by_somebody CHECK ((person IS NULL) = (code IS NOT NULL) AND (person IS NULL) = (person_id IS NULL))
);
CREATE INDEX rollout_stops_of_one ON rollout_stops (rollout, n);

CREATE TABLE rollout_grants (
  jti        uuid PRIMARY KEY,
  rollout    uuid NOT NULL UNIQUE REFERENCES rollouts,
  bytes      text NOT NULL,
  signature  text NOT NULL,
  kid        text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE rollout_waves (
  rollout uuid NOT NULL REFERENCES rollouts,
  wave    integer NOT NULL,
  what    text NOT NULL CHECK (what IN ('began', 'proved')),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (rollout, wave, what)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout_lists FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout_stops FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout_grants FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rollout_waves FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON rollouts FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON rollout_decisions FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- An ended rollout does not begin again.
CREATE FUNCTION an_end_is_final() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'the rollout has ended' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER an_end_is_final BEFORE UPDATE ON rollouts FOR EACH ROW
  WHEN (OLD.status = 'ended') EXECUTE FUNCTION an_end_is_final();

CREATE TRIGGER judged_once BEFORE UPDATE ON rollout_decisions FOR EACH ROW
  WHEN (OLD.status <> 'pending' OR NEW.status = 'pending') EXECUTE FUNCTION judged_once();
CREATE TRIGGER decided_now BEFORE INSERT ON rollout_decisions FOR EACH ROW EXECUTE FUNCTION decided_now();

-- Four eyes in the database too.
CREATE FUNCTION rollout_decision_is_another_persons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.rollouts WHERE id = NEW.rollout AND requester_id = NEW.person_id) THEN
    RAISE EXCEPTION 'own-request' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT ON rollout_decisions FOR EACH ROW
  WHEN (NEW.kind = 'approve') EXECUTE FUNCTION rollout_decision_is_another_persons();

-- A rollout commits whole, with the event that says who asked for it, and has no other item afterwards.
CREATE FUNCTION a_rollout_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND (
    NEW.count <> (SELECT count(*) FROM public.jobs WHERE rollout = NEW.id)
    OR NOT EXISTS (
      SELECT 1 FROM public.audit_events
      WHERE action = 'rollout.submitted' AND actor_id = NEW.requester_id AND bytes::jsonb->'data'->>'rollout' = NEW.id::text)) THEN
    RAISE EXCEPTION 'a rollout needs all its items and the audit event of its submission' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_rollout_is_whole AFTER INSERT ON rollouts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION a_rollout_is_whole();

CREATE FUNCTION an_item_has_its_rollout() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NOT EXISTS (
    SELECT 1 FROM public.rollouts
    WHERE id = NEW.rollout AND NEW.rollout_index < count AND requester_id = NEW.requester_id
      AND content_digest = NEW.content_digest AND status = 'open') THEN
    RAISE EXCEPTION 'the job is no item of its rollout' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_item_has_its_rollout AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.rollout IS NOT NULL) EXECUTE FUNCTION an_item_has_its_rollout();

-- The event by which the API says that a rollout was submitted: one each.
CREATE UNIQUE INDEX one_submission_a_rollout ON audit_events ((bytes::jsonb->'data'->>'rollout'))
  WHERE action = 'rollout.submitted' AND writer = 'fixpoint_api';

-- A nonce is used up by the decision that was accepted with it, about a job or a rollout.
ALTER TABLE decision_nonces DROP CONSTRAINT decision_nonces_decision_fkey;

CREATE TRIGGER notify_decision AFTER INSERT ON rollout_decisions FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');
CREATE TRIGGER notify_decision AFTER INSERT ON rollout_stops FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');
