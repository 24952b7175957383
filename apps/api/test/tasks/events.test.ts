import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { changeableTasksIn } from "../../src/tasks/repository.ts";
import { EventReader } from "../event-reader.ts";
import { problemOf, startApi, type TestApi } from "../test-api.ts";
import { until } from "../until.ts";

let api: TestApi;
let readers: EventReader[];
beforeEach(async () => {
  api = await startApi();
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) reader.stop();
  await api.close();
});

const path = "/api/ada/tasks/events";

async function watch(
  headers: Record<string, string> = {},
  user = "ada",
  lifetime = 900,
): Promise<EventReader> {
  const token = api.tokenOf(user, { exp: Math.floor(api.clock.now()) + lifetime });
  const reader = await EventReader.open(`http://127.0.0.1:${api.port}/api/${user}/tasks/events`, {
    Authorization: `Bearer ${token}`,
    ...headers,
  });
  readers.push(reader);
  return reader;
}

async function addTask(title: string, user = "ada"): Promise<{ id: number }> {
  return (await (await api.as(user, "POST", `/api/${user}/tasks`, { title })).json()) as { id: number };
}

/** Many changes of one task in one transaction, past the routes: nobody is woken. */
async function changeOften(times: number): Promise<void> {
  await api.database.owned.writing("ada", async (mine) => {
    const tasks = changeableTasksIn(mine, api.clock);
    const { id } = await tasks.create({ title: "often", completed: false });
    for (let change = 1; change < times; change += 1) await tasks.change(id, { completed: true });
  });
}

describe("the stream of a user's changes", () => {
  it("begins with the time to wait and the newest number", async () => {
    await addTask("before");
    const reader = await watch();
    expect(await reader.text(2)).toBe("retry: 1000\n\nid: 1\nevent: ready\ndata: {}\n\n");
    expect(reader.headers.get("content-type")).toBe("text/event-stream");
    expect(reader.headers.get("cache-control")).toBe("no-store");
    expect(reader.headers.get("x-accel-buffering")).toBe("no");
  });

  it("tells what happens, with the task as it is then", async () => {
    const reader = await watch();
    const { id } = await addTask("Buy ü\n\u2028 milk");
    const created = await (await api.as("ada", "GET", `/api/ada/tasks/${id}`)).text();
    expect(await reader.text(3)).toMatch(
      new RegExp(`ready\\ndata: \\{\\}\\n\\nid: 1\\nevent: created\\ndata: \\{"task_id":${id},"task":`),
    );
    expect(reader.events.at(-1)?.data).toBe(`{"task_id":${id},"task":${created}}`);
    const changed = await (await api.as("ada", "PATCH", `/api/ada/tasks/${id}/complete`)).text();
    await reader.count(4);
    expect(reader.events.at(-1)).toEqual({
      id: "2",
      event: "updated",
      data: `{"task_id":${id},"task":${changed}}`,
    });
    await api.as("ada", "DELETE", `/api/ada/tasks/${id}`);
    await reader.count(5);
    expect(reader.events.at(-1)).toEqual({
      id: "3",
      event: "deleted",
      data: `{"task_id":${id},"task":null}`,
    });
  });

  it("tells another user nothing", async () => {
    const ofBob = await watch({}, "bob");
    const ofAda = await watch();
    await addTask("of ada");
    await ofAda.count(3);
    await addTask("of bob", "bob");
    await ofBob.count(3);
    expect(ofBob.events.map(({ event }) => event)).toEqual([undefined, "ready", "created"]);
    expect(ofBob.events.at(-1)).toMatchObject({ id: "1", data: expect.stringContaining("of bob") });
  });

  it("is refused under another user's URL and without a token", async () => {
    expect(await problemOf(await api.as("bob", "GET", path))).toMatchObject({ code: "wrong_subject" });
    expect(await problemOf(await api.fetch(path))).toMatchObject({ status: 401, code: "missing" });
    expect(api.watchers.count).toBe(0);
  });

  it("tells of changes that another process makes", async () => {
    const reader = await watch();
    const elsewhere = await openDatabase(api.store.location, api.clock);
    await elsewhere.owned.writing("ada", (mine) =>
      changeableTasksIn(mine, api.clock).create({ title: "elsewhere", completed: false }),
    );
    await reader.count(3);
    expect(reader.events.at(-1)).toMatchObject({ id: "1", event: "created" });
    await elsewhere.close();
  });

  it("records nothing for a change that was refused", async () => {
    const { id } = await addTask("t");
    await api.as("ada", "PATCH", `/api/ada/tasks/${id}`, { title: "" });
    await api.as("ada", "PATCH", `/api/ada/tasks/${id}`, {});
    await api.as("ada", "DELETE", `/api/ada/tasks/${id}`, undefined, { "If-Match": '"9"' });
    expect(await api.store.run("SELECT kind FROM task_changes")).toEqual([
      expect.objectContaining({ kind: "created" }),
    ]);
  });
});

describe("Last-Event-ID", () => {
  it("goes on with what came after it", async () => {
    await addTask("one");
    await addTask("two");
    await addTask("three");
    const reader = await watch({ "Last-Event-ID": "1" });
    await reader.count(4);
    expect(reader.events.map(({ id, event }) => [id, event])).toEqual([
      [undefined, undefined],
      ["2", "created"],
      ["3", "created"],
      ["3", "ready"],
    ]);
  });

  it("sends all of many changes before it is ready", async () => {
    await changeOften(250);
    const reader = await watch({ "Last-Event-ID": "0" });
    await reader.count(252);
    expect(reader.events.slice(1).map(({ id }) => Number(id))).toEqual([
      ...Array.from({ length: 250 }, (_, index) => index + 1),
      250,
    ]);
    expect(reader.events.at(-1)?.event).toBe("ready");
  });

  it("that is the newest makes nothing but ready", async () => {
    await addTask("one");
    const reader = await watch({ "Last-Event-ID": "1" });
    expect(await reader.text(2)).toBe("retry: 1000\n\nid: 1\nevent: ready\ndata: {}\n\n");
  });

  it("that is above the newest asks to load the list again", async () => {
    await addTask("one");
    const reader = await watch({ "Last-Event-ID": "2" });
    expect(await reader.text(2)).toBe("retry: 1000\n\nid: 1\nevent: reset\ndata: {}\n\n");
    await addTask("two");
    await reader.count(3);
    expect(reader.events.at(-1)).toMatchObject({ id: "2", event: "created" });
  });

  it("before what is kept asks to load the list again; the newest 1000 are kept", async () => {
    await changeOften(1003);
    expect(await api.store.run("SELECT min(id) AS first, max(id) AS last FROM task_changes")).toEqual([
      expect.objectContaining({ first: 4, last: 1003 }),
    ]);
    const late = await watch({ "Last-Event-ID": "2" });
    expect(await late.text(2)).toContain("id: 1003\nevent: reset\n");
    const inTime = await watch({ "Last-Event-ID": "3" });
    await inTime.count(1002);
    expect(inTime.events[1]).toMatchObject({ id: "4" });
    expect(inTime.events.at(-1)).toMatchObject({ id: "1003", event: "ready" });
  });

  it.each(["", "x", "-1", "1.0", "1234567890", "1, 2"])("%j counts as absent", async (id) => {
    await addTask("one");
    const reader = await watch({ "Last-Event-ID": id });
    expect(await reader.text(2)).toContain("id: 1\nevent: ready");
  });
});

describe("the end of a stream", () => {
  it("comes with the token's expiry", async () => {
    const reader = await watch({}, "ada", 60);
    await reader.count(2);
    api.clock.advance(60);
    expect(await reader.rest()).toContain('event: end\ndata: {"reason":"expired"}\n\n');
    expect(api.watchers.count).toBe(0);
  });

  it("comes at once for a token that is only good by the clocks' tolerance", async () => {
    const token = api.tokenOf("ada", {
      exp: Math.floor(api.clock.now()),
      iat: Math.floor(api.clock.now()) - 60,
    });
    const response = await api.fetch(path, { headers: { Authorization: `Bearer ${token}` } });
    expect(await response.text()).toMatch(/event: ready\n.*\n\nevent: end\ndata: {"reason":"expired"}\n\n$/);
  });

  it("comes to the oldest of more than twenty streams of one user", async () => {
    const oldest = await watch();
    const others = [];
    for (let index = 0; index < 19; index += 1) others.push(await watch());
    await watch({}, "bob");
    expect(api.watchers.count).toBe(21);
    const newest = await watch();
    expect(await oldest.rest()).toContain('event: end\ndata: {"reason":"replaced"}\n\n');
    await newest.count(2);
    expect(api.watchers.count).toBe(21);
  });

  it("comes with the server's, for new streams too", async () => {
    const reader = await watch();
    api.watchers.shutDown();
    expect(await reader.rest()).toContain('event: end\ndata: {"reason":"shutdown"}\n\n');
    const late = await watch();
    expect(await late.rest()).toContain('event: end\ndata: {"reason":"shutdown"}\n\n');
    expect(api.watchers.count).toBe(0);
  });

  it("comes to the streams that are picked out, and to no other", async () => {
    const reader = await watch();
    const other = await watch({}, "bob");
    api.watchers.end("revoked", ({ userId }) => userId === "ada");
    expect(await reader.rest()).toContain('event: end\ndata: {"reason":"revoked"}\n\n');
    await addTask("still", "bob");
    await other.count(3);
  });

  it("frees everything when the client goes", async () => {
    const reader = await watch();
    await reader.count(2);
    expect(api.watchers.count).toBe(1);
    reader.stop();
    await until(() => api.watchers.count === 0);
  });
});

describe("a quiet stream", () => {
  it("says every fifteen seconds that it is alive", async () => {
    const reader = await watch();
    await reader.count(2);
    api.clock.advance(15);
    expect(await reader.text(3)).toMatch(/: keep-alive\n\n$/);
    api.clock.advance(14);
    await addTask("not quiet");
    await reader.count(4);
    expect(reader.events.at(-1)?.event).toBe("created");
  });
});

describe("other methods", () => {
  it("HEAD answers the headers alone and opens no stream", async () => {
    const response = await api.as("ada", "HEAD", path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("content-length")).toBeNull();
    expect(await response.text()).toBe("");
    expect(api.watchers.count).toBe(0);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("%s is 405, before the token", async (method) => {
    const response = await api.fetch(path, { method });
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await problemOf(response)).toMatchObject({ status: 405, code: "method_not_allowed" });
  });
});
