-- What durable execution keeps beside the jobs.

-- Claims of this job that ended without a word; at three it is quarantined.
ALTER TABLE jobs ADD COLUMN crashes integer NOT NULL DEFAULT 0;

-- Order is by sequence: a clock may jump.
ALTER TABLE change_journal ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE decisions ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;

-- Granted jobs whose object is locked, first come first served. One row a job: one order over all keys, so that no two wait
-- for each other.
CREATE TABLE lock_waiters (
  job_id uuid PRIMARY KEY REFERENCES jobs,
  n      bigint GENERATED ALWAYS AS IDENTITY,
  keys   text[] NOT NULL
);
CREATE INDEX lock_waiters_by_key ON lock_waiters USING gin (keys);

-- The highest time that the record's clock ever showed, per era; a jump back begins a new era. What was over once, in the era of
-- its making or a later one, stays over.
CREATE TABLE clock_eras (
  era     bigint PRIMARY KEY,
  highest timestamptz NOT NULL
);
INSERT INTO clock_eras VALUES (0, clock_timestamp());
ALTER TABLE jobs ADD COLUMN clock_era bigint NOT NULL DEFAULT 0;

CREATE FUNCTION clock_era() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public AS 'SELECT max(era) FROM public.clock_eras';
CREATE FUNCTION latest_time(since bigint) RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
  SET search_path = pg_catalog, public AS
  'SELECT greatest(clock_timestamp(), (SELECT max(highest) FROM public.clock_eras WHERE era >= since))';

-- Jobs that take or want a worker, by who asked: somebody with many of them stands behind somebody with few.
CREATE INDEX jobs_busy_by_requester ON jobs (requester_id)
  WHERE state IN ('planning', 'deferred', 'queued', 'running', 'rolling-back', 'unknown');

-- Ten steps within each urgency, one for each doubling of the requester's other busy jobs (counted up to 512).
CREATE FUNCTION message_priority(urgency integer, person_id text, own_id uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT urgency * 10 + least(9, floor(log(2.0, 1 + count(*)))::integer)
  FROM (SELECT 1 FROM public.jobs
        WHERE jobs.requester_id = person_id AND jobs.id <> own_id
          AND state IN ('planning', 'deferred', 'queued', 'running', 'rolling-back', 'unknown')
        LIMIT 512) AS busy
$$;
