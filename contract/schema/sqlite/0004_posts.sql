-- One row is one post. Everyone may read it unless it is private; its owner alone changes it.
CREATE TABLE posts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    TEXT    NOT NULL CHECK (length(user_id) > 0),
  title      TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  body       TEXT    NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
  is_private INTEGER NOT NULL DEFAULT 0 CHECK (is_private IN (0, 1)),
  created_at TEXT    NOT NULL,
  updated_at TEXT    NOT NULL
) STRICT;

CREATE INDEX posts_by_owner_created  ON posts (user_id, created_at, id);
CREATE INDEX posts_public_by_created ON posts (created_at, id) WHERE is_private = 0;
