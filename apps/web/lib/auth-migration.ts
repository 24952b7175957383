import type { BetterAuthOptions } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { Kysely, PostgresDialect, sql } from "kysely";
import { ConfigurationError } from "watchword";
import { type AuthDatabase, authSchema, openSqlite } from "./auth-database.ts";
import type { DatabaseSetting } from "./database-setting.ts";
import { codeOf } from "./error-code.ts";
import { openPool } from "./postgres-pool.ts";

/** Number of the PostgreSQL advisory lock (`contract/defaults.json`); the API takes another one for its tables. */
export const migrationLock = 7_240_617_202n;

type OptionsFor = (database: AuthDatabase) => BetterAuthOptions;

/**
 * Creates or extends Better Auth's tables, by its own migrations. All of it is one transaction, and processes that start
 * at the same moment wait for each other.
 *
 * @throws ConfigurationError when PostgreSQL cannot be reached or does not let it be done.
 */
export function migrateAuthTables(setting: DatabaseSetting, optionsFor: OptionsFor): Promise<void> {
  return setting.kind === "sqlite"
    ? migrateSqlite(setting.folder, optionsFor)
    : migratePostgres(setting.url, optionsFor);
}

async function migrateSqlite(folder: string, optionsFor: OptionsFor): Promise<void> {
  const database = openSqlite(folder);
  try {
    database.exec("BEGIN IMMEDIATE");
    const { runMigrations } = await getMigrations(optionsFor(database));
    await runMigrations();
    database.exec("COMMIT");
  } finally {
    // Without the commit, closing rolls everything back.
    database.close();
  }
}

async function migratePostgres(url: string, optionsFor: OptionsFor): Promise<void> {
  const kysely = new Kysely({ dialect: new PostgresDialect({ pool: openPool(url, 1) }) });
  try {
    await kysely.transaction().execute(async (db) => {
      await sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`.execute(db);
      const options = optionsFor({ db, type: "postgres", schemaName: authSchema, transaction: false });
      const { runMigrations } = await getMigrations(options);
      await runMigrations();
    });
  } catch (error) {
    const code = codeOf(error);
    if (code === "unknown") throw error;
    throw new ConfigurationError(
      `The tables of users and sessions could not be prepared in PostgreSQL (${code}). Check that the server of DATABASE_URL runs, that it lets this user in, and that the user may create a schema there.`,
    );
  } finally {
    await kysely.destroy();
  }
}
