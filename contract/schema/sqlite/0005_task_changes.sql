-- What happened to the tasks of a user, numbered from 1 for each user: live listeners read on from the number they know.
-- Writes of one owner happen one after another, so the numbers have neither gaps nor late comers.
CREATE TABLE task_changes (
  user_id    TEXT    NOT NULL CHECK (length(user_id) > 0),
  id         INTEGER NOT NULL CHECK (id >= 1),
  task_id    INTEGER NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('created', 'updated', 'deleted')),
  changed_at TEXT    NOT NULL,
  PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
