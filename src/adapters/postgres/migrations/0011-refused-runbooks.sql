-- Folders that the workers refused to load, and why, so that people see it beside the catalogue.
CREATE TABLE refused_runbooks (
  id text NOT NULL,
  folder text NOT NULL,
  problems text NOT NULL,
  refused_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, folder)
);
