import { beforeEach, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("tasks are kept as their owner wrote them", (api: ApiCaller) => {
  let ann: User;
  let task: Task;
  const change = (method: string, path: string, json?: unknown, ifMatch?: string) =>
    api.ask(method, path, {
      token: ann.token,
      ...(json === undefined ? {} : { json }),
      ...(ifMatch === undefined ? {} : { headers: [["If-Match", ifMatch]] }),
    });

  beforeEach(async () => {
    ann = api.user();
    task = await api.addTask(ann, { title: "Buy milk", description: "two litres" });
  });

  it("a new task belongs to the caller, is open and of version 1", async () => {
    expect(task).toMatchObject({
      user_id: ann.id,
      title: "Buy milk",
      description: "two litres",
      completed: false,
      version: 1,
    });
    expect(task.updated_at).toBe(task.created_at);
    expect(Math.abs(Date.parse(task.created_at) - Date.now())).toBeLessThan(60_000);
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  it("a new task may be given a title alone, or be completed already", async () => {
    expect(await api.addTask(ann, { title: "x" })).toMatchObject({ description: null, completed: false });
    expect(await api.addTask(ann, { title: "x", description: null })).toMatchObject({ description: null });
    expect(await api.addTask(ann, { title: "x", description: "" })).toMatchObject({ description: "" });
    expect(await api.addTask(ann, { title: "x", completed: true })).toMatchObject({ completed: true });
  });

  it.each([
    ["of one character", "x"],
    ["of 200 characters", "x".repeat(200)],
    ["of 200 characters beyond the first plane", "\u{1f600}".repeat(200)],
    ["with white space around", "  two words \t\n"],
    ["of white space that is none of the four", "\u00a0"],
    ["of other scripts", "\u4f60\u597d \u0645\u0631\u062d\u0628\u0627 \u0928\u092e\u0938\u094d\u0924\u0947"],
    ["decomposed", "e\u0301"],
    ["with markup", "<script>alert(1)</script>&amp;"],
    ["with an SQL statement", "'; DROP TABLE tasks; --"],
    ["with control characters", "a\u0001\u001f\u007fb"],
    ["with line separators", "a\u2028b\u2029c"],
    ["with a byte order mark", "\ufeffa"],
    ["with a noncharacter", "a\uffff\ufdd0"],
  ])("a title %s comes back as it was", async (_what, title) => {
    const created = await api.addTask(ann, { title });
    expect(created.title).toBe(title);
    expect((await api.readTask(ann, created.id)).title).toBe(title);
  });

  it("a description of 2000 characters comes back as it was", async () => {
    for (const description of ["d".repeat(2000), "\u{1f600}".repeat(2000), " \n "]) {
      const created = await api.addTask(ann, { title: "x", description });
      expect((await api.readTask(ann, created.id)).description).toBe(description);
    }
  });

  it("PUT replaces all members and raises the version", async () => {
    const answer = await change("PUT", taskOf(ann, task.id), {
      title: "Buy tea",
      description: null,
      completed: true,
    });
    const replaced = answer.json() as Task;
    expect(replaced).toEqual({
      ...task,
      title: "Buy tea",
      description: null,
      completed: true,
      version: 2,
      updated_at: replaced.updated_at,
    });
    expect(replaced.updated_at >= task.updated_at).toBe(true);
    expect(await api.readTask(ann, task.id)).toEqual(replaced);
  });

  it("PUT raises the version also when it says what already is", async () => {
    const { title, description, completed } = task;
    const answer = await change("PUT", taskOf(ann, task.id), { title, description, completed });
    expect((answer.json() as Task).version).toBe(2);
  });

  it("PUT to a row that does not exist creates none", async () => {
    const before = await api.listTasks(ann);
    const json = { title: "x", description: null, completed: false };
    expectRefusal(await change("PUT", taskOf(ann, 999_999_999), json), "not_found");
    expect(await api.listTasks(ann)).toEqual(before);
  });

  it.each([
    [{ title: "Buy tea" }],
    [{ description: "three litres" }],
    [{ description: null }],
    [{ completed: true }],
    [{ title: "Buy tea", completed: true }],
  ])("PATCH %j changes that and nothing else", async (members) => {
    const changed = (await change("PATCH", taskOf(ann, task.id), members)).json() as Task;
    expect(changed).toEqual({ ...task, ...members, version: 2, updated_at: changed.updated_at });
    expect(await api.readTask(ann, task.id)).toEqual(changed);
  });

  it("PATCH with an empty object changes nothing and keeps the version", async () => {
    expect((await change("PATCH", taskOf(ann, task.id), {})).json()).toEqual(task);
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  it("complete toggles without a body and with an empty object", async () => {
    const path = `${taskOf(ann, task.id)}/complete`;
    expect((await change("PATCH", path)).json()).toMatchObject({ completed: true, version: 2 });
    expect((await change("PATCH", path, {})).json()).toMatchObject({ completed: false, version: 3 });
    const empty = await api.ask("PATCH", path, {
      token: ann.token,
      headers: [
        ["Content-Type", "application/json"],
        ["Content-Length", "0"],
      ],
    });
    expect(empty.json()).toMatchObject({ completed: true, version: 4 });
  });

  it("complete sets what the body says, however often", async () => {
    const path = `${taskOf(ann, task.id)}/complete`;
    expect((await change("PATCH", path, { completed: true })).json()).toMatchObject({ completed: true });
    expect((await change("PATCH", path, { completed: true })).json()).toMatchObject({ completed: true });
    expect((await change("PATCH", path, { completed: false })).json()).toMatchObject({ completed: false });
    expect((await api.readTask(ann, task.id)).title).toBe(task.title);
  });

  it("DELETE removes the row, and a second time there is none", async () => {
    expect((await change("DELETE", taskOf(ann, task.id))).status).toBe(204);
    expectRefusal(await change("DELETE", taskOf(ann, task.id)), "not_found");
    expectRefusal(await change("GET", taskOf(ann, task.id)), "not_found");
    expect((await api.listTasks(ann)).total).toBe(0);
  });

  it("the id of a deleted task is not given again", async () => {
    await change("DELETE", taskOf(ann, task.id));
    expect((await api.addTask(ann)).id).toBeGreaterThan(task.id);
  });

  it("the row id may be written with leading zeros", async () => {
    const padded = String(task.id).padStart(9, "0");
    expect((await change("GET", taskOf(ann, padded))).json()).toEqual(task);
  });

  const writes = [
    ["PUT", "", { title: "x", description: null, completed: false }],
    ["PATCH", "", { title: "x" }],
    ["PATCH", "/complete", undefined],
    ["DELETE", "", undefined],
  ] as const;
  for (const [method, rest, json] of writes) {
    for (const value of ['"1"', "*", '"7", "1"', '"7","1" , "8"', ' "1" '])
      it(`${method} …${rest} goes through with If-Match: ${value}`, async () => {
        const answer = await change(method, `${taskOf(ann, task.id)}${rest}`, json, value);
        expect(answer.status).toBe(method === "DELETE" ? 204 : 200);
      });
    for (const value of [
      '"2"',
      'W/"1"',
      "1",
      "'1'",
      '"1',
      '1"',
      '""',
      "",
      '"01"',
      '"1" "1"',
      '"*"',
      "W/*",
      "abc",
      ",",
    ])
      it(`${method} …${rest} is 412 with If-Match: ${value} and changes nothing`, async () => {
        expectRefusal(
          await change(method, `${taskOf(ann, task.id)}${rest}`, json, value),
          "precondition_failed",
        );
        expect(await api.readTask(ann, task.id)).toEqual(task);
      });
  }

  it("If-Match in several headers is one list", async () => {
    const headers = [
      ["If-Match", '"7"'],
      ["If-Match", '"1"'],
    ] as const;
    const answer = await api.ask("PATCH", taskOf(ann, task.id), {
      token: ann.token,
      headers,
      json: { title: "x" },
    });
    expect(answer.status).toBe(200);
  });

  it("a stale version loses: of two writers with the same tag one goes through", async () => {
    const write = (title: string) => change("PATCH", taskOf(ann, task.id), { title }, '"1"');
    const statuses = (await Promise.all([write("one"), write("two"), write("three")])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 412, 412]);
    expect((await api.readTask(ann, task.id)).version).toBe(2);
  });

  it("faulty members are 422 before the version is compared", async () => {
    expectRefusal(await change("PATCH", taskOf(ann, task.id), { title: 7 }, '"9"'), "validation_failed");
  });

  it("an empty change with a stale version is 412", async () => {
    expectRefusal(await change("PATCH", taskOf(ann, task.id), {}, '"9"'), "precondition_failed");
  });

  it("parallel toggles are all counted", async () => {
    const path = `${taskOf(ann, task.id)}/complete`;
    await Promise.all(Array.from({ length: 10 }, () => change("PATCH", path)));
    expect(await api.readTask(ann, task.id)).toMatchObject({ completed: false, version: 11 });
  });

  it("tasks created in parallel are all there", async () => {
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, index) => api.addTask(ann, { title: `t${index}` })),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(20);
    expect((await api.listTasks(ann)).total).toBe(21);
  });
});
