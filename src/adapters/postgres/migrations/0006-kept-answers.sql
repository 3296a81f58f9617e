-- What a request with this key was answered, where the thing it made may be changed or removed before a repeat.
ALTER TABLE idempotency_keys ADD COLUMN answer text;
ALTER TABLE idempotency_keys ADD CONSTRAINT job_or_answer CHECK ((job_id IS NULL) <> (answer IS NULL));
