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

/** A table of the plugin under the project's earlier name: sessions there end by rules that nothing here follows. */
const earlierTable = `${["counter", "sign"].join("")}Revocation`;

type OptionsFor = (database: AuthDatabase) => BetterAuthOptions;

/**
 * Creates or extends Better Auth's tables, by its own migrations. All of it is one transaction, and processes that start
 * at the same moment wait for each other.
 *
 * @throws ConfigurationError when PostgreSQL cannot be reached or does not let it be done, and for tables of the project's
 *   earlier name.
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
    if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(earlierTable) !== undefined) {
      throw new ConfigurationError(
        `The database ${database.location() ?? ""} was made under the project's earlier name. Remove the folder that it lies in, or point DATABASE_URL at another one.`,
      );
    }
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
      const tables = sql`select 1 from pg_tables where schemaname = ${authSchema} and tablename = ${earlierTable}`;
      if ((await tables.execute(db)).rows.length > 0) {
        throw new ConfigurationError(
          "The database of DATABASE_URL was made under the project's earlier name. Drop its schemas api and auth, or point DATABASE_URL at another database.",
        );
      }
      const options = optionsFor({ db, type: "postgres", schemaName: authSchema, transaction: false });
      const { runMigrations } = await getMigrations(options);
      await runMigrations();
    });
  } catch (error) {
    const code = codeOf(error);
    if (code === "unknown" || error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(
      `The tables of users and sessions could not be prepared in PostgreSQL (${code}). Check that the server of DATABASE_URL runs, that it lets this user in, and that the user may create a schema there.`,
    );
  } finally {
    await kysely.destroy();
  }
}
