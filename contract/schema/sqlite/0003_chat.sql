-- One row is one conversation of a user with the assistant. `pending` is what the assistant asked last, as JSON.
CREATE TABLE conversations (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    TEXT NOT NULL CHECK (length(user_id) > 0),
  title      TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  pending    TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (user_id, id)
) STRICT;

CREATE INDEX conversations_by_owner_updated ON conversations (user_id, updated_at, id);

-- The owner stands in the foreign key: a message cannot be in a conversation of anyone else.
CREATE TABLE messages (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id         TEXT    NOT NULL CHECK (length(user_id) > 0),
  conversation_id INTEGER NOT NULL,
  role            TEXT    NOT NULL CHECK (role IN ('user', 'assistant')),
  content         TEXT    NOT NULL CHECK (length(content) BETWEEN 1 AND 20000),
  created_at      TEXT    NOT NULL,
  FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX messages_by_conversation ON messages (user_id, conversation_id, id);
