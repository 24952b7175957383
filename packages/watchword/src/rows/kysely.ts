import type {
  DeleteQueryBuilder,
  DeleteResult,
  Insertable,
  InsertQueryBuilder,
  InsertResult,
  Kysely,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  UpdateResult,
} from "kysely";
import {
  type AllOwnersTable,
  type Declarations,
  type DeclaredTable,
  declaredTables,
  type OwnedDatabase,
  type VisibleTable,
} from "./declarations.ts";
import { MissingOwner } from "./missing-owner.ts";
import type { Reach } from "./owner-scope.ts";
import { statementsOf, writingStatementsOf } from "./statements.ts";
import { type Connection, type Dialect, type TransactionOptions, transact } from "./transactions.ts";

export type { Declaration, Declarations, OwnedDatabase, OwnedTable } from "./declarations.ts";
export { MissingOwner } from "./missing-owner.ts";
export type { Dialect } from "./transactions.ts";

export interface OwnedTablesOptions {
  readonly dialect: Dialect;
  /** The schema of the tables, for PostgreSQL. */
  readonly schema?: string;
  /** The role that every transaction takes on PostgreSQL: one that owns no table and is bound by row-level security. */
  readonly role?: string;
}

/** What a statement gives back before it says what it selects. */
type Unselected = Record<never, never>;

/** Statements of a reader who may own nothing. */
export interface AnyoneReader<Database, Visible extends keyof Database> {
  /** Reads rows that anyone may read, and the reader's own ones if there is an owner. */
  selectVisible<Table extends Visible & string>(
    table: Table,
  ): SelectQueryBuilder<Database, Table, Unselected>;
}

/** Statements that read the rows of one owner. */
export interface OwnedReader<Database, Visible extends keyof Database>
  extends AnyoneReader<Database, Visible> {
  readonly owner: string;
  select<Table extends keyof Database & string>(
    table: Table,
  ): SelectQueryBuilder<Database, Table, Unselected>;
}

/** Statements that read and change the rows of one owner. */
export interface OwnedWriter<Database, Visible extends keyof Database>
  extends OwnedReader<Database, Visible> {
  /** Inserts one row or several; the owner is stamped on each and cannot be given. */
  insert<Table extends keyof Database & string>(
    table: Table,
    values: Insertable<Database[Table]> | readonly Insertable<Database[Table]>[],
  ): InsertQueryBuilder<Database, Table, InsertResult>;
  update<Table extends keyof Database & string>(
    table: Table,
  ): UpdateQueryBuilder<Database, Table, Table, UpdateResult>;
  delete<Table extends keyof Database & string>(
    table: Table,
  ): DeleteQueryBuilder<Database, Table, DeleteResult>;
}

/** Statements that read the rows of all owners, of tables declared with `allOwners`. */
export interface AllOwnersReader<Database, Shared extends keyof Database> {
  select<Table extends Shared & string>(table: Table): SelectQueryBuilder<Database, Table, Unselected>;
}

/**
 * Declares which tables have owners. What comes back is the only handle that code of a route needs: every statement made
 * through it carries the owner, inside one transaction that the database holds to the same owner on PostgreSQL.
 *
 * @throws MissingOwner when a declaration names no owner column.
 */
export function ownedTables<Tables, const Declared extends Declarations<Tables>>(
  kysely: Kysely<Tables>,
  declarations: Declared & { readonly [Unknown in Exclude<keyof Declared, keyof Tables>]: never },
  options: OwnedTablesOptions,
): OwnedTables<Tables, Declared> {
  return new OwnedTables<Tables, Declared>(kysely, declarations, options);
}

type Reachable<Tables, Declared> = keyof OwnedDatabase<Tables, Declared>;
type Visible<Tables, Declared> = VisibleTable<Declared> & Reachable<Tables, Declared>;
type Shared<Tables, Declared> = AllOwnersTable<Declared> & Reachable<Tables, Declared>;

/** See {@link ownedTables}. */
export class OwnedTables<Tables, Declared> {
  readonly #kysely: Connection;
  readonly #tables: ReadonlyMap<string, DeclaredTable>;
  readonly #options: OwnedTablesOptions;

  constructor(kysely: Kysely<Tables>, declarations: object, options: OwnedTablesOptions) {
    this.#kysely = kysely as unknown as Connection;
    this.#tables = declaredTables(declarations);
    this.#options = options;
  }

  /** Runs the work in a transaction that reads the rows of one owner. */
  reading<Result>(
    owner: string,
    work: (mine: OwnedReader<OwnedDatabase<Tables, Declared>, Visible<Tables, Declared>>) => Promise<Result>,
  ): Promise<Result> {
    return this.#run({ owner: checked(owner), access: "read" }, work);
  }

  /** Runs the work in a transaction that changes the rows of one owner, after every other one of this owner. */
  writing<Result>(
    owner: string,
    work: (mine: OwnedWriter<OwnedDatabase<Tables, Declared>, Visible<Tables, Declared>>) => Promise<Result>,
  ): Promise<Result> {
    return this.#run({ owner: checked(owner), access: "write" }, work);
  }

  /** Runs the work in a transaction that reads what anyone may read. */
  readingAsAnyone<Result>(
    work: (
      anyone: AnyoneReader<OwnedDatabase<Tables, Declared>, Visible<Tables, Declared>>,
    ) => Promise<Result>,
  ): Promise<Result> {
    return this.#run({ owner: null, access: "read" }, work);
  }

  /** Runs the work in a transaction that reads the rows of all owners, where a table allows that. For administrators. */
  readingAllOwners<Result>(
    work: (
      all: AllOwnersReader<OwnedDatabase<Tables, Declared>, Shared<Tables, Declared>>,
    ) => Promise<Result>,
  ): Promise<Result> {
    return this.#run({ owner: null, access: "read", allOwners: true }, work);
  }

  /** Deletes every row of an owner, children before parents, and gives back how many there were of each table. */
  erase(owner: string): Promise<Record<keyof Declared & string, number>> {
    return this.#run({ owner: checked(owner), access: "write" }, async (mine: WritingStatements) => {
      const counts: Record<string, number> = {};
      for (const table of [...this.#tables.keys()].reverse()) {
        const { numDeletedRows } = await mine.delete(table).executeTakeFirstOrThrow();
        counts[table] = Number(numDeletedRows);
      }
      return counts as Record<keyof Declared & string, number>;
    });
  }

  /** At run time the statements are the same for all callers, who give them their types. */
  #run<Statements, Result>(
    { allOwners = false, ...who }: RunOptions,
    work: (statements: Statements) => Promise<Result>,
  ): Promise<Result> {
    const { dialect, schema = null, role = null } = this.#options;
    return transact(this.#kysely, { ...who, allOwners, dialect, role }, async (connection) => {
      let open = true;
      const reach: Reach = {
        tables: this.#tables,
        schema,
        owner: who.owner,
        rows: allOwners ? "all" : "own",
        isOpen: () => open,
      };
      const statements = who.access === "write" ? writingStatementsOf : statementsOf;
      try {
        return await work(statements(connection, reach) as Statements);
      } finally {
        open = false;
      }
    });
  }
}

type RunOptions = Pick<TransactionOptions, "owner" | "access"> & { readonly allOwners?: boolean };
type WritingStatements = ReturnType<typeof writingStatementsOf>;

/** Types do not hold what comes from plain JavaScript or from an unchecked claim. */
function checked(owner: string): string {
  if (typeof owner !== "string" || owner === "") throw new MissingOwner("The owner is not a text, or empty.");
  return owner;
}
