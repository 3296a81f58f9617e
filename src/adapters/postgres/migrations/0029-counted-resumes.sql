-- A resume that needs more than one approver counts, and ends nothing, before enough of them have signed the same.
ALTER TABLE rollout_decisions DROP CONSTRAINT rollout_decisions_status_check;
ALTER TABLE rollout_decisions ADD CONSTRAINT rollout_decisions_status_check
  CHECK (status IN ('pending', 'counted', 'accepted', 'refused'));
