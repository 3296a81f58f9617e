-- Nudges are sent after the commit, by the process that wrote: NOTIFY in a transaction holds a lock of the whole server across the
-- flush of the WAL. The relay looks for audit events by itself.
DROP TRIGGER notify_job ON job_events;
DROP TRIGGER notify_outbox ON outbox;
DROP TRIGGER notify_audit ON audit_events;
DROP FUNCTION notify_job();
