-- The job that this one is the next step of.
ALTER TABLE jobs ADD COLUMN follows uuid REFERENCES jobs;
