import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeEach(async () => {
  await api?.close();
  api = await startApi();
});
afterAll(() => api.close());

const started = "2026-01-02T03:04:05.678Z";
const later = "2026-01-02T03:04:06.678Z";
const tasks = "/api/ada/tasks";

async function create(body: Record<string, unknown> = { title: "Buy milk" }, user = "ada") {
  const response = await api.as(user, "POST", `/api/${user}/tasks`, body);
  return (await response.json()) as { id: number };
}
async function read(response: Response | Promise<Response>) {
  const { status, headers } = await response;
  return { status, etag: headers.get("etag"), task: await (await response).json() };
}

describe("POST", () => {
  it("makes a task of the caller with version 1", async () => {
    const created = await read(api.as("ada", "POST", tasks, { title: "Buy milk" }));
    expect(created).toEqual({
      status: 201,
      etag: '"1"',
      task: {
        id: 1,
        user_id: "ada",
        title: "Buy milk",
        description: null,
        completed: false,
        version: 1,
        created_at: started,
        updated_at: started,
      },
    });
  });

  it("gives the task to the token's subject whatever the body says", async () => {
    const { task } = await read(
      api.as("ada", "POST", tasks, { title: "t", user_id: "bob", owner: "bob", id: 77, version: 9 }),
    );
    expect(task).toMatchObject({ id: 1, user_id: "ada", version: 1 });
  });

  it("keeps description and completed as sent", async () => {
    const { task } = await read(
      api.as("ada", "POST", tasks, { title: "t", description: "", completed: true }),
    );
    expect(task).toMatchObject({ description: "", completed: true });
  });
});

describe("GET of one task", () => {
  it("answers the task with its entity tag", async () => {
    await create();
    expect(await read(api.as("ada", "GET", `${tasks}/1`))).toMatchObject({ status: 200, etag: '"1"' });
  });

  it("reads an id with leading zeros as its number", async () => {
    await create();
    expect((await api.as("ada", "GET", `${tasks}/01`)).status).toBe(200);
  });

  it.each([
    "abc",
    "0",
    "-1",
    "1.0",
    "1e0",
    "+1",
    "%201",
    "1_0",
    "٢",
    "１",
    "1234567890",
    "null",
    "1;2",
    "1,2",
  ])("answers 404 for the id %s", async (id) => {
    await create();
    expect(await problemOf(await api.as("ada", "GET", `${tasks}/${id}`))).toMatchObject({
      status: 404,
      code: "not_found",
    });
  });
});

describe("PUT", () => {
  it("takes all members, adds one to the version and moves updated_at", async () => {
    await create({ title: "old", description: "old" });
    api.clock.advance(1);
    const body = { title: "new", description: null, completed: true };
    expect(await read(api.as("ada", "PUT", `${tasks}/1`, body))).toMatchObject({
      status: 200,
      etag: '"2"',
      task: { ...body, version: 2, created_at: started, updated_at: later },
    });
  });

  it.each([[{ title: "new", description: null, completed: true }], [{ title: "new" }], [{}]])(
    "never creates by %j",
    async (body) => {
      expect((await api.as("ada", "PUT", `${tasks}/1`, body)).status).toBe(404);
      expect(await (await api.as("ada", "GET", tasks)).json()).toMatchObject({ total: 0 });
    },
  );

  it.each([
    [{ title: "new" }],
    [{ description: null }],
    [{ completed: true }],
    [{ description: "new", completed: true }],
  ])("changes the members sent and keeps the rest: %j", async (members) => {
    await create({ title: "old", description: "old" });
    expect(await read(api.as("ada", "PUT", `${tasks}/1`, members))).toMatchObject({
      etag: '"2"',
      task: { title: "old", description: "old", completed: false, ...members, version: 2 },
    });
  });

  it.each([[{}], [{ unknown: 1 }]])("changes nothing by %j and keeps the version", async (members) => {
    await create({ title: "old" });
    api.clock.advance(1);
    expect(await read(api.as("ada", "PUT", `${tasks}/1`, members))).toMatchObject({
      etag: '"1"',
      task: { title: "old", updated_at: started },
    });
  });

  it("compares the version before it finds that nothing is sent", async () => {
    await create();
    const answer = await api.as("ada", "PUT", `${tasks}/1`, {}, { "If-Match": '"9"' });
    expect(await problemOf(answer)).toMatchObject({ status: 412, code: "precondition_failed" });
  });

  it("names every faulty member", async () => {
    await create();
    const body = { completed: "yes", title: null };
    expect(await problemOf(await api.as("ada", "PUT", `${tasks}/1`, body))).toMatchObject({
      status: 422,
      errors: [
        { in: "body", pointer: "/title", code: "invalid_type" },
        { in: "body", pointer: "/completed", code: "invalid_type" },
      ],
    });
  });
});

describe("PATCH", () => {
  it("changes what is sent and nothing else", async () => {
    await create({ title: "old", description: "kept" });
    api.clock.advance(1);
    expect(await read(api.as("ada", "PATCH", `${tasks}/1`, { title: "new" }))).toMatchObject({
      task: { title: "new", description: "kept", completed: false, version: 2, updated_at: later },
    });
  });

  it.each([{}, { user_id: "bob", id: 5 }])("changes nothing for %j", async (body) => {
    await create();
    api.clock.advance(1);
    expect(await read(api.as("ada", "PATCH", `${tasks}/1`, body))).toMatchObject({
      status: 200,
      etag: '"1"',
      task: { user_id: "ada", version: 1, updated_at: started },
    });
  });
});

describe("PATCH …/complete", () => {
  const complete = (body?: unknown) => api.as("ada", "PATCH", `${tasks}/1/complete`, body);

  it("toggles without a body", async () => {
    await create();
    expect(await read(complete())).toMatchObject({ status: 200, task: { completed: true, version: 2 } });
    expect(await read(complete())).toMatchObject({ task: { completed: false, version: 3 } });
  });

  it("toggles for an empty object", async () => {
    await create();
    expect(await read(complete({}))).toMatchObject({ task: { completed: true } });
  });

  it("sets when the body says so", async () => {
    await create();
    expect(await read(complete({ completed: false }))).toMatchObject({
      task: { completed: false, version: 2 },
    });
  });

  it("refuses what is no boolean", async () => {
    await create();
    expect(await problemOf(await complete({ completed: "yes" }))).toMatchObject({
      status: 422,
      errors: [{ in: "body", pointer: "/completed", code: "invalid_type" }],
    });
  });
});

describe("DELETE", () => {
  it("removes the task and answers 204 without a body", async () => {
    await create();
    const response = await api.as("ada", "DELETE", `${tasks}/1`);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
    expect((await api.as("ada", "DELETE", `${tasks}/1`)).status).toBe(404);
  });

  it("never gives the id to another task", async () => {
    await create();
    await api.as("ada", "DELETE", `${tasks}/1`);
    expect((await create()).id).toBe(2);
  });
});

describe("If-Match", () => {
  const patch = (ifMatch: string) =>
    api.as("ada", "PATCH", `${tasks}/1`, { title: "new" }, { "If-Match": ifMatch });

  it.each(["*", '"1"', '"0", "1"', '"0","1","2"', 'W/"1", "1"'])("lets %s pass", async (ifMatch) => {
    await create();
    expect((await patch(ifMatch)).status).toBe(200);
  });

  it.each(['"2"', 'W/"1"', "1", '"1', '"1" "2"', '"1",', "*, *", "'1'", '"01"', ""])(
    "refuses %j with 412 and changes nothing",
    async (ifMatch) => {
      await create();
      expect(await problemOf(await patch(ifMatch))).toMatchObject({
        status: 412,
        code: "precondition_failed",
      });
      expect(await read(api.as("ada", "GET", `${tasks}/1`))).toMatchObject({ task: { version: 1 } });
    },
  );

  it("holds for DELETE and …/complete", async () => {
    await create();
    const stale = { "If-Match": '"9"' };
    expect((await api.as("ada", "DELETE", `${tasks}/1`, undefined, stale)).status).toBe(412);
    expect((await api.as("ada", "PATCH", `${tasks}/1/complete`, undefined, stale)).status).toBe(412);
    expect(await read(api.as("ada", "GET", `${tasks}/1`))).toMatchObject({ task: { version: 1 } });
  });

  it("lets exactly one of many concurrent changes of a version through", async () => {
    await create();
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch('"1"')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  });
});

describe("the members of a body", () => {
  const faultsOf = async (body: unknown) => {
    const { status, errors } = await problemOf(await api.as("ada", "POST", tasks, body));
    return { status, errors };
  };
  const fault = (pointer: string, code: string) => ({ status: 422, errors: [{ in: "body", pointer, code }] });

  it.each([[[]], [null], ["text"], [1], [true]])("are not in %j", async (body) => {
    expect(await faultsOf(JSON.stringify(body))).toEqual(fault("", "invalid_type"));
  });

  it.each<[string, unknown]>([
    ["required", {}],
    ["invalid_type", { title: 1 }],
    ["invalid_type", { title: null }],
    ["invalid_type", { title: ["t"] }],
    ["invalid_text", { title: "a\u0000b" }],
    ["invalid_text", '{"title":"\\ud800"}'],
    ["invalid_text", '{"title":"\\udc00\\ud800"}'],
    ["too_short", { title: "" }],
    ["blank", { title: " \t\r\n" }],
    ["too_long", { title: "x".repeat(201) }],
    ["too_long", { title: "😀".repeat(201) }],
    ["too_long", { title: " ".repeat(201) }],
    ["invalid_text", { title: "\u0000".repeat(201) }],
  ])("are refused: title is %s in %j", async (code, body) => {
    expect(await faultsOf(body)).toEqual(fault("/title", code));
  });

  it("are counted in code points, so that 200 emoji fit", async () => {
    expect((await api.as("ada", "POST", tasks, { title: "😀".repeat(200) })).status).toBe(201);
  });

  it("may be white space beyond space, tab, line feed and carriage return", async () => {
    expect((await api.as("ada", "POST", tasks, { title: "\u00a0" })).status).toBe(201);
  });

  it("are all named, one fault each, in the document's order", async () => {
    const body = { completed: null, description: "x".repeat(2001), title: 5 };
    expect(await faultsOf(body)).toEqual({
      status: 422,
      errors: [
        { in: "body", pointer: "/title", code: "invalid_type" },
        { in: "body", pointer: "/description", code: "too_long" },
        { in: "body", pointer: "/completed", code: "invalid_type" },
      ],
    });
  });

  it.each([1, 0, "true", "", []])("are strict: completed is not %j", async (completed) => {
    expect(await faultsOf({ title: "t", completed })).toEqual(fault("/completed", "invalid_type"));
  });

  it("are not taken from a prototype", async () => {
    expect(await faultsOf('{"__proto__":{"title":"t"}}')).toEqual(fault("/title", "required"));
  });
});
