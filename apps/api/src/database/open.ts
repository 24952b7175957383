import type { Clock } from "watchword";
import type { Log } from "../log.ts";
import type { Owned } from "./owned.ts";
import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";

/** The store behind the API, whichever it is. */
export interface Database {
  readonly owned: Owned;
  /** Asks the store for something, and throws what it throws. */
  ping(): Promise<void>;
  /** Lets running statements end, then closes every connection. */
  close(): Promise<void>;
}

/** Where the rows are. */
export type DatabaseLocation =
  | { readonly store: "sqlite" /** Absolute. */; readonly folder: string }
  | {
      readonly store: "postgres";
      readonly url: string /** Connections at once. */;
      readonly poolSize: number;
    };

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
