-- The rollback of a rollout is a rollout whose items are rollbacks of items of the other one, and nothing else.
ALTER TABLE rollouts ADD COLUMN rollback_of uuid REFERENCES rollouts;
-- The items of the other one that stay as they are, each with its code: canonical JSON.
ALTER TABLE rollouts ADD COLUMN left_out text CHECK (jsonb_typeof(left_out::jsonb) = 'array');
ALTER TABLE rollouts ADD CONSTRAINT a_rollback_says_what_it_leaves CHECK ((rollback_of IS NULL) = (left_out IS NULL));
ALTER TABLE rollouts ADD CONSTRAINT a_rollback_repeats_nothing CHECK (rollback_of IS NULL OR retry_of IS NULL);
CREATE INDEX rollouts_by_undone ON rollouts (rollback_of) WHERE rollback_of IS NOT NULL;
-- What a job made is put back once in one rollout.
CREATE UNIQUE INDEX one_rollback_an_item ON jobs (rollout, rollback_of) WHERE rollout IS NOT NULL AND rollback_of IS NOT NULL;

-- An ended rollout alone is rolled back, with its version of the runbook.
CREATE FUNCTION a_rollback_undoes_what_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF public.is_process(session_user) AND NOT EXISTS (
    SELECT 1 FROM public.rollouts AS undone
    WHERE undone.id = NEW.rollback_of AND undone.status = 'ended' AND undone.rollback_of IS NULL
      AND undone.content_digest = NEW.content_digest) THEN
    RAISE EXCEPTION 'the rollout cannot be rolled back' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER a_rollback_undoes_what_ended BEFORE INSERT ON rollouts FOR EACH ROW
  WHEN (NEW.rollback_of IS NOT NULL) EXECUTE FUNCTION a_rollback_undoes_what_ended();

CREATE FUNCTION an_item_is_of_its_kind() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  undone uuid := (SELECT rollback_of FROM public.rollouts WHERE id = NEW.rollout);
BEGIN
  IF public.is_process(session_user) AND NOT (CASE
    WHEN undone IS NULL THEN NEW.kind = 'remediation'
    ELSE NEW.kind = 'rollback-of' AND EXISTS (
      SELECT 1 FROM public.jobs AS original
      WHERE original.id = NEW.rollback_of AND original.rollout = undone AND original.content_digest = NEW.content_digest
        AND original.target_digest = NEW.target_digest AND original.parameters = NEW.parameters
        AND original.salt IS NOT DISTINCT FROM NEW.salt)
    END) THEN
    RAISE EXCEPTION 'the job is of another kind than its rollout' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_item_is_of_its_kind AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.rollout IS NOT NULL) EXECUTE FUNCTION an_item_is_of_its_kind();
