-- What a phase is given beside the parameters is the worker's to fill in. No digest of a request covers it, so a request must not bring it: only a
-- rollback has that of its original, unchanged.
CREATE FUNCTION check_supplied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.supplied IS NOT DISTINCT FROM (SELECT supplied FROM jobs WHERE NEW.kind = 'rollback-of' AND id = NEW.rollback_of) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a request brings no supplied values' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER check_supplied BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION check_supplied();

-- Processes read instants in milliseconds: two that differ by less are one, and fire once.
ALTER TABLE schedule_firings ADD CONSTRAINT instant_in_milliseconds CHECK (instant = date_trunc('milliseconds', instant));

-- What became of a change is said once. A person who looked says at most that it is not there: whether it was made is for the worker to say.
CREATE FUNCTION check_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.is_process(session_user) AND (OLD.result IS NOT NULL OR (session_user = 'fixpoint_api' AND NEW.result IS DISTINCT FROM 'not-in-place')) THEN
    RAISE EXCEPTION '% may not say that', session_user USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_result BEFORE UPDATE OF result ON change_journal FOR EACH ROW EXECUTE FUNCTION check_result();
