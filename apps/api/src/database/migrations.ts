import { readdirSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** The SQL files that both backends apply, in name order. */
const migrationFolder = new URL("../../../../contract/schema/sqlite/", import.meta.url);

const ledger = `CREATE TABLE IF NOT EXISTS countersign_migrations (
  name TEXT PRIMARY KEY, applied_at TEXT NOT NULL
) STRICT`;

/**
 * Applies every SQL file that the ledger does not name yet, all or nothing. The write lock is held throughout, so that
 * processes that start together (of either backend) apply each file once.
 *
 * @param appliedAt RFC 3339 text in UTC that the ledger keeps.
 * @returns the names that were applied now, without `.sql`.
 */
export function migrate(database: DatabaseSync, appliedAt: string, folder: URL = migrationFolder): string[] {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(ledger);
    const pending = namesIn(folder).filter((name) => !isApplied(database, name));
    for (const name of pending) {
      database.exec(readFileSync(new URL(`${name}.sql`, folder), "utf8"));
      database
        .prepare("INSERT INTO countersign_migrations (name, applied_at) VALUES (?, ?)")
        .run(name, appliedAt);
    }
    database.exec("COMMIT");
    return pending;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function namesIn(folder: URL): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .sort();
}

function isApplied(database: DatabaseSync, name: string): boolean {
  return database.prepare("SELECT 1 FROM countersign_migrations WHERE name = ?").get(name) !== undefined;
}
