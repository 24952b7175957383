import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeEach(async () => {
  api = await startApi({ poolSize: 1 });
});
afterEach(() => api.close());

const newTask = async (user: string, title = "t") =>
  (await (await api.as(user, "POST", `/api/${user}/tasks`, { title })).json()) as { id: number };

describe("many requests at once on one connection", () => {
  it("200 of two users in turn get their own rows and no other", async () => {
    const users = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? "ada" : "bob"));
    const made = await Promise.all(users.map((user, index) => newTask(user, `${user} ${index}`)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(200);
    const lists = await Promise.all(
      users.map(async (user) => {
        const response = await api.as(user, "GET", `/api/${user}/tasks?limit=100`);
        return (await response.json()) as { total: number; items: { user_id: string; title: string }[] };
      }),
    );
    for (const [index, { total, items }] of lists.entries()) {
      expect(total).toBe(100);
      expect(items.every(({ user_id, title }) => user_id === users[index] && title.startsWith(user_id))).toBe(
        true,
      );
    }
  });

  it("toggles lose nothing: an even number leaves the task as it was, with a version for each", async () => {
    const { id } = await newTask("ada");
    const toggle = () => api.as("ada", "PATCH", `/api/ada/tasks/${id}/complete`);
    const answers = await Promise.all(Array.from({ length: 40 }, toggle));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const tags = answers.map(({ headers }) => headers.get("etag"));
    expect(new Set(tags).size).toBe(40);
    expect(await (await api.as("ada", "GET", `/api/ada/tasks/${id}`)).json()).toMatchObject({
      completed: false,
      version: 41,
    });
    expect(await api.store.run("SELECT count(*) AS count FROM task_changes")).toMatchObject([
      { count: expect.toSatisfy((count) => Number(count) === 41) },
    ]);
  });

  it("of edits of the same version exactly one wins", async () => {
    const { id } = await newTask("ada");
    const edit = (index: number) =>
      api.as("ada", "PATCH", `/api/ada/tasks/${id}`, { title: `${index}` }, { "If-Match": '"1"' });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => edit(index)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });

  it("aborted ones leave the connection to the others", async () => {
    const abort = new AbortController();
    const headers = { Authorization: `Bearer ${api.tokenOf("ada")}` };
    const aborted = Array.from({ length: 50 }, () =>
      api.fetch("/api/ada/tasks", { headers, signal: abort.signal }).catch(() => undefined),
    );
    abort.abort();
    await Promise.all(aborted);
    expect((await api.as("bob", "GET", "/api/bob/tasks")).status).toBe(200);
  });
});

describe("erasing an owner", () => {
  it("deletes every row of that owner, and no other", async () => {
    for (const user of ["ada", "bob"]) {
      await newTask(user);
      await api.as(user, "GET", "/api/v1/users/me");
      await api.as(user, "POST", "/api/v1/posts", { title: user, body: "b" });
      await api.as(user, "POST", `/api/${user}/chat`, { message: "list" });
    }
    expect(await api.database.owned.erase("ada")).toMatchObject({
      profiles: 1,
      tasks: 1,
      posts: 1,
      conversations: 1,
    });
    for (const [table, owner] of [
      ["profiles", "id"],
      ["tasks", "user_id"],
      ["task_changes", "user_id"],
      ["conversations", "user_id"],
      ["messages", "user_id"],
      ["posts", "user_id"],
    ]) {
      expect(await api.store.run(`SELECT DISTINCT ${owner} AS owner FROM ${table}`)).toMatchObject([
        { owner: "bob" },
      ]);
    }
  });
});
