-- What the API knows of a user: made from the token's claims on first sight, changed by its owner afterwards.
CREATE TABLE profiles (
  id         TEXT PRIMARY KEY CHECK (length(id) > 0),
  email      TEXT,
  name       TEXT,
  username   TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
