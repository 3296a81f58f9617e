-- A firing submits a job or a scan.
ALTER TABLE schedule_firings ADD COLUMN scan_id uuid UNIQUE REFERENCES scans;
ALTER TABLE schedule_firings DROP CONSTRAINT a_firing_has_a_job_or_a_cause;
ALTER TABLE schedule_firings ADD CONSTRAINT a_firing_has_what_it_made_or_a_cause CHECK (
  num_nonnulls(job_id, scan_id) = (CASE outcome WHEN 'submitted' THEN 1 ELSE 0 END)
  AND (outcome = 'missed') = (cause IS NOT NULL));
