import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixedClock } from "watchword/testing";
import { isDatabaseUnavailable } from "../../src/database/faults.ts";
import { databaseIn, openSqlite } from "../../src/database/sqlite.ts";

const clock = fixedClock(0);
const ada = { created_at: "", updated_at: "" };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-sqlite-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => new DatabaseSync(join(folder, "api.sqlite"), { timeout: 0 });

describe("openSqlite", () => {
  it("writes ahead in WAL mode", async () => {
    const database = await openSqlite(folder, clock);
    const other = file();
    expect(other.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    other.close();
    await database.close();
  });

  it("keeps what was written between two starts", async () => {
    const first = await openSqlite(folder, clock);
    await first.owned.writing("ada", (mine) => mine.insert("profiles", ada).execute());
    await first.close();
    const second = await openSqlite(folder, clock);
    const rows = await second.owned.reading("ada", (mine) => mine.select("profiles").select("id").execute());
    expect(rows).toEqual([{ id: "ada" }]);
    await second.close();
  });

  it("undoes a transaction that fails", async () => {
    const database = await openSqlite(folder, clock);
    const failing = database.owned.writing("ada", async (mine) => {
      await mine.insert("profiles", ada).execute();
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    const rows = await database.owned.reading("ada", (mine) => mine.select("profiles").selectAll().execute());
    expect(rows).toEqual([]);
    await database.close();
  });

  it("takes the write lock when a writing transaction starts, and none for a reading one", async () => {
    const database = await openSqlite(folder, clock);
    const other = file();
    await database.owned.writing("ada", async () => {
      expect(() => other.exec("BEGIN IMMEDIATE")).toThrow(/locked/);
    });
    await database.owned.reading("ada", async () => {
      other.exec("BEGIN IMMEDIATE");
      other.exec("ROLLBACK");
    });
    other.close();
    await database.close();
  });

  it("says of a database that takes no change, and of a closed one, that it is unavailable", async () => {
    await (await openSqlite(folder, clock)).close();
    const frozen = file();
    frozen.exec("PRAGMA query_only = on");
    const database = await databaseIn(frozen);
    const write = () => database.owned.writing("ada", (mine) => mine.insert("profiles", ada).execute());
    expect(isDatabaseUnavailable(await write().catch((error) => error))).toBe(true);
    await database.close();
    expect(isDatabaseUnavailable(await write().catch((error) => error))).toBe(true);
  });

  it("refuses a folder that cannot be one, in a sentence", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(openSqlite(join(folder, "file", "data"), clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("DATABASE_URL") }),
    );
  });

  it("refuses a file that is no database, in a sentence", async () => {
    writeFileSync(join(folder, "api.sqlite"), "this is not a database at all");
    await expect(openSqlite(folder, clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured" }),
    );
  });
});
