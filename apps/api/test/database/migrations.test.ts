import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { fixedClock } from "countersign/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../../src/database/migrations.ts";
import { openDatabase } from "../../src/database/open.ts";

const appliedAt = "2026-01-02T03:04:05.678Z";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("migrate", () => {
  it("applies every file of the contract in name order, once", () => {
    const database = new DatabaseSync(":memory:");
    expect(migrate(database, appliedAt)).toEqual(["0001_tasks", "0002_profiles"]);
    expect(migrate(database, appliedAt)).toEqual([]);
    const ledger = database
      .prepare("SELECT name, applied_at FROM countersign_migrations ORDER BY name")
      .all();
    expect(ledger.map((row) => ({ ...row }))).toEqual([
      { name: "0001_tasks", applied_at: appliedAt },
      { name: "0002_profiles", applied_at: appliedAt },
    ]);
  });

  it("applies nothing when one file fails", () => {
    writeFileSync(join(folder, "0001_good.sql"), "CREATE TABLE good (id INTEGER);");
    writeFileSync(join(folder, "0002_bad.sql"), "CREATE TABLE bad (;");
    const database = new DatabaseSync(":memory:");
    expect(() => migrate(database, appliedAt, pathToFileURL(`${folder}/`))).toThrow(/syntax error/);
    expect(database.prepare("SELECT count(*) AS count FROM sqlite_master").get()).toMatchObject({ count: 0 });
  });

  it("is done once by processes that start together", async () => {
    const program = `
      const { openDatabase } = await import(process.argv[1]);
      await (await openDatabase(process.argv[2], { now: () => 0 })).destroy();
    `;
    const open = new URL("../../src/database/open.ts", import.meta.url).href;
    const start = () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program, open, folder]);
    await Promise.all([start(), start(), start()]);
    const database = new DatabaseSync(join(folder, "api.sqlite"));
    expect(database.prepare("SELECT count(*) AS count FROM countersign_migrations").get()).toMatchObject({
      count: 2,
    });
    database.close();
  });
});

describe("openDatabase", () => {
  const clock = fixedClock(0);

  it("writes ahead in WAL mode, syncs fully and enforces foreign keys", async () => {
    const database = await openDatabase(folder, clock);
    const pragma = async (name: string) => {
      const { rows } = await database.executeQuery<Record<string, unknown>>({
        ...database.selectFrom("tasks").select("id").compile(),
        sql: `PRAGMA ${name}`,
      });
      return Object.values(rows[0] ?? {})[0];
    };
    expect(await pragma("journal_mode")).toBe("wal");
    expect(await pragma("synchronous")).toBe(2);
    expect(await pragma("busy_timeout")).toBe(5000);
    expect(await pragma("foreign_keys")).toBe(1);
    await database.destroy();
  });

  it("keeps what was written between two starts", async () => {
    const first = await openDatabase(folder, clock);
    await first.insertInto("profiles").values({ id: "ada", created_at: "", updated_at: "" }).execute();
    await first.destroy();
    const second = await openDatabase(folder, clock);
    expect(await second.selectFrom("profiles").select("id").execute()).toEqual([{ id: "ada" }]);
    await second.destroy();
  });

  it("undoes a transaction that fails", async () => {
    const database = await openDatabase(folder, clock);
    const failing = database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto("profiles")
        .values({ id: "ada", created_at: "", updated_at: "" })
        .execute();
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    expect(await database.selectFrom("profiles").select("id").execute()).toEqual([]);
    await database.destroy();
  });

  it("takes the write lock when a transaction starts", async () => {
    const database = await openDatabase(folder, clock);
    const other = new DatabaseSync(join(folder, "api.sqlite"), { timeout: 0 });
    await database.transaction().execute(async () => {
      expect(() => other.exec("BEGIN IMMEDIATE")).toThrow(/locked/);
    });
    other.close();
    await database.destroy();
  });

  it("refuses a folder that cannot be one, in a sentence", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(openDatabase(join(file, "data"), clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("DATABASE_URL") }),
    );
  });

  it("refuses a file that is no database, in a sentence", async () => {
    writeFileSync(join(folder, "api.sqlite"), "this is not a database at all");
    await expect(openDatabase(folder, clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured" }),
    );
  });
});
