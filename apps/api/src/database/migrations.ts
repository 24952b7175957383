import { readdirSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { ClientBase } from "pg";
import { ConfigurationError } from "watchword";

/** The SQL files that both backends apply, in name order. */
const schemaFolder = new URL("../../../../contract/schema/", import.meta.url);

/** Held by every process that brings the tables in PostgreSQL up to date, of whichever backend. */
const postgresMigrationLock = 7_240_617_201;

/** The ledger of the project under its earlier name, whose tables are not migrated. */
const earlierLedger = `${["counter", "sign"].join("")}_migrations`;

/**
 * Applies every SQL file that the ledger does not name yet, all or nothing. The write lock is held throughout, so that
 * processes that start together (of either backend) apply each file once.
 *
 * @param appliedAt RFC 3339 text in UTC that the ledger keeps.
 * @returns the names that were applied now, without `.sql`.
 * @throws ConfigurationError for a database of the project's earlier name.
 */
export function migrateSqlite(
  database: DatabaseSync,
  appliedAt: string,
  folder: URL = new URL("sqlite/", schemaFolder),
): string[] {
  database.exec("BEGIN IMMEDIATE");
  try {
    refuseEarlierSqlite(database);
    database.exec(
      "CREATE TABLE IF NOT EXISTS watchword_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT",
    );
    const applied = database.prepare("SELECT name FROM watchword_migrations").all();
    const pending = pendingIn(folder, applied);
    for (const { name, sql } of pending) {
      database.exec(sql);
      database
        .prepare("INSERT INTO watchword_migrations (name, applied_at) VALUES (?, ?)")
        .run(name, appliedAt);
    }
    database.exec("COMMIT");
    return pending.map(({ name }) => name);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** As {@link migrateSqlite}, in one transaction under an advisory lock. What exists is not made again, as that takes rights. */
export async function migratePostgres(
  client: ClientBase,
  appliedAt: string,
  folder: URL = new URL("postgres/", schemaFolder),
): Promise<string[]> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [postgresMigrationLock]);
    await refuseEarlierPostgres(client);
    const { rows: ledger } = await client.query(
      "SELECT 1 FROM pg_tables WHERE schemaname = 'api' AND tablename = 'watchword_migrations'",
    );
    if (ledger.length === 0) {
      await client.query("CREATE SCHEMA IF NOT EXISTS api");
      await client.query(
        "CREATE TABLE api.watchword_migrations (name text PRIMARY KEY, applied_at text NOT NULL)",
      );
    }
    const { rows: applied } = await client.query("SELECT name FROM api.watchword_migrations");
    const pending = pendingIn(folder, applied);
    for (const { name, sql } of pending) {
      await client.query(sql);
      await client.query("INSERT INTO api.watchword_migrations (name, applied_at) VALUES ($1, $2)", [
        name,
        appliedAt,
      ]);
    }
    await client.query("COMMIT");
    return pending.map(({ name }) => name);
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function refuseEarlierSqlite(database: DatabaseSync): void {
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = ?").get(earlierLedger) === undefined) return;
  throw new ConfigurationError(
    `The database ${database.location() ?? ""} was made under the project's earlier name. Remove the folder that it lies in, or point DATABASE_URL at another one.`,
  );
}

async function refuseEarlierPostgres(client: ClientBase): Promise<void> {
  const tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'api' AND tablename = $1";
  if ((await client.query(tables, [earlierLedger])).rows.length === 0) return;
  throw new ConfigurationError(
    "The database of DATABASE_URL was made under the project's earlier name. Drop its schemas api and auth, or point DATABASE_URL at another database.",
  );
}

interface Migration {
  name: string;
  sql: string;
}

function pendingIn(folder: URL, applied: readonly Record<string, unknown>[]): Migration[] {
  const known = new Set(applied.map(({ name }) => name));
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .filter((name) => !known.has(name))
    .sort()
    .map((name) => ({ name, sql: readFileSync(new URL(`${name}.sql`, folder), "utf8") }));
}
