-- What workers saw of targets. Nothing is decided by it.
CREATE TABLE target_contacts (
  target_id uuid PRIMARY KEY REFERENCES targets ON DELETE CASCADE,
  seen_at   timestamptz,
  tried_at  timestamptz NOT NULL,
  code      text
);
-- No job begins on these targets before the end of their maintenance.
CREATE TABLE target_maintenance (
  target_id uuid PRIMARY KEY REFERENCES targets ON DELETE CASCADE,
  ends_at   timestamptz NOT NULL,
  by_name   text NOT NULL,
  reason    text NOT NULL,
  at        timestamptz NOT NULL DEFAULT now()
);
