import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
let foreign: number;

beforeAll(async () => {
  api = await startApi();
  await api.as("ada", "POST", "/api/ada/tasks", { title: "of ada" });
  const created = await api.as("bob", "POST", "/api/bob/tasks", { title: "secret of bob" });
  foreign = ((await created.json()) as { id: number }).id;
});
afterAll(() => api.close());

const whole = { title: "taken", description: null, completed: true };
const operations: [string, string, unknown][] = [
  ["GET", "", undefined],
  ["PUT", "", whole],
  ["PATCH", "", { title: "taken" }],
  ["DELETE", "", undefined],
  ["PATCH", "/complete", undefined],
];

async function answer(user: string, method: string, path: string, body: unknown) {
  const response = await api.as(user, method, path, body, { "X-Request-Id": "request-0001" });
  const headers = [...response.headers].filter(([name]) => name !== "date");
  return { status: response.status, headers, body: await response.text() };
}

describe("two users", () => {
  it.each(operations)("another user's URL is 403: %s %s", async (method, suffix, body) => {
    const onRow = await answer("ada", method, `/api/bob/tasks/${foreign}${suffix}`, body);
    const onNothing = await answer("ada", method, `/api/nobody/tasks/999${suffix}`, body);
    expect(onRow.status).toBe(403);
    expect(onRow).toEqual(onNothing);
  });

  it.each(operations)(
    "another user's row under one's own URL is the same 404 as no row: %s %s",
    async (method, suffix, body) => {
      const onForeign = await answer("ada", method, `/api/ada/tasks/${foreign}${suffix}`, body);
      const onNothing = await answer("ada", method, `/api/ada/tasks/999${suffix}`, body);
      expect(onForeign.status).toBe(404);
      expect(onForeign).toEqual(onNothing);
    },
  );

  it("leave each other's rows as they were", async () => {
    const task = await (await api.as("bob", "GET", `/api/bob/tasks/${foreign}`)).json();
    expect(task).toMatchObject({ user_id: "bob", title: "secret of bob", completed: false, version: 1 });
    expect(await (await api.as("ada", "GET", "/api/ada/tasks")).json()).toMatchObject({ total: 1 });
  });

  it("see lists of their own only", async () => {
    const text = await (await api.as("ada", "GET", "/api/ada/tasks?q=o")).text();
    expect(text).toContain("of ada");
    expect(text).not.toContain("bob");
  });

  it.each(["ADA", "ada%20", "%20ada", "ada;bob", "ada,bob", "me", "null", "*", "ad%C3%A1", "ada%E2%80%8B"])(
    "are told apart byte for byte: /api/%s is not ada's",
    async (userId) => {
      expect((await api.as("ada", "GET", `/api/${userId}/tasks`)).status).toBe(403);
    },
  );

  it("may have ids that need encoding", async () => {
    const sub = "ö ü+&@=😀";
    const list = await api.as(sub, "GET", `/api/${encodeURIComponent(sub)}/tasks`);
    expect(list.status).toBe(200);
  });

  it("are not named by headers", async () => {
    const response = await api.as("ada", "GET", "/api/ada/tasks", undefined, {
      "X-User-Id": "bob",
      "X-Forwarded-User": "bob",
      Cookie: "user_id=bob",
    });
    expect(await response.text()).not.toContain("bob");
  });
});
