import { Pool } from "pg";
import { codeOf } from "./error-code.ts";
import { log } from "./log.ts";

/** How long a request waits for a free connection, in milliseconds. */
const connectionTimeoutMs = 5_000;

/** A pool whose connections may break at any time without ending the process: the next request opens new ones. */
export function openPool(url: string, size: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
    application_name: "watchword-web",
  });
  // Both are needed: an idle connection's error reaches the pool, a busy one's only the connection itself, and an
  // error event without a listener ends the process.
  pool.on("error", report);
  pool.on("connect", (client) => client.on("error", report));
  return pool;
}

/** Codes only: a message of the driver may name the user or the database. */
function report(error: Error): void {
  log("WARN", "watchword.database.connection_lost", { "error.type": codeOf(error) });
}
