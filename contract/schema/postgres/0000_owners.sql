-- The tables of the API have a schema of their own, beside those of Better Auth.
CREATE SCHEMA IF NOT EXISTS api;

-- Every transaction of the API takes this role, which owns nothing and is bound by row-level security. Roles belong to the
-- whole server, so another database may have made it already, perhaps at this moment. A login that may not make roles needs
-- it made and granted beforehand: CREATE ROLE countersign_api NOLOGIN; GRANT countersign_api TO <login>.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_api') THEN
    BEGIN
      CREATE ROLE countersign_api NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  BEGIN
    GRANT countersign_api TO CURRENT_USER;
  EXCEPTION
    WHEN insufficient_privilege THEN
      IF NOT pg_has_role(CURRENT_USER, 'countersign_api', 'MEMBER') THEN RAISE; END IF;
  END;
END
$$;
GRANT USAGE ON SCHEMA api TO countersign_api;

-- Whose rows the transaction may touch. After a transaction the setting is '' rather than absent.
CREATE FUNCTION api.current_owner() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('countersign.owner', true), '');

-- Whether the transaction may read the rows of all owners, where a table allows that at all.
CREATE FUNCTION api.reads_all_owners() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('countersign.all_owners', true) = 'on', false);
