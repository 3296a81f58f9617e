-- A job of a batch stands behind those before it in the batch: they count as busy jobs of its requester too.
DROP FUNCTION message_priority(integer, text, uuid);
CREATE FUNCTION message_priority(urgency integer, person_id text, own_id uuid, ahead integer DEFAULT 0) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT urgency * 10 + least(9, floor(log(2.0, 1 + ahead + count(*)))::integer)
  FROM (SELECT 1 FROM public.jobs
        WHERE jobs.requester_id = person_id AND jobs.id <> own_id
          AND state IN ('planning', 'deferred', 'queued', 'running', 'rolling-back', 'unknown')
        LIMIT 512) AS busy
$$;
