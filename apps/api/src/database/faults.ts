/**
 * Primary result codes of SQLite that time or an operator can cure: PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL,
 * CANTOPEN, NOTADB.
 *
 * @see https://www.sqlite.org/rescode.html
 */
const curableResultCodes = [3, 5, 6, 8, 10, 11, 13, 14, 26];

/**
 * The same of PostgreSQL: connections (08), resources (53), shutdown and start (57P0x), the system (58); a read-only server,
 * a transaction that stood still, a refused login, no such database or one that takes no connections, a
 * transaction given up for others, a lock or a statement that took too long.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const curableState = /^(?:08|53|57P0|58)|^(?:25006|25P03|28000|28P01|3D000|40001|40P01|55000|55P03|57014)$/;

/** What the driver says of its connections without a code. */
const lostConnection =
  /^(?:timeout ex(?:ceeded|pired)|Connection terminated|Query read timeout|Client (?:has encountered a connection error|was closed)|Cannot use a pool after|driver has already been destroyed)/;

const socketCalls = ["connect", "read", "write", "getaddrinfo"];

/** Whether the error says that the database cannot be used now, rather than that a statement is wrong. */
export function isDatabaseUnavailable(error: Error): boolean {
  // Every address of the server's name was tried.
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  if (!("code" in error) || typeof error.code !== "string") return lostConnection.test(error.message);
  if (error.code === "ERR_INVALID_STATE") return true;
  if (error.code === "ERR_SQLITE_ERROR" && "errcode" in error) {
    return curableResultCodes.includes(Number(error.errcode) & 0xff);
  }
  if ("syscall" in error) return socketCalls.includes(String(error.syscall));
  return error.code.length === 5 && curableState.test(error.code);
}
