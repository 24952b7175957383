-- One row is one task. `user_id` is the `sub` of the token that created it and never changes.
-- Timestamps are RFC 3339 text in UTC with exactly three decimals, so that their order is text order.
CREATE TABLE tasks (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id     TEXT    NOT NULL CHECK (length(user_id) > 0),
  title       TEXT    NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  description TEXT             CHECK (description IS NULL OR length(description) <= 2000),
  completed   INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
  version     INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at  TEXT    NOT NULL,
  updated_at  TEXT    NOT NULL
) STRICT;

-- Every list is read inside one owner, so each sort order has an index that starts with the owner.
CREATE INDEX tasks_by_owner_created ON tasks (user_id, created_at, id);
CREATE INDEX tasks_by_owner_updated ON tasks (user_id, updated_at, id);
CREATE INDEX tasks_by_owner_title   ON tasks (user_id, title, id);
