import { randomBytes } from "node:crypto";
import pg from "pg";

/** A database of its own on the PostgreSQL server of the tests. */
export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** @throws Error when no server is named: a test that needs one fails. */
export async function ownPostgresDatabase(): Promise<OwnDatabase> {
  const server = process.env["WATCHWORD_TEST_POSTGRES"];
  if (!server) {
    throw new Error(
      "WATCHWORD_TEST_POSTGRES is not set: name a PostgreSQL server, as its administrator, such as postgres://postgres@127.0.0.1:5432/postgres.",
    );
  }
  const name = `watchword_feed_${randomBytes(6).toString("hex")}`;
  await command(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(server, `drop database if exists ${name} with (force)`) };
}

async function command(server: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
