-- A person who looked says that a change is not there only where a person was asked: of a job that runs, that would let a change be made twice.
CREATE OR REPLACE FUNCTION check_result() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND OLD.result IS NOT NULL THEN
    RAISE EXCEPTION '% may not say that', session_user USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF session_user = 'fixpoint_api' AND (NEW.result IS DISTINCT FROM 'not-in-place' OR NOT EXISTS (
    -- Its end, too, where the same transaction has just written it.
    SELECT 1 FROM public.jobs AS job WHERE job.id = OLD.job_id
      AND (job.state = 'needs-attention' OR (job.state = 'failed' AND job.xmin = pg_current_xact_id()::xid)))) THEN
    RAISE EXCEPTION '% may not say that', session_user USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

-- Whose a running job is, its worker says. A lease that somebody else ends would have another worker look at a change in progress.
CREATE FUNCTION keeps_lease() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF session_user IN ('fixpoint_api', 'fixpoint_authority') THEN
    RAISE EXCEPTION '% may not change the lease of a running job', session_user USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_lease BEFORE UPDATE OF lease_until ON jobs FOR EACH ROW
  WHEN (OLD.state IN ('running', 'rolling-back') AND OLD.lease_until IS DISTINCT FROM NEW.lease_until)
  EXECUTE FUNCTION keeps_lease();
