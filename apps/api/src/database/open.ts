import type { Clock } from "watchword";
import type { Log } from "../log.ts";
import type { Database, DatabaseLocation } from "./database.ts";
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";

export type { Database, DatabaseLocation } from "./database.ts";

/**
 * Opens the store and brings its tables up to date.
 *
 * @throws ConfigurationError with one sentence when it cannot be used as it is.
 */
export function openDatabase(location: DatabaseLocation, clock: Clock, log?: Log): Promise<Database> {
  return location.store === "sqlite"
    ? openSqlite(location.folder, clock)
    : openPostgres(location, clock, log);
}
