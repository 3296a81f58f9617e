-- Calendars are read when a schedule is looked at; each change of one is in the audit log.
CREATE TABLE calendars (
  id       uuid PRIMARY KEY,
  name     text NOT NULL UNIQUE,
  body     text NOT NULL,
  revision bigint NOT NULL DEFAULT 1
);

-- What a schedule says never changes: no process has the right to write those columns again. `next_instant` comes before jitter and
-- calendars; `due_at` is when to look at it.
CREATE TABLE schedules (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  spec         text NOT NULL,
  owner_id     text NOT NULL,
  owner        text NOT NULL,
  status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'ended', 'removed')),
  next_instant timestamptz,
  due_at       timestamptz,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  revision     bigint NOT NULL DEFAULT 1,
  CONSTRAINT an_active_schedule_is_due CHECK (status <> 'active' OR (next_instant IS NOT NULL AND due_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_schedule_a_name ON schedules (name) WHERE status <> 'removed';
CREATE INDEX schedules_due ON schedules (due_at) WHERE status = 'active';

CREATE FUNCTION removed_is_final() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'the schedule was removed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER removed_is_final BEFORE UPDATE ON schedules FOR EACH ROW
  WHEN (OLD.status = 'removed') EXECUTE FUNCTION removed_is_final();
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON schedules FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- An instant goes forward only: one that was dealt with does not come again.
CREATE FUNCTION instants_go_forward() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NEW.next_instant < OLD.next_instant THEN
    RAISE EXCEPTION 'the instants of a schedule go forward' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER instants_go_forward BEFORE UPDATE OF next_instant ON schedules FOR EACH ROW EXECUTE FUNCTION instants_go_forward();

-- What became of each instant; neighbours that were missed for one cause are one row, under the last of them.
CREATE TABLE schedule_firings (
  schedule_id   uuid NOT NULL REFERENCES schedules,
  instant       timestamptz NOT NULL,
  first_instant timestamptz NOT NULL,
  instants      integer NOT NULL CHECK (instants > 0),
  outcome       text NOT NULL CHECK (outcome IN ('submitted', 'missed')),
  cause         text,
  detail        text,
  -- The job refers to this row, and is inserted after it in the same transaction.
  job_id        uuid,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (schedule_id, instant),
  CONSTRAINT a_firing_has_a_job_or_a_cause CHECK ((outcome = 'submitted') = (job_id IS NOT NULL)
                                              AND (outcome = 'missed') = (cause IS NOT NULL)),
  CONSTRAINT one_instant_fires CHECK (outcome = 'missed' OR (instants = 1 AND instant = first_instant))
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON schedule_firings FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- A job of a schedule is the one that its firing names, so that an instant has one job at most.
ALTER TABLE jobs ADD CONSTRAINT a_job_has_its_firing FOREIGN KEY (schedule_id, schedule_instant) REFERENCES schedule_firings;
CREATE INDEX jobs_by_schedule ON jobs (schedule_id, schedule_instant) WHERE schedule_id IS NOT NULL;
CREATE FUNCTION is_the_job_of_its_firing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.schedule_firings
                 WHERE schedule_id = NEW.schedule_id AND instant = NEW.schedule_instant AND job_id = NEW.id) THEN
    RAISE EXCEPTION 'the firing names another job' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_the_job_of_its_firing BEFORE INSERT ON jobs FOR EACH ROW
  WHEN (NEW.schedule_id IS NOT NULL) EXECUTE FUNCTION is_the_job_of_its_firing();
