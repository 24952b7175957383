import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MissingOwner, ownedTables } from "../../src/rows/kysely.ts";
import { fill, newStore, raw, storeNames, type Tables, type TestStore } from "./store.ts";

const refused = expect.objectContaining({ name: "MissingOwner", code: "missing_owner" });

describe.each(storeNames)("the owner-scoped handle on %s", (name) => {
  let store: TestStore;
  beforeEach(async () => {
    store = await newStore(name);
    await fill(store);
    store.sent.length = 0;
  });
  afterEach(() => store.close());

  const notesOf = (owner: string) =>
    store.owned.reading(owner, (mine) => mine.select("notes").select("text").orderBy("id").execute());
  const ownersOf = async (table: "notes" | "tags") =>
    (await store.run(`SELECT DISTINCT user_id FROM ${table} ORDER BY user_id`)).map((row) => row["user_id"]);

  it("reads the rows of the owner", async () => {
    expect(await notesOf("ada")).toEqual([{ text: "ada 0" }, { text: "ada 1" }]);
    expect(await notesOf("nobody")).toEqual([]);
  });

  it.each(["1 = 1 or 2 = 2", "(1 = 1)", "true or false"])(
    "reads them whatever condition surrounds them: %s",
    async (condition) => {
      const read = store.owned.reading("ada", (mine) =>
        mine.select("notes").select("user_id").where(raw(condition)).execute(),
      );
      expect(await read).toEqual([{ user_id: "ada" }, { user_id: "ada" }]);
    },
  );

  it("reads them in joins, subqueries, unions and under aliases", async () => {
    const texts = await store.owned.reading("ada", async (mine) => {
      const joined = await mine
        .select("tags")
        .innerJoin("notes as n", (join) => join.on(sql<boolean>`1 = 1`))
        .select(["n.text", "tags.tag"])
        .execute();
      const nested = await mine
        .select("tags")
        .select((row) => row.selectFrom("notes").select(row.fn.countAll().as("all")).as("notes"))
        .limit(1)
        .execute();
      const compared = await mine
        .select("notes")
        .select("text")
        .where((row) => row.exists(row.selectFrom("people").select("id").where("id", "=", "bob")))
        .execute();
      const united = await mine
        .select("notes")
        .select("text")
        .union((row) => row.selectFrom("tags").select("tag as text"))
        .execute();
      const derived = await mine
        .select("people")
        .innerJoin(
          (row) => row.selectFrom("notes").select(["text", "user_id"]).as("d"),
          (join) => join.on(sql<boolean>`1 = 1`),
        )
        .select("d.text")
        .execute();
      return { joined: joined.length, nested: Number(nested[0]?.notes), compared, united, derived };
    });
    expect(texts.joined).toBe(4);
    expect(texts.nested).toBe(2);
    expect(texts.compared).toEqual([]);
    expect(texts.united.map(({ text }) => text).sort()).toEqual(["ada 0", "ada 1"]);
    expect(texts.derived.map(({ text }) => text).sort()).toEqual(["ada 0", "ada 1"]);
  });

  it("stamps every row that is inserted", async () => {
    const rows = [
      { text: "a", is_private: 1 },
      { text: "b", is_private: 1 },
    ];
    await store.owned.writing("eve", (mine) => mine.insert("notes", rows).execute());
    expect(await store.run("SELECT user_id FROM notes WHERE text IN ('a', 'b')")).toEqual([
      expect.objectContaining({ user_id: "eve" }),
      expect.objectContaining({ user_id: "eve" }),
    ]);
  });

  it("changes and deletes the rows of the owner, whatever the condition", async () => {
    await store.owned.writing("ada", async (mine) => {
      const { numUpdatedRows } = await mine
        .update("notes")
        .set({ text: "changed" })
        .where(raw("1 = 1 or 2 = 2"))
        .executeTakeFirstOrThrow();
      expect(numUpdatedRows).toBe(2n);
      await mine.delete("tags").where(raw("1 = 1 or 2 = 2")).execute();
    });
    expect(await ownersOf("tags")).toEqual(["bob"]);
    expect(await notesOf("bob")).toEqual([{ text: "bob 0" }, { text: "bob 1" }]);
  });

  it("takes SQL text that is one expression, whatever stands in its quotes and parentheses", async () => {
    const found = await store.owned.writing("ada", async (mine) => {
      const text = sql.ref("text");
      await mine
        .update("notes")
        .set({ text: sql`${text} || ${","} || coalesce(null, '(from), where')` })
        .execute();
      return mine
        .select("notes")
        .select(
          sql<string>`case when ${text} is distinct from ${"x"} then ${sql`lower(${text})`} else 'a, b' end`.as(
            "said",
          ),
        )
        .where(sql<boolean>`"text" in (${sql.join(["ada 0,(from), where", "b"])})`)
        .execute();
    });
    expect(found).toEqual([{ said: "ada 0,(from), where" }]);
    expect(await notesOf("bob")).toEqual([{ text: "bob 0" }, { text: "bob 1" }]);
  });

  it("changes with the rows of other tables see only the owner's", async () => {
    await store.owned.writing("ada", (mine) =>
      mine
        .update("notes")
        .set((row) => ({ text: row.selectFrom("people").select("name") }))
        .where("is_private", "=", 1)
        .execute(),
    );
    expect(await notesOf("ada")).toEqual([{ text: "ada 0" }, { text: "ADA" }]);
  });

  it("leaves the row of another owner alone on a conflict", async () => {
    const [row] = await store.run("SELECT id FROM notes WHERE text = 'bob 1'");
    const id = Number(row?.["id"]);
    const upsert = store.owned.writing("ada", (mine) =>
      mine
        .insert("notes", { id, text: "taken", is_private: 0 })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ text: "taken" }))
        .execute(),
    );
    // PostgreSQL before 18 refuses the statement as such by its policies, which is as good.
    const outcome = await upsert.then(
      ([result]) => result?.numInsertedOrUpdatedRows,
      (error: Error) => error.message.match(/row-level security/)?.[0],
    );
    expect(name === "sqlite" ? [0n] : [0n, "row-level security"]).toContain(outcome);
    expect(await notesOf("bob")).toEqual([{ text: "bob 0" }, { text: "bob 1" }]);
  });

  it("updates the owner's own row on a conflict", async () => {
    await store.owned.writing("ada", (mine) =>
      mine
        .insert("people", { name: "Ada" })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ name: "Countess" }))
        .execute(),
    );
    expect(await store.run("SELECT name FROM people WHERE id = 'ada'")).toEqual([
      expect.objectContaining({ name: "Countess" }),
    ]);
  });

  it("shows anyone what is visible, and an owner that and their own", async () => {
    const anyone = await store.owned.readingAsAnyone((reader) =>
      reader.selectVisible("notes").select("text").orderBy("text").execute(),
    );
    expect(anyone.map(({ text }) => text)).toEqual(["ada 0", "bob 0"]);
    const ada = await store.owned.reading("ada", (mine) =>
      mine.selectVisible("notes").select("text").orderBy("text").execute(),
    );
    expect(ada.map(({ text }) => text)).toEqual(["ada 0", "ada 1", "bob 0"]);
  });

  it("shows all owners' rows of a table that allows it, and of no other", async () => {
    const people = await store.owned.readingAllOwners((all) =>
      all.select("people").select("id").orderBy("id").execute(),
    );
    expect(people).toEqual([{ id: "ada" }, { id: "bob" }]);
    const notes = store.owned.readingAllOwners((all) =>
      all
        // @ts-expect-error: notes do not allow it.
        .select("notes")
        .selectAll()
        .execute(),
    );
    await expect(notes).rejects.toThrow(refused);
  });

  it("erases every row of an owner, of all tables, and of nobody else", async () => {
    expect(await store.owned.erase("ada")).toEqual({ people: 1, notes: 2, tags: 2 });
    expect(await ownersOf("notes")).toEqual(["bob"]);
    expect(await ownersOf("tags")).toEqual(["bob"]);
  });

  it.each([undefined, null, "", 7, ["ada"]])(
    "refuses the owner %j before anything is sent",
    async (owner) => {
      const read = async () => store.owned.reading(owner as string, (mine) => mine.select("notes").execute());
      const write = async () => store.owned.writing(owner as string, async () => undefined);
      await expect(read()).rejects.toThrow(refused);
      await expect(write()).rejects.toThrow(refused);
      await expect((async () => store.owned.erase(owner as string))()).rejects.toThrow(refused);
      expect(store.sent).toEqual([]);
    },
  );

  it("refuses, without sending it, what has no owner or could reach another's rows", async () => {
    const attempts = await store.owned.writing("ada", async (mine) => {
      const note = { text: "t", is_private: 0 };
      return [
        // @ts-expect-error: a table that is not declared.
        () => mine.select("settings").selectAll().execute(),
        // @ts-expect-error: another schema.
        () => mine.select("pg_catalog.notes").selectAll().execute(),
        // @ts-expect-error: a table that is not declared, in a join.
        () => mine.select("notes").innerJoin("settings", "settings.id", "notes.id").selectAll().execute(),
        // @ts-expect-error: the owner is not given.
        () => mine.insert("notes", { ...note, user_id: "bob" }).execute(),
        // @ts-expect-error: in whatever case.
        () => mine.insert("notes", { ...note, USER_ID: "bob" }).execute(),
        () =>
          mine
            .insert("notes", note)
            // @ts-expect-error: nor afterwards.
            .values({ ...note, user_id: "bob" })
            .execute(),
        () => mine.insert("notes", note).values(note).execute(),
        () =>
          mine
            .insert("notes", note)
            .expression((row) => row.selectFrom("notes").selectAll())
            .execute(),
        () => mine.insert("notes", note).orReplace().execute(),
        // @ts-expect-error: the owner does not change.
        () => mine.update("notes").set({ user_id: "bob" }).execute(),
        // @ts-expect-error: in whatever case.
        () => mine.update("notes").set({ User_Id: "bob" }).execute(),
        () =>
          mine
            .insert("people", { name: "n" })
            // @ts-expect-error: nor on a conflict.
            .onConflict((conflict) => conflict.column("id").doUpdateSet({ id: "bob" }))
            .execute(),
        // @ts-expect-error: not a table that is not declared.
        () => mine.delete("settings").execute(),
        () => mine.select("notes").select(sql`(select text from notes limit 1)`.as("t")).execute(),
        () => mine.select("notes").select(sql`(table notes)`.as("t")).execute(),
        () =>
          mine
            .select("notes")
            .select(sql`(${sql.table("notes")})`.as("t"))
            .execute(),
        () => mine.select("notes").selectAll().where(raw("1 = 1) or (1 = 1")).execute(),
        () => mine.select("notes").selectAll().modifyEnd(sql`union select * from notes`).execute(),
        () => mine.select("notes").selectAll().where(raw("1 = 1 --")).execute(),
        () => mine.delete("notes").where(raw("1 = 1; delete from notes")).execute(),
        // Parentheses in texts and names close nothing.
        () => mine.update("notes").set({ text: "x" }).where(raw("'(' <> '' ) or ( ')' <> ''")).execute(),
        () => mine.delete("notes").where(raw(`"(" <> '' ) or ( ")" <> ''`)).execute(),
        () => mine.delete("notes").where(raw("'it''s (' <> '' ) or ( ')' <> ''")).execute(),
        // Quotation marks that one of the databases reads otherwise.
        () => mine.delete("notes").where(raw("E'\\'' <> '(' ) or ( '' <> ')'")).execute(),
        () => mine.delete("notes").where(raw("[(] = 1 ) or ( [)] = 1")).execute(),
        () => mine.delete("notes").where(raw("`(` = 1 ) or ( `)` = 1")).execute(),
        () => mine.delete("notes").where(raw("$$($$ <> '' ) or ( $$)$$ <> ''")).execute(),
        // Behind the condition.
        () => mine.update("notes").set({ text: "x" }).modifyEnd(sql`or 1 = 1`).execute(),
        () => mine.delete("notes").modifyEnd(sql`or 1 = 1`).execute(),
        () => mine.insert("notes", note).modifyEnd(sql`on conflict do nothing`).execute(),
        // More than one value.
        () => mine.update("notes").set({ text: sql`'x', user_id = 'bob'` }).execute(),
        () =>
          mine
            .update("notes")
            .set({ text: sql`${sql`'x', user_id = 'bob'`}` })
            .execute(),
        () => mine.update("notes").set({ text: sql`other.text from notes as other` }).execute(),
      ];
    });
    // Each one in a transaction of its own, as the first refusal would end it.
    store.sent.length = 0;
    for (const index of attempts.keys()) {
      const attempt = store.owned.writing("ada", async () => attempts[index]?.());
      await expect(attempt, `attempt ${index}`).rejects.toThrow(refused);
    }
    expect(store.sent.filter((text) => /notes|settings|people/.test(text))).toEqual([]);
    expect(await ownersOf("notes")).toEqual(["ada", "bob"]);
  });

  it("refuses a statement after its transaction", async () => {
    const escaped = await store.owned.writing("ada", async (mine) => mine);
    const statement = escaped.select("notes").selectAll();
    await expect(statement.execute()).rejects.toThrow(refused);
    await expect(escaped.delete("notes").execute()).rejects.toThrow(refused);
  });

  it("has no statement that changes anything while reading", async () => {
    const found = await store.owned.reading("ada", async (mine) => Object.keys(mine));
    expect(found.sort()).toEqual(["owner", "select", "selectVisible"]);
  });

  it("lets an anonymous reader see nothing that has an owner only", async () => {
    const read = store.owned.readingAsAnyone((reader) =>
      reader
        // @ts-expect-error: tags are not visible.
        .selectVisible("tags")
        .selectAll()
        .execute(),
    );
    await expect(read).rejects.toThrow(refused);
  });

  it("undoes all of the work when it fails", async () => {
    const failing = store.owned.writing("ada", async (mine) => {
      await mine.delete("notes").execute();
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    expect(await notesOf("ada")).toHaveLength(2);
  });

  it("lets nothing get lost when one owner reads and writes many times at once", async () => {
    await store.owned.writing("ada", (mine) => mine.update("people").set({ name: "0" }).execute());
    const count = () =>
      store.owned.writing("ada", async (mine) => {
        const { name: text } = await mine.select("people").select("name").executeTakeFirstOrThrow();
        await mine
          .update("people")
          .set({ name: String(Number(text) + 1) })
          .execute();
      });
    await Promise.all(Array.from({ length: 40 }, count));
    expect(await store.run("SELECT name FROM people WHERE id = 'ada'")).toEqual([
      expect.objectContaining({ name: "40" }),
    ]);
  });
});

describe("a declaration", () => {
  it("without the column of its owner is refused", async () => {
    const store = await newStore("sqlite");
    // @ts-expect-error: the declaration has no owner.
    expect(() => ownedTables(store.kysely, { notes: { allOwners: true } }, { dialect: "sqlite" })).toThrow(
      MissingOwner,
    );
    // @ts-expect-error: no such column.
    ownedTables<Tables, { notes: "owner" }>(store.kysely, { notes: "owner" }, { dialect: "sqlite" });
    // @ts-expect-error: no such table.
    ownedTables(store.kysely, { nodes: "user_id" }, { dialect: "sqlite" });
    await store.close();
  });
});
