import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { configuration } from "./configuration.ts";
import { prepareDatabaseFolder } from "./database-folder.ts";

// On globalThis: reloads in development and separate server bundles must share one handle.
const shared = globalThis as typeof globalThis & { countersignAuthDatabase?: DatabaseSync };

/**
 * The embedded database of users and sessions, opened at first use.
 * @throws ConfigurationError when its folder cannot be written.
 */
export function authDatabase(): DatabaseSync {
  shared.countersignAuthDatabase ??= open();
  return shared.countersignAuthDatabase;
}

function open(): DatabaseSync {
  const { databaseFolder } = configuration();
  prepareDatabaseFolder(databaseFolder);
  const database = new DatabaseSync(path.join(databaseFolder, "auth.sqlite"));
  database.exec(
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
  );
  return database;
}
