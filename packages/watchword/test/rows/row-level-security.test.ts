import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/rows/transactions.ts";
import { transact } from "../../src/rows/transactions.ts";
import { fill, newStore, type TestStore } from "./store.ts";

/** Deliberately broken queries: without the handle's conditions, inside its transactions. */
describe("PostgreSQL's policies inside a transaction of the handle", () => {
  let store: TestStore;
  let role: string;
  beforeAll(async () => {
    store = await newStore("postgres", 1);
    await fill(store);
    const rows = await store.run("SELECT current_database() AS name");
    role = String(rows[0]?.["name"]);
  });
  afterAll(() => store.close());

  const broken = <Result>(owner: string | null, work: (connection: Connection) => Promise<Result>) =>
    transact(
      store.kysely as unknown as Connection,
      { dialect: "postgres", access: "write", owner, allOwners: false, role },
      work,
    );

  it("show a query without any condition the owner's rows alone", async () => {
    const tags = await broken("ada", (connection) =>
      sql<{ user_id: string }>`select user_id from owned.tags`.execute(connection),
    );
    expect(tags.rows).toEqual([{ user_id: "ada" }, { user_id: "ada" }]);
  });

  it("show nothing without an owner", async () => {
    const tags = await broken(null, (connection) => sql`select * from owned.tags`.execute(connection));
    expect(tags.rows).toEqual([]);
  });

  it("refuse a row for another owner", async () => {
    const insert = broken("ada", (connection) =>
      sql`insert into owned.tags (user_id, note_id, tag) values ('bob', 1, 't')`.execute(connection),
    );
    await expect(insert).rejects.toThrow(expect.objectContaining({ code: "42501" }));
  });

  it("refuse to give a row to another owner", async () => {
    const update = broken("ada", (connection) =>
      sql`update owned.tags set user_id = 'bob'`.execute(connection),
    );
    await expect(update).rejects.toThrow(expect.objectContaining({ code: "42501" }));
  });

  it("change and delete the owner's rows alone", async () => {
    await broken("ada", (connection) => sql`delete from owned.tags`.execute(connection));
    expect(await store.run("SELECT DISTINCT user_id FROM tags")).toEqual([{ user_id: "bob" }]);
  });

  it("are back in their place after the transaction, on the same connection", async () => {
    const { rows } = await sql<{ role: string; owner: string | null }>`
      select current_user as role, current_setting('watchword.owner', true) as owner`.execute(store.kysely);
    expect(rows).toEqual([{ role: expect.not.stringContaining(role), owner: "" }]);
  });
});

describe("a transaction that PostgreSQL gives up because of others", () => {
  it("is tried once more, and no more than once", async () => {
    const store = await newStore("postgres", 1);
    let attempts = 0;
    const failing = (code: string, times: number) => () =>
      store.owned.writing("ada", async () => {
        attempts += 1;
        if (attempts <= times) throw Object.assign(new Error(code), { code });
        return attempts;
      });
    expect(await failing("40001", 1)()).toBe(2);
    attempts = 0;
    await expect(failing("40P01", 2)()).rejects.toThrow("40P01");
    expect(attempts).toBe(2);
    attempts = 0;
    await expect(failing("23505", 1)()).rejects.toThrow("23505");
    expect(attempts).toBe(1);
    await store.close();
  });
});

describe("an error that the work keeps to itself", () => {
  it("is never a success that nothing came of", async () => {
    const store = await newStore("postgres", 1);
    await fill(store);
    const swallowing = store.owned.writing("ada", async (mine) => {
      await mine.update("people").set({ name: "lost" }).execute();
      await mine
        .select("notes")
        .select(sql`1 / 0`.as("fault"))
        .execute()
        .catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow();
    await store.close();
  });
});
