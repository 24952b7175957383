import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { drizzleAdapter } from "@better-auth/drizzle-adapter";
import type { BetterAuthOptions } from "better-auth";
import { drizzle } from "drizzle-orm/node-postgres";
import { boolean, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import pg from "pg";
import { onTestFinished } from "vitest";

/** A fresh database for one test. */
export interface Store {
  /** For another replica on the same database, call it again. */
  readonly database: () => NonNullable<BetterAuthOptions["database"]>;
  /** What migrations run on. */
  readonly migrated: NonNullable<BetterAuthOptions["database"]>;
  readonly query: (sql: string) => Promise<readonly Record<string, unknown>[]>;
}

export type StoreName = "SQLite" | "PostgreSQL" | "Drizzle on PostgreSQL";

export const storeNames: readonly StoreName[] = ["SQLite", "PostgreSQL", "Drizzle on PostgreSQL"];

export async function freshStore(name: StoreName): Promise<Store> {
  if (name === "SQLite") return sqlite();
  const pool = () => openPool(url);
  const url = await postgres();
  const own = pool();
  return {
    database: name === "PostgreSQL" ? pool : () => drizzleStore(pool()),
    migrated: own,
    query: async (sql) => (await own.query(sql)).rows as Record<string, unknown>[],
  };
}

function sqlite(): Store {
  const database = new DatabaseSync(":memory:");
  return {
    database: () => database,
    migrated: database,
    query: async (sql) => database.prepare(sql).all(),
  };
}

/** A database of its own on the server in `WATCHWORD_TEST_POSTGRES`, dropped after the test. */
async function postgres(): Promise<string> {
  const admin = process.env["WATCHWORD_TEST_POSTGRES"];
  if (!admin) {
    throw new Error("Set WATCHWORD_TEST_POSTGRES to the address of a PostgreSQL that may create databases.");
  }
  const name = `ww_issuer_${randomBytes(6).toString("hex")}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`create database ${name}`);
  onTestFinished(() => run(`drop database ${name} with (force)`));
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.href;
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 8 });
  // The server ends connections when the database is dropped.
  pool.on("error", () => {});
  onTestFinished(() => pool.end());
  return pool;
}

const id = () => text("id").primaryKey();
const time = (name: string) => timestamp(name, { withTimezone: true });

const user = pgTable("user", {
  id: id(),
  name: text("name").notNull(),
  email: text("email").notNull(),
  emailVerified: boolean("emailVerified").notNull(),
  image: text("image"),
  createdAt: time("createdAt").notNull(),
  updatedAt: time("updatedAt").notNull(),
  role: text("role"),
  banned: boolean("banned"),
  banReason: text("banReason"),
  banExpires: time("banExpires"),
});
const session = pgTable("session", {
  id: id(),
  expiresAt: time("expiresAt").notNull(),
  token: text("token").notNull(),
  createdAt: time("createdAt").notNull(),
  updatedAt: time("updatedAt").notNull(),
  ipAddress: text("ipAddress"),
  userAgent: text("userAgent"),
  userId: text("userId").notNull(),
  impersonatedBy: text("impersonatedBy"),
});
const account = pgTable("account", {
  id: id(),
  accountId: text("accountId").notNull(),
  providerId: text("providerId").notNull(),
  userId: text("userId").notNull(),
  accessToken: text("accessToken"),
  refreshToken: text("refreshToken"),
  idToken: text("idToken"),
  accessTokenExpiresAt: time("accessTokenExpiresAt"),
  refreshTokenExpiresAt: time("refreshTokenExpiresAt"),
  scope: text("scope"),
  password: text("password"),
  createdAt: time("createdAt").notNull(),
  updatedAt: time("updatedAt").notNull(),
});
const verification = pgTable("verification", {
  id: id(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: time("expiresAt").notNull(),
  createdAt: time("createdAt").notNull(),
  updatedAt: time("updatedAt").notNull(),
});
const watchwordRevocation = pgTable("watchwordRevocation", {
  id: id(),
  position: text("position").notNull(),
  kind: text("kind").notNull(),
  subject: text("subject").notNull(),
  at: time("at").notNull(),
  until: time("until").notNull(),
  deleted: boolean("deleted").notNull(),
});
const watchwordKey = pgTable("watchwordKey", {
  id: id(),
  slot: text("slot").notNull(),
  keyId: text("keyId").notNull(),
  algorithm: text("algorithm").notNull(),
  publicKey: text("publicKey").notNull(),
  privateKey: text("privateKey").notNull(),
  signsFrom: time("signsFrom").notNull(),
  retiredAt: time("retiredAt"),
  setAsideAt: time("setAsideAt"),
});

function drizzleStore(pool: pg.Pool): NonNullable<BetterAuthOptions["database"]> {
  const schema = { user, session, account, verification, watchwordRevocation, watchwordKey };
  return drizzleAdapter(drizzle(pool), { provider: "pg", schema, transaction: true });
}
