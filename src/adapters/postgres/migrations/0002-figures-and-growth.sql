-- What must not grow with the number of finished jobs, and the figures that /metrics shows.

-- The jobs that are alive: counting them reads no finished one. The list of ends is the domain's; a test compares them.
CREATE INDEX jobs_alive ON jobs (state, state_since)
  WHERE state NOT IN ('compliant', 'succeeded', 'failed', 'rolled-back', 'rollback-failed', 'rejected', 'expired',
                      'superseded', 'cancelled', 'blocked');
CREATE INDEX change_journal_open ON change_journal (intent_at) WHERE result IS NULL;
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE taken_at IS NULL;
CREATE INDEX outbox_by_sending ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- The trace of the request, in the form of W3C Trace Context: on the job, never in a message.
ALTER TABLE jobs ADD COLUMN traceparent text;

-- Events that are not chained yet. Numbers commit out of order, so no watermark tells them; looking for them in the whole log would
-- cost more with every event.
CREATE TABLE audit_unchained (n bigint PRIMARY KEY REFERENCES audit_events);
INSERT INTO audit_unchained
  SELECT n FROM audit_events event WHERE NOT EXISTS (SELECT 1 FROM audit_chain WHERE event_n = event.n);

CREATE OR REPLACE FUNCTION audit_append(entry text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  parsed jsonb := entry::jsonb;
  number bigint;
BEGIN
  INSERT INTO public.audit_events (event_id, job_id, actor_id, action, writer, bytes)
  VALUES ((parsed->>'eventId')::uuid, (parsed->>'job')::uuid, parsed->'actor'->>'id', parsed->>'action', session_user, entry)
  RETURNING n INTO number;
  INSERT INTO public.audit_unchained VALUES (number);
END $$;

-- Each move of a job, until the relay has added it up.
CREATE TABLE job_moves (
  n          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_state text,
  to_state   text NOT NULL,
  seconds    double precision
);
CREATE FUNCTION note_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.job_moves (to_state) VALUES (NEW.state);
  ELSE
    INSERT INTO public.job_moves (from_state, to_state, seconds)
    VALUES (OLD.state, NEW.state, greatest(0, extract(epoch FROM now() - OLD.state_since)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_submission AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION note_move();
CREATE TRIGGER note_move AFTER UPDATE OF state ON jobs FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_move();

-- Sums that only grow: counters that outlive every process.
CREATE TABLE figures (
  name  text NOT NULL,
  label text NOT NULL DEFAULT '',
  value bigint NOT NULL,
  PRIMARY KEY (name, label)
);

-- How long jobs stayed in a state: spells of at most `le` seconds and more than the next smaller one.
CREATE TABLE state_times (
  state   text NOT NULL,
  le      double precision NOT NULL,
  spells  bigint NOT NULL,
  seconds double precision NOT NULL,
  PRIMARY KEY (state, le)
);
