import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migratePostgres, migrateSqlite } from "../../src/database/migrations.ts";
import { newStore, storeNames, type TestStore } from "../store.ts";

const appliedAt = "2026-01-02T03:04:05.678Z";
const contract = new URL("../../../../contract/", import.meta.url);
const namesOf = (store: string) =>
  readdirSync(new URL(`schema/${store}/`, contract))
    .map((file) => file.replace(/\.sql$/, ""))
    .sort();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(storeNames)("the migrations on %s", (name) => {
  let store: TestStore;
  beforeEach(async () => {
    store = await newStore(name);
  });
  afterEach(() => store.remove());

  async function migrate(from?: URL): Promise<string[]> {
    if (store.location.store === "sqlite") {
      const database = new DatabaseSync(join(store.location.folder, "api.sqlite"));
      try {
        return migrateSqlite(database, appliedAt, from);
      } finally {
        database.close();
      }
    }
    const client = new Client({ connectionString: store.location.url });
    await client.connect();
    try {
      return await migratePostgres(client, appliedAt, from);
    } finally {
      await client.end();
    }
  }

  it("apply every file of the contract in name order, once", async () => {
    expect(await migrate()).toEqual(namesOf(name));
    expect(await migrate()).toEqual([]);
    const ledger = await store.run("SELECT name, applied_at FROM watchword_migrations ORDER BY name");
    expect(ledger.map((row) => ({ ...row }))).toEqual(
      namesOf(name).map((file) => ({ name: file, applied_at: appliedAt })),
    );
  });

  it("apply nothing when one file fails", async () => {
    writeFileSync(join(folder, "0001_good.sql"), "CREATE TABLE good (id INTEGER);");
    writeFileSync(join(folder, "0002_bad.sql"), "CREATE TABLE bad (;");
    await expect(migrate(pathToFileURL(`${folder}/`))).rejects.toThrow(/syntax error/);
    const tables =
      name === "sqlite"
        ? "SELECT name FROM sqlite_master"
        : "SELECT tablename FROM pg_tables WHERE tablename IN ('good', 'watchword_migrations')";
    expect(await store.run(tables)).toEqual([]);
  });

  it("refuse a database of the project's earlier name, and say what to remove", async () => {
    const ledger = `${["counter", "sign"].join("")}_migrations`;
    if (name === "postgres") await store.run("CREATE SCHEMA api");
    await store.run(`CREATE TABLE ${name === "postgres" ? "api." : ""}${ledger} (name text)`);
    await expect(migrate()).rejects.toThrow(
      expect.objectContaining({
        code: "misconfigured",
        message: expect.stringMatching(
          name === "postgres" ? /Drop its schemas api and auth/ : /Remove the folder/,
        ),
      }),
    );
  });

  it("are done once by processes that start together", async () => {
    const program = `
      const { openDatabase } = await import(process.argv[1]);
      await (await openDatabase(JSON.parse(process.argv[2]), { now: () => 0 })).close();
    `;
    const open = new URL("../../src/database/open.ts", import.meta.url).href;
    const args = ["--input-type=module", "--eval", program, open, JSON.stringify(store.location)];
    const start = () => promisify(execFile)(process.execPath, args);
    await Promise.all([start(), start(), start()]);
    const ledger = await store.run("SELECT name FROM watchword_migrations ORDER BY name");
    expect(ledger.map((row) => row["name"])).toEqual(namesOf(name));
  });
});

describe("the lock of the migrations on postgres", () => {
  it("is the contract's", () => {
    const { database } = JSON.parse(readFileSync(new URL("defaults.json", contract), "utf8"));
    const source = readFileSync(new URL("../../src/database/migrations.ts", import.meta.url), "utf8");
    expect(Number(/postgresMigrationLock = ([0-9_]+)/.exec(source)?.[1]?.replaceAll("_", ""))).toBe(
      database.postgres_migration_lock.value,
    );
  });
});
