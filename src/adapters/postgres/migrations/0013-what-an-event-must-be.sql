-- The contract of an audit event: canonical, of an action that its writer writes, about a job and a target that are there. An event that
-- breaks it would stand in the chain for ever, and true tampering would drown among such events.

-- Filled from the table of the product at each migration.
CREATE TABLE allowed_events (
  action text NOT NULL,
  writer text NOT NULL,
  PRIMARY KEY (action, writer)
);

-- RFC 8785 for what events hold: text, numbers without an exponent, true, false and null, in objects and lists, under names in ASCII.
-- Only objects and lists within cost a further call.
CREATE FUNCTION canonical_json(value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public AS $$
BEGIN
  IF jsonb_typeof(value) = 'object' THEN
    RETURN '{' || coalesce((
      SELECT string_agg(to_json(key)::text || ':' || CASE jsonb_typeof(member)
               WHEN 'object' THEN public.canonical_json(member)
               WHEN 'array' THEN public.canonical_json(member)
               WHEN 'number' THEN trim_scale(member::numeric)::text
               ELSE member::text END, ',' ORDER BY key COLLATE "C")
      FROM jsonb_each(value) AS each (key, member)), '') || '}';
  END IF;
  IF jsonb_typeof(value) = 'array' THEN
    RETURN '[' || coalesce((
      SELECT string_agg(CASE jsonb_typeof(member)
               WHEN 'object' THEN public.canonical_json(member)
               WHEN 'array' THEN public.canonical_json(member)
               WHEN 'number' THEN trim_scale(member::numeric)::text
               ELSE member::text END, ',' ORDER BY n)
      FROM jsonb_array_elements(value) WITH ORDINALITY AS each (member, n)), '') || ']';
  END IF;
  RETURN value::text;
END $$;

CREATE OR REPLACE FUNCTION audit_append(entry text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  parsed jsonb := entry::jsonb;
  about uuid := (parsed->>'job')::uuid;
  number bigint;
BEGIN
  -- The members of an event are known, so that only `data` has to be looked through. Another member, or one that is missing, gives another text.
  IF ('{"action":' || (parsed->'action')::text
      || ',"actor":{"id":' || (parsed->'actor'->'id')::text || ',"name":' || (parsed->'actor'->'name')::text
      || ',"roles":' || replace((parsed->'actor'->'roles')::text, '", "', '","') || ',"type":' || (parsed->'actor'->'type')::text
      || '},"at":' || (parsed->'at')::text || ',"data":' || public.canonical_json(parsed->'data') || ',"eventId":' || (parsed->'eventId')::text
      || ',"job":' || (parsed->'job')::text || ',"outcome":' || (parsed->'outcome')::text || ',"target":' || (parsed->'target')::text
      || ',"v":1}') IS DISTINCT FROM entry THEN
    RAISE EXCEPTION 'the audit event is not in canonical form' USING ERRCODE = 'check_violation';
  END IF;
  IF public.is_process(session_user) THEN
    IF NOT EXISTS (SELECT 1 FROM public.allowed_events WHERE action = parsed->>'action' AND writer = session_user) THEN
      RAISE EXCEPTION '% does not write the event %', session_user, parsed->>'action' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A submission is written by the statement that makes its job, which cannot see it yet: it is looked at when that commits.
    IF about IS NOT NULL AND parsed->>'action' <> 'job.submitted' AND NOT EXISTS (
      SELECT 1 FROM public.jobs WHERE id = about AND target_id = (parsed->>'target')::uuid) THEN
      RAISE EXCEPTION 'the audit event is about no job' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  INSERT INTO public.audit_events (event_id, job_id, actor_id, action, writer, bytes)
  VALUES ((parsed->>'eventId')::uuid, about, parsed->'actor'->>'id', parsed->>'action', session_user, entry)
  RETURNING n INTO number;
  INSERT INTO public.audit_unchained VALUES (number);
END $$;

-- One submission a job, by who asks for it.
CREATE UNIQUE INDEX one_submission_a_job ON audit_events (job_id) WHERE action = 'job.submitted' AND writer = 'fixpoint_api';
CREATE FUNCTION a_submission_has_its_job() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.jobs WHERE id = NEW.job_id AND requester_id = NEW.actor_id) THEN
    RAISE EXCEPTION 'the audit event is about no job of this requester' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_submission_has_its_job AFTER INSERT ON audit_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.action = 'job.submitted' AND NEW.writer = 'fixpoint_api') EXECUTE FUNCTION a_submission_has_its_job();

-- And one job a submission: a job that a process inserts commits with the event that says who asked for it.
CREATE FUNCTION a_job_has_its_submission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NOT EXISTS (
    SELECT 1 FROM public.audit_events
    WHERE job_id = NEW.id AND action = 'job.submitted' AND actor_id = NEW.requester_id) THEN
    RAISE EXCEPTION 'a job needs the audit event of its submission' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_job_has_its_submission AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION a_job_has_its_submission();

-- The only way to a token for a process: it is issued together with the event that says so.
CREATE FUNCTION issue_token(token_id text, of_person text, of_kind text, secret text, made timestamptz, over timestamptz, entry text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE said jsonb := entry::jsonb;
BEGIN
  IF (said->>'action', said->'data'->>'token', said->'data'->>'person', said->'data'->>'kind')
     IS DISTINCT FROM ('token.issued', token_id, of_person, of_kind) THEN
    RAISE EXCEPTION 'the audit event is not that of this token' USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO public.tokens (id, person, kind, secret_sha256, created_at, expires_at)
  VALUES (token_id, of_person, of_kind, secret, made, over);
  PERFORM public.audit_append(entry);
END $$;
