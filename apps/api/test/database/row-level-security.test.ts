import { Client, type ClientBase } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkIsolation } from "../../src/database/postgres.ts";
import { startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
let login: Client;
let superuser: Client;

/** Both users have a row in every table. */
beforeAll(async () => {
  api = await startApi({ store: "postgres" });
  for (const user of ["ada", "bob"]) {
    await api.as(user, "GET", "/api/v1/users/me");
    await api.as(user, "POST", `/api/${user}/chat`, { message: `add ${user}'s task` });
    await api.as(user, "POST", "/api/v1/posts", { title: user, body: "b", is_private: true });
  }
  login = new Client({ connectionString: api.store.url });
  const admin = new URL(process.env["WATCHWORD_TEST_POSTGRES"] ?? "");
  admin.pathname = new URL(api.store.url).pathname;
  superuser = new Client({ connectionString: admin.href });
  await login.connect();
  await superuser.connect();
});
afterAll(async () => {
  await login.end();
  await superuser.end();
  await api.close();
});

const tables = {
  profiles: "id",
  tasks: "user_id",
  task_changes: "user_id",
  conversations: "user_id",
  messages: "user_id",
  posts: "user_id",
};

/** Runs broken queries as the API's transactions do, and undoes them. */
async function asOwner<Result>(
  owner: string,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  await login.query("BEGIN");
  try {
    await login.query("SET LOCAL ROLE watchword_api");
    await login.query("SELECT set_config('watchword.owner', $1, true)", [owner]);
    return await work(login);
  } finally {
    await login.query("ROLLBACK");
  }
}

describe.each(Object.entries(tables))("a broken query on %s", (table, owner) => {
  it("without any condition sees the owner's rows alone", async () => {
    const { rows: all } = await superuser.query(
      `SELECT DISTINCT ${owner} AS owner FROM api.${table} ORDER BY 1`,
    );
    expect(all).toEqual([{ owner: "ada" }, { owner: "bob" }]);
    const { rows } = await asOwner("ada", (client) =>
      client.query(`SELECT DISTINCT ${owner} AS owner FROM api.${table}`),
    );
    expect(rows).toEqual([{ owner: "ada" }]);
  });

  it("without an owner sees nothing", async () => {
    const { rows } = await asOwner("", (client) => client.query(`SELECT * FROM api.${table}`));
    expect(rows).toEqual([]);
  });

  it("deletes and changes nothing of another owner", async () => {
    const counts = await asOwner("ada", async (client) => {
      const before = await client.query(`SELECT * FROM api.${table}`);
      const deleted = await client.query(`DELETE FROM api.${table}`);
      return [before.rowCount, deleted.rowCount];
    });
    expect(counts[0]).toBe(counts[1]);
  });

  it("cannot give a row to another owner", async () => {
    const given = asOwner("ada", (client) => client.query(`UPDATE api.${table} SET ${owner} = 'eve'`));
    await expect(given).rejects.toThrow(expect.objectContaining({ code: "42501" }));
  });
});

describe("a row for another owner", () => {
  it.each([
    ["profiles", "id, created_at, updated_at", "'eve', '', ''"],
    ["tasks", "user_id, title, created_at, updated_at", "'eve', 't', '', ''"],
    ["task_changes", "user_id, id, task_id, kind, changed_at", "'eve', 1, 1, 'created', ''"],
    ["conversations", "user_id, title, created_at, updated_at", "'eve', 't', '', ''"],
    ["messages", "user_id, conversation_id, role, content, created_at", "'eve', 1, 'user', 'c', ''"],
    ["posts", "user_id, title, body, created_at, updated_at", "'eve', 't', 'b', '', ''"],
  ])("is refused by the database in %s", async (table, columns, values) => {
    const insert = asOwner("ada", (client) =>
      client.query(`INSERT INTO api.${table} (${columns}) VALUES (${values})`),
    );
    await expect(insert).rejects.toThrow(expect.objectContaining({ code: "42501" }));
  });
});

describe("the login itself", () => {
  it("sees no row outside the API's transactions, although it owns the tables", async () => {
    const { rows } = await login.query("SELECT * FROM api.tasks");
    expect(rows).toEqual([]);
  });
});

describe("the check at the start", () => {
  const check = async (change: string) => {
    await superuser.query("BEGIN");
    await superuser.query(change);
    // Nothing of the change remains: the check ends the transaction.
    return checkIsolation(superuser);
  };

  it("accepts the tables as the migrations make them", async () => {
    await expect(check("SELECT 1")).resolves.toBeUndefined();
  });

  it.each([
    ["ALTER ROLE watchword_api BYPASSRLS", "bypasses row-level security"],
    ["ALTER ROLE watchword_api SUPERUSER", "bypasses row-level security"],
    ["ALTER TABLE api.tasks NO FORCE ROW LEVEL SECURITY", "not forced on api.tasks"],
    ["ALTER TABLE api.posts DISABLE ROW LEVEL SECURITY", "not forced on api.posts"],
  ])("refuses after %s", async (change, words) => {
    await expect(check(change)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(words) }),
    );
  });
});
