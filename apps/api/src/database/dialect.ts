import { NodeSqliteDialect } from "@better-auth/kysely-adapter/node-sqlite-dialect";
import { CompiledQuery, type Driver } from "kysely";

/**
 * Kysely on `node:sqlite`, with transactions that take the write lock at their start. A deferred `begin` that reads
 * first and writes later fails at once with "database is locked", whatever `busy_timeout` says.
 *
 * @see https://www.sqlite.org/lang_transaction.html
 */
export class ImmediateSqliteDialect extends NodeSqliteDialect {
  override createDriver(): Driver {
    const driver = super.createDriver();
    driver.beginTransaction = async (connection) => {
      await connection.executeQuery(CompiledQuery.raw("begin immediate"));
    };
    return driver;
  }
}
