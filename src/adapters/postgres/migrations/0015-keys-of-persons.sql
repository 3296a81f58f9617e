-- Keys of persons, and decisions signed with them. No row here proves anything: `authority` signs each registration, and whoever uses one
-- verifies that signature with the pinned public key. What the triggers keep is that a process changes nothing that was written.

-- What a person asked for, signed with the key itself, and who confirmed it. `confirmation` is canonical JSON.
CREATE TABLE key_requests (
  id           uuid PRIMARY KEY,
  person_id    text NOT NULL,
  kid          text NOT NULL,
  public_key   text NOT NULL,
  made_at      text NOT NULL,
  signature    text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  confirmation text,
  status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'registered', 'refused')),
  code         text
);
CREATE UNIQUE INDEX one_request_a_key ON key_requests (kid) WHERE status = 'pending';
CREATE INDEX key_requests_confirmed ON key_requests (requested_at) WHERE status = 'pending' AND confirmation IS NOT NULL;
CREATE INDEX key_requests_by_person ON key_requests (person_id, id);

-- One key belongs to one person for ever, a revoked one too.
CREATE TABLE person_keys (
  id            uuid PRIMARY KEY REFERENCES key_requests,
  person_id     text NOT NULL,
  kid           text NOT NULL UNIQUE,
  public_key    text NOT NULL UNIQUE,
  bytes         text NOT NULL,
  signature     text NOT NULL,
  signed_by     text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at    timestamptz,
  revoked_by    text
);
CREATE INDEX person_keys_by_person ON person_keys (person_id, id);

-- A nonce is used up by the decision that was accepted with it.
CREATE TABLE decision_nonces (
  nonce    text PRIMARY KEY,
  decision uuid NOT NULL REFERENCES decisions,
  used_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION only_a_revocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.revoked_by IS NULL
     OR (to_jsonb(NEW) - 'revoked_at' - 'revoked_by') IS DISTINCT FROM (to_jsonb(OLD) - 'revoked_at' - 'revoked_by') THEN
    RAISE EXCEPTION 'of a registered key only a revocation may be set, once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_a_revocation BEFORE UPDATE ON person_keys FOR EACH ROW EXECUTE FUNCTION only_a_revocation();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON person_keys FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision_nonces FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE FUNCTION judged_is_final() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.status <> 'pending' OR (OLD.confirmation IS NOT NULL AND NEW.confirmation IS DISTINCT FROM OLD.confirmation) THEN
    RAISE EXCEPTION 'the request of the key was confirmed or judged' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER judged_is_final BEFORE UPDATE ON key_requests FOR EACH ROW EXECUTE FUNCTION judged_is_final();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON key_requests FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER notify_key AFTER UPDATE ON key_requests FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');

-- A process dates a decision by the clock of the database: an old signature cannot come with an old date.
CREATE FUNCTION decided_now() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NEW.decided_at NOT BETWEEN clock_timestamp() - interval '5 minutes'
                                                              AND clock_timestamp() + interval '5 minutes' THEN
    RAISE EXCEPTION 'a decision is dated by the clock of the database' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decided_now BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION decided_now();
