import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { removeFolder, temporaryFolder } from "./temporary-folder.ts";

/** Where a backend may keep its rows. */
export const storeNames = ["sqlite", "postgres"] as const;
export type StoreName = (typeof storeNames)[number];

/** The role of every transaction of the API (contract/schema/postgres). */
const apiRole = "watchword_api";

/** The stores that this run covers: `WATCHWORD_STORES`, separated by commas; both when absent. */
export function chosenStores(): readonly StoreName[] {
  const chosen = (process.env["WATCHWORD_STORES"] ?? storeNames.join(",")).split(",");
  const unknown = chosen.find((name) => !storeNames.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(
      `WATCHWORD_STORES names ${JSON.stringify(unknown)}; it may hold: ${storeNames.join(",")}.`,
    );
  return storeNames.filter((name) => chosen.includes(name));
}

/** A row as the store gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** An empty store of a test's own. */
export interface Store {
  readonly name: StoreName;
  /** What `DATABASE_URL` is set to. */
  readonly url: string;
  /** All rows of a table, by id. On PostgreSQL they are read by the superuser, so no policy hides any. */
  rows(table: string): Promise<readonly Row[]>;
  /** Runs statements past the API, as an operator would. */
  execute(sql: string): Promise<void>;
  remove(): Promise<void>;
}

/** A new, empty store. */
export async function newStore(name: StoreName, purpose: string): Promise<Store> {
  if (name === "sqlite") return new SqliteStore(temporaryFolder(purpose));
  return await PostgresStore.make(purpose);
}

/** A folder with the embedded database. */
export class SqliteStore implements Store {
  readonly name = "sqlite";
  readonly folder: string;
  readonly #temporary: string;

  constructor(temporary: string) {
    this.#temporary = temporary;
    this.folder = `${temporary}/data`;
  }

  get url(): string {
    return pathToFileURL(this.folder).href;
  }

  /** The file that holds the tables. */
  get file(): string {
    return `${this.folder}/api.sqlite`;
  }

  async rows(table: string): Promise<readonly Row[]> {
    const database = new DatabaseSync(this.file, { readOnly: true });
    try {
      return database.prepare(`SELECT * FROM ${table} ORDER BY id`).all();
    } finally {
      database.close();
    }
  }

  async execute(sql: string): Promise<void> {
    const database = new DatabaseSync(this.file, { timeout: 10_000 });
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
  }

  async remove(): Promise<void> {
    removeFolder(this.#temporary);
  }
}

/** The server that `npm test` has started, as its superuser. */
export function testServer(): URL {
  const url = process.env["WATCHWORD_TEST_POSTGRES"];
  if (url === undefined || url === "")
    throw new Error(
      "WATCHWORD_TEST_POSTGRES is not set: run the tests by `npm test`, or set it to the address of a PostgreSQL superuser.",
    );
  return new URL(url);
}

/** Runs statements on a database and gives the rows of the last one. */
export async function query(url: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql, [...values]);
    return (Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows) as Row[];
  } finally {
    await client.end();
  }
}

/** Who a backend logs in as: as in production, someone who may neither make roles nor pass by row-level security; or the superuser. */
export type Login = "ordinary" | "superuser";

/** A database on a PostgreSQL server, and a login of its own that owns it. */
export class PostgresStore implements Store {
  readonly name = "postgres";
  readonly url: string;
  readonly #admin: URL;
  readonly #database: string;
  readonly #login: string | undefined;

  private constructor(admin: URL, database: string, login: { name: string; password: string } | undefined) {
    const url = new URL(admin);
    url.pathname = `/${database}`;
    if (login !== undefined) {
      url.username = login.name;
      url.password = login.password;
    }
    this.url = url.href;
    this.#admin = admin;
    this.#database = database;
    this.#login = login?.name;
  }

  static async make(
    purpose: string,
    as: Login = "ordinary",
    server: URL = testServer(),
  ): Promise<PostgresStore> {
    const database = `watchword_${purpose.replaceAll(/[^a-z0-9]+/g, "_")}_${randomBytes(5).toString("hex")}`;
    const login =
      as === "superuser" ? undefined : { name: database, password: randomBytes(12).toString("hex") };
    await query(
      server.href,
      `DO $$ BEGIN
         IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${apiRole}') THEN CREATE ROLE ${apiRole} NOLOGIN; END IF;
       EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
       END $$`,
    );
    if (login !== undefined) {
      await query(
        server.href,
        `CREATE ROLE ${login.name} LOGIN PASSWORD '${login.password}' NOSUPERUSER NOBYPASSRLS`,
      );
      await query(server.href, `GRANT ${apiRole} TO ${login.name}`);
    }
    // An order of text that is not by bytes: the columns' own order must win.
    const owner = login === undefined ? "" : ` OWNER ${login.name}`;
    await query(
      server.href,
      `CREATE DATABASE ${database}${owner} ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C' TEMPLATE template0`,
    );
    return new PostgresStore(server, database, login);
  }

  /** The same database as the server's superuser. */
  get #superuser(): string {
    const url = new URL(this.#admin);
    url.pathname = `/${this.#database}`;
    return url.href;
  }

  async rows(table: string): Promise<readonly Row[]> {
    return await query(this.#superuser, `SELECT * FROM api.${table} ORDER BY id`);
  }

  async execute(sql: string): Promise<void> {
    await query(this.#superuser, sql);
  }

  async remove(): Promise<void> {
    await query(this.#admin.href, `DROP DATABASE IF EXISTS ${this.#database} WITH (FORCE)`);
    if (this.#login !== undefined) await query(this.#admin.href, `DROP ROLE IF EXISTS ${this.#login}`);
  }
}
