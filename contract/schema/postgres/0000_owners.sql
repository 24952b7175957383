-- The tables of the API have a schema of their own, beside those of Better Auth.
CREATE SCHEMA IF NOT EXISTS api;

-- Every transaction of the API takes this role, which owns nothing and is bound by row-level security. Roles belong to the
-- whole server, so another database may have made it already, perhaps at this moment. A login that may not make roles needs
-- it made and granted beforehand: CREATE ROLE watchword_api NOLOGIN; GRANT watchword_api TO <login>.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'watchword_api') THEN
    BEGIN
      CREATE ROLE watchword_api NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  BEGIN
    GRANT watchword_api TO CURRENT_USER;
  EXCEPTION
    WHEN insufficient_privilege THEN
      IF NOT pg_has_role(CURRENT_USER, 'watchword_api', 'MEMBER') THEN RAISE; END IF;
  END;
END
$$;
GRANT USAGE ON SCHEMA api TO watchword_api;

-- Whose rows the transaction may touch. After a transaction the setting is '' rather than absent.
CREATE FUNCTION api.current_owner() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('watchword.owner', true), '');

-- Whether the transaction may read the rows of all owners, where a table allows that at all.
CREATE FUNCTION api.reads_all_owners() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('watchword.all_owners', true) = 'on', false);
