-- Each move of a job reads its decisions, and a restore its grants; the partial index on decisions leaves out the refused ones.
CREATE INDEX decisions_by_job ON decisions (job_id, decided_at);
CREATE INDEX grants_by_job ON grants (job_id);
