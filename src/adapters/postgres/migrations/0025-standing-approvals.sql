-- Standing approvals are asked for, confirmed and signed as targets and the policy are.
ALTER TABLE admission_requests DROP CONSTRAINT admission_requests_kind_check;
ALTER TABLE admission_requests ADD CONSTRAINT admission_requests_kind_check
  CHECK (kind IN ('admit', 'enable', 'disable', 'revoke', 'admit-targets', 'remove-targets', 'admit-policy',
                  'approve-standing', 'withdraw-standing'));
ALTER TABLE subject_admissions DROP CONSTRAINT subject_admissions_subject_check;
ALTER TABLE subject_admissions ADD CONSTRAINT subject_admissions_subject_check
  CHECK (subject IN ('target', 'policy', 'standing'));

-- What authority made of each plan of a schedule with a standing approval: a grant (`jti`), or the reasons why people decide.
CREATE TABLE standing_judgements (
  job_id      uuid NOT NULL REFERENCES jobs,
  plan_digest text NOT NULL,
  schedule_id uuid NOT NULL REFERENCES schedules,
  instant     timestamptz NOT NULL,
  -- Digest of the envelope; NULL: there was none.
  envelope    text,
  changes     integer NOT NULL,
  jti         uuid REFERENCES grants,
  reasons     text NOT NULL DEFAULT '[]',
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (job_id, plan_digest),
  CONSTRAINT a_grant_is_under_an_envelope CHECK (jti IS NULL OR envelope IS NOT NULL)
);
-- An instant is used up by one grant: what drifts after it is for people.
CREATE UNIQUE INDEX one_standing_grant_an_instant ON standing_judgements (schedule_id, instant) WHERE jti IS NOT NULL;
CREATE INDEX standing_judgements_by_envelope ON standing_judgements (envelope) WHERE jti IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON standing_judgements FOR EACH STATEMENT EXECUTE FUNCTION append_only();
