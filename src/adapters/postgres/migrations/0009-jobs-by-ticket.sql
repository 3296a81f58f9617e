-- The list of jobs can be filtered by ticket; most jobs have none.
CREATE INDEX jobs_by_ticket ON jobs (ticket, id) WHERE ticket IS NOT NULL;
