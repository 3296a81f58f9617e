-- Targets and the policy count in production only as two people admitted them. The requests of 0014 carry these too.
ALTER TABLE admission_requests RENAME COLUMN runbook_id TO about;
ALTER TABLE admission_requests DROP CONSTRAINT admission_requests_kind_check;
ALTER TABLE admission_requests ADD CONSTRAINT admission_requests_kind_check
  CHECK (kind IN ('admit', 'enable', 'disable', 'revoke', 'admit-targets', 'remove-targets', 'admit-policy'));
-- The digest is one of the targets or of the policy too, whose bytes are in `content`.
ALTER TABLE admission_requests DROP CONSTRAINT admission_requests_content_digest_fkey;
ALTER TABLE admission_requests ADD COLUMN content text;

-- What authority signed about a target or the policy. The newest statement about it that verifies is the one that counts.
CREATE TABLE subject_admissions (
  n          bigint GENERATED ALWAYS AS IDENTITY,
  id         uuid PRIMARY KEY,
  subject    text NOT NULL CHECK (subject IN ('target', 'policy')),
  subject_id text NOT NULL,
  -- The form that is admitted: the target or the policy. What it says counts where its digest is the one that was signed.
  content    text,
  bytes      text NOT NULL,
  signature  text NOT NULL,
  kid        text NOT NULL,
  signed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX admissions_of_a_subject ON subject_admissions (subject, subject_id, n);
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON subject_admissions FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What was judged stays judged: a decision that was set back to pending would be carried out again, after a revocation too.
CREATE FUNCTION judged_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'it was judged before' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER judged_once BEFORE UPDATE ON admission_requests FOR EACH ROW
  WHEN (OLD.status IN ('done', 'refused') OR NEW.status = 'new') EXECUTE FUNCTION judged_once();
CREATE TRIGGER judged_once BEFORE UPDATE ON admission_votes FOR EACH ROW
  WHEN (OLD.status <> 'pending' OR NEW.status = 'pending') EXECUTE FUNCTION judged_once();
-- The time at which it is written, not that at which a transaction began.
ALTER TABLE admission_requests ALTER COLUMN requested_at SET DEFAULT clock_timestamp();
ALTER TABLE admission_votes ALTER COLUMN decided_at SET DEFAULT clock_timestamp();
