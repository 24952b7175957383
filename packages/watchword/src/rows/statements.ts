import type { DeclaredTable } from "./declarations.ts";
import { MissingOwner } from "./missing-owner.ts";
import { OwnerScope, type Reach } from "./owner-scope.ts";
import type { Connection } from "./transactions.ts";

type Row = Record<string, unknown>;

/** The statements of one transaction, all of them behind its {@link OwnerScope}. */
export function statementsOf(connection: Connection, reach: Reach) {
  const scoped = connection.withPlugin(new OwnerScope(reach));
  const widened = connection.withPlugin(new OwnerScope({ ...reach, rows: "visible" }));
  return {
    owner: reach.owner,
    select: (table: string) => scoped.selectFrom(table),
    selectVisible: (table: string) => widened.selectFrom(table),
  };
}

/** As {@link statementsOf}, and those that change rows. */
export function writingStatementsOf(connection: Connection, reach: Reach) {
  const scoped = connection.withPlugin(new OwnerScope(reach));
  return {
    ...statementsOf(connection, reach),
    insert: (table: string, values: Row | readonly Row[]) =>
      scoped.insertInto(table).values([values].flat().map((row) => stamped(row, table, reach))),
    update: (table: string) => scoped.updateTable(table),
    delete: (table: string) => scoped.deleteFrom(table),
  };
}

/** The row with its owner, who stands in none that was given. */
function stamped(row: Row, table: string, { tables, owner }: Reach): Row {
  const { owner: column } = tables.get(table) ?? undeclared(table);
  if (Object.keys(row).some((given) => given.toLowerCase() === column.toLowerCase())) {
    throw new MissingOwner(
      `The owner of a row for ${table} is set by the handle alone: leave out ${column}.`,
    );
  }
  return { ...row, [column]: owner };
}

function undeclared(table: string): DeclaredTable {
  throw new MissingOwner(`The table ${table} is not declared, so its rows have no owner.`);
}
