import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import type { DatabaseLocation } from "../src/database/open.ts";

export const storeNames = ["sqlite", "postgres"] as const;
export type StoreName = (typeof storeNames)[number];

type Row = Record<string, unknown>;

/** An empty store of a test's own. */
export interface TestStore {
  readonly location: DatabaseLocation;
  /** What `DATABASE_URL` is set to. */
  readonly url: string;
  /** Runs one statement past the API and past every policy; a table of the API is named without schema. */
  run(sql: string): Promise<Row[]>;
  remove(): Promise<void>;
}

export function newStore(name: StoreName, poolSize = 4): Promise<TestStore> {
  return name === "sqlite" ? newSqliteStore() : newPostgresStore(poolSize);
}

async function newSqliteStore(): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), "watchword-api-"));
  return {
    location: { store: "sqlite", folder },
    url: `file:${folder}`,
    async run(sql) {
      const file = new DatabaseSync(join(folder, "api.sqlite"), { timeout: 5000 });
      try {
        return file.prepare(sql).all();
      } finally {
        file.close();
      }
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

/** A database of its own on the server under test, and a login that owns it and may neither make roles nor pass policies. */
async function newPostgresStore(poolSize: number): Promise<TestStore> {
  const server = testServer();
  const name = `watchword_api_${randomBytes(6).toString("hex")}`;
  const password = randomBytes(12).toString("hex");
  await query(server, [
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'watchword_api') THEN CREATE ROLE watchword_api NOLOGIN; END IF;
     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}' NOSUPERUSER NOBYPASSRLS`,
    `GRANT watchword_api TO ${name}`,
    `CREATE DATABASE ${name} OWNER ${name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`,
  ]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const asAdmin = url.href;
  url.username = name;
  url.password = password;
  return {
    location: { store: "postgres", url: url.href, poolSize },
    url: url.href,
    run: (sql) => query(asAdmin, ["SET search_path = api, public", sql]),
    remove: async () => {
      await query(server, [`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`]);
    },
  };
}

/** The server that the test command has started, as its superuser. */
export function testServer(): string {
  const url = process.env["WATCHWORD_TEST_POSTGRES"];
  if (url) return url;
  throw new Error(
    "WATCHWORD_TEST_POSTGRES is not set: run `npm test`, or set it to the address of a PostgreSQL superuser.",
  );
}

/** Runs statements one after another on a connection of their own, and gives the rows of the last one. */
export async function query(url: string, statements: readonly string[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}
