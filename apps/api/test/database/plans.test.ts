import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "watchword/testing";
import { type Database, openDatabase } from "../../src/database/open.ts";
import type { Reader } from "../../src/database/owned.ts";
import { newStore, storeNames, type TestStore } from "../store.ts";

interface List {
  compile(): { sql: string };
  explain(): Promise<Record<string, unknown>[]>;
}

/** What the conditions of the handle must not cost: a list is read in the order of its index, from its owner's part. */
describe.each(storeNames)("the plan on %s", (name) => {
  let store: TestStore;
  let database: Database;
  beforeAll(async () => {
    store = await newStore(name);
    database = await openDatabase(store.location, fixedClock(0));
    const numbers =
      name === "sqlite"
        ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n"
        : "SELECT generate_series(1, 20000) AS i";
    await store.run(
      `INSERT INTO tasks (user_id, title, created_at, updated_at) SELECT 'user ' || (i % 100), 't', i, i FROM (${numbers}) AS numbers`,
    );
    await store.run("ANALYZE tasks");
  });
  afterAll(async () => {
    await database.close();
    await store.remove();
  });

  /** On PostgreSQL inside the transaction, so that the policies take part. */
  const planOf = async (listOf: (mine: Reader) => List) => {
    const rows = await database.owned.reading("user 7", (mine) =>
      name === "sqlite"
        ? store.run(`EXPLAIN QUERY PLAN ${listOf(mine).compile().sql}`)
        : listOf(mine).explain(),
    );
    return rows.map((row) => String(row["QUERY PLAN"] ?? row["detail"])).join("\n");
  };

  it.each([
    ["created_at", "tasks_by_owner_created"],
    ["updated_at", "tasks_by_owner_updated"],
    ["title", "tasks_by_owner_title"],
  ] as const)(
    "of a list by %s reads the owner's part of an index, without sorting",
    async (column, index) => {
      const plan = await planOf((mine) =>
        mine.select("tasks").selectAll().orderBy(column, "desc").orderBy("id", "desc").limit(50),
      );
      expect(plan).toContain(index);
      expect(plan).toMatch(/user_id/);
      expect(plan).not.toMatch(/Sort|TEMP B-TREE|Seq Scan|SCAN tasks/);
    },
  );
});
