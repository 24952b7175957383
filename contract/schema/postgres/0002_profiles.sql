-- What the API knows of a user: made from the token's claims on first sight, changed by its owner afterwards.
CREATE TABLE api.profiles (
  id         text COLLATE "C" PRIMARY KEY CHECK (length(id) > 0),
  email      text COLLATE "C",
  name       text COLLATE "C",
  username   text COLLATE "C",
  created_at text COLLATE "C" NOT NULL,
  updated_at text COLLATE "C" NOT NULL
);

ALTER TABLE api.profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE api.profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY own_profile ON api.profiles
  USING (id = api.current_owner()) WITH CHECK (id = api.current_owner());
CREATE POLICY all_profiles ON api.profiles FOR SELECT USING (api.reads_all_owners());
GRANT SELECT, INSERT, UPDATE, DELETE ON api.profiles TO watchword_api;
