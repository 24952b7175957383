import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { ConfigurationError } from "watchword";
import { openSqlite } from "../lib/auth-database.ts";
import { migrateAuthTables, migrationLock } from "../lib/auth-migration.ts";
import { databaseSetting } from "../lib/database-setting.ts";
import {
  administratorUrl,
  asAdministrator,
  authRequest,
  cookieOf,
  describeStores,
  environment,
  freshAuth,
  openStore,
  storeNames,
} from "./stores.ts";

afterAll(() => {
  vi.unstubAllEnvs();
});

const tables = ["account", "session", "user", "verification"];

async function rows(databaseUrl: string, query: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

describeStores("the tables of users and sessions", (stage) => {
  it("are made at the start, in PostgreSQL in a schema of their own", async () => {
    const { name, databaseUrl } = stage();
    if (name === "SQLite") {
      const file = path.join(databaseUrl.slice("file:".length), "auth.sqlite");
      const database = new DatabaseSync(file, { readOnly: true });
      const found = database.prepare("select name from sqlite_master where type = 'table'").all();
      database.close();
      expect(found.map((row) => row["name"])).toEqual(expect.arrayContaining(tables));
      return;
    }
    const found = await rows(
      databaseUrl,
      "select schemaname, tablename from pg_tables where schemaname in ('auth', 'public') order by 2",
    );
    expect(found.filter(({ schemaname }) => schemaname === "public")).toEqual([]);
    expect(found.map(({ tablename }) => tablename)).toEqual(expect.arrayContaining(tables));
  });
});

describe.each(storeNames)("processes that start at once on %s", (name) => {
  it("prepare one set of tables, and all go on", async () => {
    const store = await openStore(name);
    try {
      const ends = await Promise.all(Array.from({ length: 3 }, () => prepareInProcess(store.databaseUrl)));
      expect(ends).toEqual(Array(3).fill({ code: 0, stderr: "" }));
    } finally {
      await store.remove();
    }
  });
});

/** Prepares the tables in a process of its own, as a server's start does. */
function prepareInProcess(databaseUrl: string): Promise<{ code: number; stderr: string }> {
  const auth = new URL("../lib/auth.ts", import.meta.url).href;
  const program = `const { prepareAuth } = await import(${JSON.stringify(auth)}); await prepareAuth(); process.exit(0);`;
  const env = { ...process.env, ...environment, DATABASE_URL: databaseUrl };
  return new Promise((resolve) => {
    const args = ["--input-type=module", "--eval", program];
    execFile(process.execPath, args, { env }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stderr });
    });
  });
}

describeStores(
  "a pool of one connection",
  (stage) => {
    it("is enough for many users at once: nobody waits for a connection that they hold themselves", async () => {
      const { auth } = stage();
      const statuses = await Promise.all(
        Array.from({ length: 8 }, async (_, number) => {
          const signedUp = await authRequest(auth, "/sign-up/email", {
            body: { name: "Ada", email: `ada-${number}@example.com`, password: "correct horse" },
          });
          const cookie = cookieOf(signedUp);
          const changed = await authRequest(auth, "/change-password", {
            body: {
              currentPassword: "correct horse",
              newPassword: "better horse",
              revokeOtherSessions: true,
            },
            cookie,
          });
          const token = await authRequest(auth, "/token", { cookie: cookieOf(changed) });
          return [signedUp.status, changed.status, token.status];
        }),
      );
      expect(statuses).toEqual(Array(8).fill([200, 200, 200]));
    });
  },
  { DATABASE_POOL_SIZE: "1" },
);

describe.each(storeNames)("tables of the project's earlier name on %s", (name) => {
  it("stop the start with a sentence that says what to remove", async () => {
    const store = await openStore(name);
    onTestFinished(() => store.remove());
    const table = `${["counter", "sign"].join("")}Revocation`;
    const setting = databaseSetting({ DATABASE_URL: store.databaseUrl });
    if (setting.kind === "sqlite") {
      const database = openSqlite(setting.folder);
      database.exec(`CREATE TABLE ${table} (id TEXT)`);
      database.close();
    } else {
      await rows(store.databaseUrl, `CREATE SCHEMA auth; CREATE TABLE auth."${table}" (id text)`);
    }
    await expect(migrateAuthTables(setting, (database) => ({ database }))).rejects.toThrow(
      expect.objectContaining({
        code: "misconfigured",
        message: expect.stringMatching(/earlier name\. (Remove the folder|Drop its schemas)/),
      }),
    );
  });
});

describe("the migration lock", () => {
  it("is the number that the contract gives it, and not the API's", () => {
    const { database } = JSON.parse(
      readFileSync(new URL("../../../contract/defaults.json", import.meta.url), "utf8"),
    );
    expect(database.postgres_auth_migration_lock.value).toBe(Number(migrationLock));
    expect(database.postgres_migration_lock.value).not.toBe(Number(migrationLock));
  });
});

describe("PostgreSQL that is not there", () => {
  const unreachable = "postgres://ada:s3cret-pass@127.0.0.1:1/nothing";

  it("stops the start with a sentence that names the setting and not the password", async () => {
    const { prepareAuth } = await freshAuth({ DATABASE_URL: unreachable });
    const error = await prepareAuth().catch((cause: unknown) => cause);
    expect((error as Error).name).toBe(ConfigurationError.name);
    expect((error as Error).message).toContain("DATABASE_URL");
    expect((error as Error).message).toContain("ECONNREFUSED");
    expect((error as Error).message).not.toContain("s3cret-pass");
  });

  it("leaves no folder behind", () => {
    expect(existsSync("postgres:")).toBe(false);
  });
});

describe("PostgreSQL that goes away and comes back", () => {
  it("gives 503 for a token meanwhile, and a token afterwards, in the same process", async () => {
    const door = await openDoor(administratorUrl());
    const database = `watchword_web_away_${process.pid}`;
    await asAdministrator(`CREATE DATABASE ${database}`);
    try {
      const { auth, prepareAuth } = await freshAuth({ DATABASE_URL: door.url(database) });
      await prepareAuth();
      const signedUp = await authRequest(auth, "/sign-up/email", {
        body: { name: "Ada", email: "ada@example.com", password: "correct horse" },
      });
      const cookie = cookieOf(signedUp);
      const token = () => authRequest(auth, "/token", { cookie });
      expect((await token()).status).toBe(200);
      await door.close();
      const refused = await token();
      expect([refused.status, (await refused.json()).code]).toEqual([503, "SESSION_STORE_UNAVAILABLE"]);
      await door.open();
      expect((await token()).status).toBe(200);
    } finally {
      await door.close();
      await asAdministrator(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  });
});

/** A way to the real server that can be shut, which breaks the connections that go through it. */
async function openDoor(target: string) {
  const { hostname, port, username, password } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  const credentials = password ? `${username}:${password}` : username;
  return {
    url: (database: string) => `postgres://${credentials}@127.0.0.1:${address.port}/${database}`,
    open: () => listen(address.port),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
