-- What may run: a statement that authority signed for exactly one content digest. The bundles are only bytes.
CREATE TABLE admissions (
  n              bigint GENERATED ALWAYS AS IDENTITY,
  id             uuid PRIMARY KEY,
  runbook_id     text NOT NULL,
  content_digest text NOT NULL REFERENCES runbook_bundles,
  bytes          text NOT NULL,
  signature      text NOT NULL,
  kid            text NOT NULL,
  status         text NOT NULL DEFAULT 'in-force' CHECK (status IN ('in-force', 'disabled', 'revoked')),
  signed_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX admissions_of_a_version ON admissions (content_digest, n);
CREATE INDEX admissions_of_a_runbook ON admissions (runbook_id);

CREATE FUNCTION revoked_is_final() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'the admission was revoked' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER revoked_is_final BEFORE UPDATE OF status ON admissions FOR EACH ROW
  WHEN (OLD.status = 'revoked' AND NEW.status <> 'revoked') EXECUTE FUNCTION revoked_is_final();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON admissions FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What one person asks for and another confirms. A row grants nothing: authority judges it and signs.
CREATE TABLE admission_requests (
  id             uuid PRIMARY KEY,
  kind           text NOT NULL CHECK (kind IN ('admit', 'enable', 'disable', 'revoke')),
  runbook_id     text NOT NULL,
  -- The version; of `disable`, where none is named, every version of the runbook.
  content_digest text REFERENCES runbook_bundles,
  person_id      text NOT NULL,
  person         text NOT NULL,
  reason         text NOT NULL,
  proof          text NOT NULL,
  requested_at   timestamptz NOT NULL DEFAULT now(),
  -- new: authority has not looked; open: a second person is to confirm it.
  status         text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'done', 'refused')),
  code           text,
  detail         text
);
CREATE INDEX admission_requests_to_judge ON admission_requests (requested_at) WHERE status IN ('new', 'open');

CREATE TABLE admission_votes (
  id             uuid PRIMARY KEY,
  request        uuid NOT NULL REFERENCES admission_requests,
  -- The content digest that the person read, so that no other is admitted by it.
  content_digest text NOT NULL,
  decision       text NOT NULL CHECK (decision IN ('confirm', 'reject')),
  person_id      text NOT NULL,
  person         text NOT NULL,
  reason         text NOT NULL,
  proof          text NOT NULL,
  decided_at     timestamptz NOT NULL DEFAULT now(),
  status         text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'refused')),
  code           text
);
CREATE INDEX admission_votes_pending ON admission_votes (decided_at) WHERE status = 'pending';

-- A signature counts once.
CREATE UNIQUE INDEX a_request_is_signed_once ON admission_requests ((proof::jsonb->>'nonce'));
CREATE UNIQUE INDEX a_vote_is_signed_once ON admission_votes ((proof::jsonb->>'nonce'));

CREATE TRIGGER notify_decision AFTER INSERT ON admission_requests FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');
CREATE TRIGGER notify_decision AFTER INSERT ON admission_votes FOR EACH STATEMENT EXECUTE FUNCTION notify_plain('fixpoint_decision');
