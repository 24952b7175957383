import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { BetterAuthOptions } from "better-auth";
import { Kysely, PostgresDialect } from "kysely";
import { configuration } from "./configuration.ts";
import { prepareDatabaseFolder } from "./database-folder.ts";
import type { DatabaseSetting } from "./database-setting.ts";
import { openPool } from "./postgres-pool.ts";

/** What Better Auth takes as its database. */
export type AuthDatabase = NonNullable<BetterAuthOptions["database"]>;

/** The schema of Better Auth's tables in PostgreSQL; those of the API have their own. */
export const authSchema = "auth";

// On globalThis: reloads in development and separate server bundles must share one handle.
const shared = globalThis as typeof globalThis & { watchwordAuthDatabase?: AuthDatabase };

/**
 * The database of users and sessions, opened at first use.
 * @throws ConfigurationError when the folder of the embedded one cannot be written.
 */
export function authDatabase(): AuthDatabase {
  shared.watchwordAuthDatabase ??= openAuthDatabase(configuration().database);
  return shared.watchwordAuthDatabase;
}

function openAuthDatabase(setting: DatabaseSetting): AuthDatabase {
  if (setting.kind === "sqlite") return openSqlite(setting.folder);
  const db = new Kysely({ dialect: new PostgresDialect({ pool: openPool(setting.url, setting.poolSize) }) });
  // Every statement names the schema, so that no connection depends on a `search_path`, which poolers do not keep.
  return { db, type: "postgres", schemaName: authSchema, transaction: true };
}

export function openSqlite(folder: string): DatabaseSync {
  prepareDatabaseFolder(folder);
  const database = new DatabaseSync(path.join(folder, "auth.sqlite"));
  database.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
  );
  return database;
}
