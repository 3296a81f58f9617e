-- When a job may begin to change something, and the firing of a schedule that it comes from. Both are part of the request.
ALTER TABLE jobs
  ADD COLUMN window_from      timestamptz,
  ADD COLUMN window_to        timestamptz,
  ADD COLUMN schedule_id      uuid,
  ADD COLUMN schedule_instant timestamptz,
  ADD CONSTRAINT a_window_has_two_ends CHECK ((window_from IS NULL) = (window_to IS NULL) AND window_from < window_to),
  ADD CONSTRAINT a_firing_has_an_instant CHECK ((schedule_id IS NULL) = (schedule_instant IS NULL));
