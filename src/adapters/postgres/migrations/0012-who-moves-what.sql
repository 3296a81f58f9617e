-- What a process may do to a job, enforced where no process can leave it out. Which columns a role may write is in its rights; here is
-- what rights cannot say. The owner (restore, erasing of values) is not bound: whoever owns the database can remove all of this.

-- Filled from the table of the product at each migration.
CREATE TABLE allowed_moves (
  from_state text NOT NULL,
  to_state   text NOT NULL,
  writer     text NOT NULL,
  PRIMARY KEY (from_state, to_state, writer)
);

CREATE FUNCTION is_process(role_name text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
  $$ SELECT role_name IN ('fixpoint_api', 'fixpoint_authority', 'fixpoint_relay', 'fixpoint_worker') $$;

CREATE FUNCTION only_allowed_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NOT EXISTS (
    SELECT 1 FROM public.allowed_moves
    WHERE from_state = OLD.state AND to_state = NEW.state AND writer = session_user) THEN
    RAISE EXCEPTION '% may not move a job from % to %', session_user, OLD.state, NEW.state
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_allowed_moves BEFORE UPDATE OF state ON jobs FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION only_allowed_moves();

-- Of an ended job only the count of its writes goes on: a late decision about it is noted.
CREATE FUNCTION ended_is_final() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user)
     AND (to_jsonb(NEW) - 'revision') IS DISTINCT FROM (to_jsonb(OLD) - 'revision') THEN
    RAISE EXCEPTION 'the job has ended' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ended_is_final BEFORE UPDATE ON jobs FOR EACH ROW
  WHEN (OLD.state IN ('compliant', 'succeeded', 'failed', 'rolled-back', 'rollback-failed', 'rejected', 'expired', 'superseded',
                      'cancelled', 'blocked'))
  EXECUTE FUNCTION ended_is_final();

-- A job begins with nothing done, and whoever reads the authority's grants finds no other in its row.
CREATE FUNCTION begins_unplanned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) THEN
    RAISE EXCEPTION 'a job begins in planning' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER begins_unplanned BEFORE INSERT ON jobs FOR EACH ROW
  WHEN (NEW.state <> 'planning') EXECUTE FUNCTION begins_unplanned();

CREATE FUNCTION authority_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND session_user <> 'fixpoint_authority' THEN
    RAISE EXCEPTION '% may not give a job a grant', session_user USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER authority_grants BEFORE UPDATE OF grant_jti, execute_by, on_failure ON jobs FOR EACH ROW
  WHEN ((NEW.grant_jti IS NOT NULL AND NEW.grant_jti IS DISTINCT FROM OLD.grant_jti)
     OR (NEW.execute_by IS NOT NULL AND NEW.execute_by IS DISTINCT FROM OLD.execute_by)
     OR (NEW.on_failure IS NOT NULL AND NEW.on_failure IS DISTINCT FROM OLD.on_failure))
  EXECUTE FUNCTION authority_grants();
