-- The salt of a job is part of each digest over its values that stands in the audit log: the values can be erased, and nobody can find
-- them again by trying. `subjects` is what the job is about, to search by.
ALTER TABLE jobs ADD COLUMN salt text CHECK (salt ~ '^[0-9a-f]{32}$');
ALTER TABLE jobs ADD COLUMN subjects text;
ALTER TABLE jobs ADD COLUMN erased_at timestamptz;
-- Of jobs from before: their JSON, in which names of members can be found too.
UPDATE jobs SET subjects = lower(left(parameters || coalesce(findings, ''), 16384));
CREATE INDEX decisions_by_person ON decisions (person_id, job_id);
