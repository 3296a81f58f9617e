-- A filter over the inventory under a name. It is read when a rollout or a scan is submitted, whose list is frozen then.
CREATE TABLE selections (
  id       uuid PRIMARY KEY,
  name     text NOT NULL UNIQUE,
  body     text NOT NULL,
  revision bigint NOT NULL DEFAULT 1
);
