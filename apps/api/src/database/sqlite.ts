import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";
import { Kysely, sql } from "kysely";
import { type Clock, ConfigurationError } from "watchword";
import { timestamp } from "../timestamp.ts";
import type { Database } from "./database.ts";
import { migrateSqlite } from "./migrations.ts";
import { ownTables } from "./owned.ts";
import type { Tables } from "./tables.ts";

const busyTimeoutMilliseconds = 5000;
const busyPauseMilliseconds = 20;

/**
 * Opens `api.sqlite` in the folder, makes what is missing of either, and brings its tables up to date. There is one
 * connection, whose statements run one after another.
 *
 * @throws ConfigurationError when the folder or the file cannot be read and written.
 */
export async function openSqlite(folder: string, clock: Clock): Promise<Database> {
  const file = openFile(folder);
  try {
    useWriteAheadLog(file);
    file.exec("PRAGMA synchronous = FULL");
    migrateSqlite(file, timestamp(clock));
  } catch (error) {
    file.close();
    throw error;
  }
  return databaseIn(file);
}

/** The store in an open file whose tables are there. */
export async function databaseIn(file: DatabaseSync): Promise<Database> {
  const kysely = new Kysely<Tables>({ dialect: new NodeSqliteDialect({ database: file }) });
  // Kysely closes a connection only when it has used it.
  await kysely.connection().execute(async () => undefined);
  return {
    owned: ownTables(kysely, { dialect: "sqlite" }),
    ping: async () => void (await sql`select id from tasks limit 1`.execute(kysely)),
    close: () => kysely.destroy(),
  };
}

function openFile(folder: string): DatabaseSync {
  const file = join(folder, "api.sqlite");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const database = new DatabaseSync(file, {
      timeout: busyTimeoutMilliseconds,
      enableForeignKeyConstraints: true,
    });
    database.exec("PRAGMA user_version");
    accessSync(file, constants.R_OK | constants.W_OK);
    return database;
  } catch {
    throw new ConfigurationError(
      `The database folder ${folder} cannot be used: make it readable and writable, or point DATABASE_URL at another folder.`,
    );
  }
}

/**
 * WAL is a property of the file and is set once. SQLite does not wait out `busy_timeout` for this switch, so processes
 * that open a new file together try again until one of them has done it.
 *
 * @see https://www.sqlite.org/wal.html
 */
function useWriteAheadLog(database: DatabaseSync): void {
  const attempts = busyTimeoutMilliseconds / busyPauseMilliseconds;
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyPauseMilliseconds);
    }
  }
}
