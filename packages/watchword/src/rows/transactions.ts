import { type Kysely, sql } from "kysely";

/** A connection without the types of its tables, which the handle gives to its callers. */
export type Connection = Kysely<Record<string, Record<string, unknown>>>;

export type Dialect = "sqlite" | "postgres";

/** What a transaction may do, and as whom. */
export interface TransactionOptions {
  readonly dialect: Dialect;
  readonly access: "read" | "write";
  /** `null` for a reader who owns nothing. */
  readonly owner: string | null;
  readonly allOwners: boolean;
  /** The PostgreSQL role of the transaction; `null` for the role of the login. */
  readonly role: string | null;
}

/**
 * Runs the work in one transaction. Writes of one owner happen one after another, so that a value read in one is still
 * there when it is written: SQLite takes its write lock at the start, PostgreSQL a lock of the owner.
 *
 * PostgreSQL may give up a transaction because of others (`40001`, `40P01`); it is then tried once more, work and all.
 */
export async function transact<Result>(
  kysely: Connection,
  options: TransactionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (options.dialect === "sqlite") return transactOnSqlite(kysely, options, work);
  try {
    return await transactOnPostgres(kysely, options, work);
  } catch (error) {
    if (!wasGivenUp(error)) throw error;
    return transactOnPostgres(kysely, options, work);
  }
}

/** @see https://www.sqlite.org/lang_transaction.html */
function transactOnSqlite<Result>(
  kysely: Connection,
  { access }: TransactionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return kysely.connection().execute(async (connection) => {
    await (access === "write" ? sql`begin immediate` : sql`begin`).execute(connection);
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      // Some faults (a full disk, for one) have ended the transaction already.
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

function transactOnPostgres<Result>(
  kysely: Connection,
  options: TransactionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const transaction = kysely.transaction().setIsolationLevel("read committed");
  // A writing one does not say so: where the server is set to read only, that has to hold.
  return (options.access === "read" ? transaction.setAccessMode("read only") : transaction).execute(
    async (connection) => {
      await identify(connection, options);
      return work(connection);
    },
  );
}

/** Says who acts, to the end of the transaction and no longer (`set_config(…, true)` is `SET LOCAL`). */
async function identify(
  transaction: Connection,
  { access, owner, allOwners, role }: TransactionOptions,
): Promise<void> {
  const as = role === null ? sql`` : sql`, set_config('role', ${role}, true)`;
  const lock =
    access === "write" && owner !== null
      ? sql`, pg_advisory_xact_lock(hashtextextended(${owner}, 0))`
      : sql``;
  await sql`select set_config('watchword.owner', ${owner ?? ""}, true),
    set_config('watchword.all_owners', ${allOwners ? "on" : "off"}, true)${as}${lock}`.execute(transaction);
}

function wasGivenUp(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "40001" || code === "40P01";
}
