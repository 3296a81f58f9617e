-- A scan reads and plans over a frozen list of targets, and ends. Each item is a job that nothing can be approved or applied of: that is
-- a rule of the table of jobs, and of every table that a change would need a row in.
CREATE TABLE scans (
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
  count           integer NOT NULL CHECK (count BETWEEN 1 AND 500),
  items_digest    text NOT NULL CHECK (items_digest ~ '^[0-9a-f]{64}$'),
  submitted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at        timestamptz
);
CREATE INDEX scans_alive ON scans (id) WHERE ended_at IS NULL;
CREATE INDEX scans_by_requester ON scans (requester_id, id);
CREATE INDEX scans_by_runbook ON scans (runbook_id, ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE jobs ADD COLUMN scan uuid REFERENCES scans;
ALTER TABLE jobs ADD COLUMN scan_index integer CHECK (scan_index >= 0);
CREATE UNIQUE INDEX one_scan_job_a_place ON jobs (scan, scan_index) WHERE scan IS NOT NULL;
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD CONSTRAINT jobs_kind_check CHECK (kind IN ('remediation', 'rollback-of', 'scan'));
ALTER TABLE jobs ADD CONSTRAINT a_scan_has_its_place CHECK (
  (kind = 'scan') = (scan IS NOT NULL) AND (scan IS NULL) = (scan_index IS NULL));
ALTER TABLE jobs ADD CONSTRAINT a_scan_changes_nothing CHECK (
  kind <> 'scan'
  OR (state IN ('planning', 'deferred', 'compliant', 'drifted', 'blocked', 'expired', 'cancelled')
      AND grant_jti IS NULL AND execute_by IS NULL AND on_failure IS NULL AND outcome IS NULL AND NOT partial
      AND rollback_of IS NULL AND rollout IS NULL AND supersedes IS NULL AND follows IS NULL AND window_from IS NULL));
ALTER TABLE jobs ADD CONSTRAINT drift_has_a_plan CHECK (
  state <> 'drifted' OR (kind = 'scan' AND plan_digest IS NOT NULL));

-- `drifted` is an end.
DROP INDEX jobs_alive;
CREATE INDEX jobs_alive ON jobs (state, state_since)
  WHERE state NOT IN ('compliant', 'drifted', 'succeeded', 'failed', 'rolled-back', 'rollback-failed', 'rejected', 'expired',
                      'superseded', 'cancelled', 'blocked');
DROP TRIGGER ended_is_final ON jobs;
CREATE TRIGGER ended_is_final BEFORE UPDATE ON jobs FOR EACH ROW
  WHEN (OLD.state IN ('compliant', 'drifted', 'succeeded', 'failed', 'rolled-back', 'rollback-failed', 'rejected', 'expired',
                      'superseded', 'cancelled', 'blocked'))
  EXECUTE FUNCTION ended_is_final();

-- No row that a change begins with. The owner is bound too: no restore and no repair has a reason to write one.
CREATE FUNCTION never_of_a_scan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.jobs WHERE id = NEW.job_id AND kind = 'scan') THEN
    RAISE EXCEPTION 'a scan changes nothing: it has no %', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER never_of_a_scan BEFORE INSERT OR UPDATE OF job_id ON decisions FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();
CREATE TRIGGER never_of_a_scan BEFORE INSERT OR UPDATE OF job_id ON grants FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();
CREATE TRIGGER never_of_a_scan BEFORE INSERT OR UPDATE OF job_id ON grant_use FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();
CREATE TRIGGER never_of_a_scan BEFORE INSERT OR UPDATE OF job_id ON change_journal FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();
CREATE TRIGGER never_of_a_scan BEFORE INSERT OR UPDATE OF job_id ON object_locks FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();
CREATE TRIGGER never_of_a_scan BEFORE INSERT ON standing_judgements FOR EACH ROW EXECUTE FUNCTION never_of_a_scan();

-- What was asked for as a scan stays one, and nothing becomes one.
CREATE FUNCTION a_scan_stays_one() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'a job of a scan stays one' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER a_scan_stays_one BEFORE UPDATE OF kind, scan, scan_index ON jobs FOR EACH ROW
  WHEN ((OLD.kind = 'scan' OR NEW.kind = 'scan')
    AND (OLD.kind, OLD.scan, OLD.scan_index) IS DISTINCT FROM (NEW.kind, NEW.scan, NEW.scan_index))
  EXECUTE FUNCTION a_scan_stays_one();

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON scans FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- A scan ends once, when all of its items have ended.
CREATE FUNCTION a_scan_ends_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM public.jobs WHERE scan = NEW.id AND state IN ('planning', 'deferred')) THEN
    RAISE EXCEPTION 'the scan has ended before, or not all of its items have' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_scan_ends_once BEFORE UPDATE OF ended_at ON scans FOR EACH ROW EXECUTE FUNCTION a_scan_ends_once();

-- A scan commits whole, with the event that says who asked for it, and has no other item afterwards.
CREATE FUNCTION a_scan_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND (
    NEW.ended_at IS NOT NULL
    OR NEW.count <> (SELECT count(*) FROM public.jobs WHERE scan = NEW.id)
    OR NOT EXISTS (
      SELECT 1 FROM public.audit_events
      WHERE action = 'scan.submitted' AND actor_id = NEW.requester_id AND bytes::jsonb->'data'->>'scan' = NEW.id::text)) THEN
    RAISE EXCEPTION 'a scan needs all its items and the audit event of its submission' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_scan_is_whole AFTER INSERT ON scans DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION a_scan_is_whole();
CREATE UNIQUE INDEX one_submission_a_scan ON audit_events ((bytes::jsonb->'data'->>'scan'))
  WHERE action = 'scan.submitted' AND writer = 'fixpoint_api';

CREATE FUNCTION an_item_has_its_scan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NOT EXISTS (
    SELECT 1 FROM public.scans
    WHERE id = NEW.scan AND NEW.scan_index < count AND requester_id = NEW.requester_id
      AND content_digest = NEW.content_digest AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'the job is no item of its scan' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_item_has_its_scan AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.scan IS NOT NULL) EXECUTE FUNCTION an_item_has_its_scan();
