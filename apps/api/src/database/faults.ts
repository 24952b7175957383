/**
 * Primary result codes of SQLite that time or an operator can cure: PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL,
 * CANTOPEN, NOTADB.
 *
 * @see https://www.sqlite.org/rescode.html
 */
const curableResultCodes = [3, 5, 6, 8, 10, 11, 13, 14, 26];

/** Whether the error says that the database cannot be used now, rather than that a statement is wrong. */
export function isDatabaseUnavailable(error: Error): boolean {
  if (!("code" in error)) return false;
  if (error.code === "ERR_INVALID_STATE") return true;
  if (error.code !== "ERR_SQLITE_ERROR" || !("errcode" in error)) return false;
  return curableResultCodes.includes(Number(error.errcode) & 0xff);
}
