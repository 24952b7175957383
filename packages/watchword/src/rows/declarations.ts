import type { ColumnType, SelectType } from "kysely";
import { MissingOwner } from "./missing-owner.ts";

/** A table whose rows have owners, and who else may read them. */
export interface OwnedTable<Table> {
  /** The column that holds the owner of a row. */
  readonly owner: keyof Table & string;
  /** Rows with exactly these values may be read by anyone, as with `{ is_private: 0 }`. */
  readonly visible?: { readonly [Column in keyof Table]?: SelectType<Table[Column]> };
  /** Whether `readingAllOwners` may read the table. */
  readonly allOwners?: true;
}

/** The owner column, or that and who else may read the table. */
export type Declaration<Table> = (keyof Table & string) | OwnedTable<Table>;

/** Every table that may be reached, parents before their children. Other tables cannot be reached at all. */
export type Declarations<Tables> = { readonly [Table in keyof Tables]?: Declaration<Tables[Table]> };

type OwnerColumn<Declared> = Declared extends { readonly owner: infer Column } ? Column : Declared;

/** The declared tables; the owner column can be read and compared, never written. */
export type OwnedDatabase<Tables, Declared> = {
  [Table in keyof Declared & keyof Tables]: {
    [Column in keyof Tables[Table]]: Column extends OwnerColumn<Declared[Table]>
      ? ColumnType<SelectType<Tables[Table][Column]>, never, never>
      : Tables[Table][Column];
  };
};

/** Names of the tables declared with `visible`. */
export type VisibleTable<Declared> = {
  [Table in keyof Declared]: Declared[Table] extends { readonly visible: object } ? Table : never;
}[keyof Declared];

/** Names of the tables declared with `allOwners`. */
export type AllOwnersTable<Declared> = {
  [Table in keyof Declared]: Declared[Table] extends { readonly allOwners: true } ? Table : never;
}[keyof Declared];

/** A declaration as it is used at run time. */
export interface DeclaredTable {
  readonly name: string;
  readonly owner: string;
  readonly visible: Readonly<Record<string, unknown>> | null;
  readonly allOwners: boolean;
}

/** The declarations by table name, in the order in which they were given. */
export function declaredTables(declarations: object): ReadonlyMap<string, DeclaredTable> {
  const tables = Object.entries(declarations).map(([name, declaration]: [string, unknown]) => {
    const { owner, visible, allOwners } =
      typeof declaration === "string" ? { owner: declaration } : (declaration as Partial<DeclaredTable>);
    if (typeof owner !== "string" || owner === "") {
      throw new MissingOwner(`The table ${name} is declared without the column of its owner.`);
    }
    return [name, { name, owner, visible: visible ?? null, allOwners: allOwners === true }] as const;
  });
  return new Map(tables);
}
