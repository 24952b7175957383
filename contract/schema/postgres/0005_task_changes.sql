-- What happened to the tasks of a user, numbered from 1 for each user: live listeners read on from the number they know.
-- Writes of one owner happen one after another, so the numbers have neither gaps nor late comers.
CREATE TABLE api.task_changes (
  user_id    text COLLATE "C" NOT NULL CHECK (length(user_id) > 0),
  id         integer NOT NULL CHECK (id >= 1),
  task_id    integer NOT NULL,
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('created', 'updated', 'deleted')),
  changed_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, id)
);

ALTER TABLE api.task_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE api.task_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY own_task_changes ON api.task_changes
  USING (user_id = api.current_owner()) WITH CHECK (user_id = api.current_owner());
GRANT SELECT, INSERT, UPDATE, DELETE ON api.task_changes TO watchword_api;
