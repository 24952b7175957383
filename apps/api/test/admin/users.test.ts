import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JsonLog } from "../../src/log.ts";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  const write = (line: string) => void lines.push(JSON.parse(line));
  api = await startApi({ log: new JsonLog(write) });
  for (const sub of ["bob", "Ada", "ärger"]) {
    const Authorization = `Bearer ${api.tokenOf(sub, { email: `${sub}@example.com` })}`;
    await api.fetch("/api/v1/users/me", { headers: { Authorization } });
  }
});
afterAll(() => api.close());

const list = (claims: Record<string, unknown>, query = "", headers: Record<string, string> = {}) =>
  api.fetch(`/api/v1/admin/users${query}`, {
    headers: { Authorization: `Bearer ${api.tokenOf("root", claims)}`, ...headers },
  });

describe("the list of users", () => {
  it("shows an administrator every profile, by id", async () => {
    const response = await list({ role: "user,admin" });
    expect(response.status).toBe(200);
    const moment = "2026-01-02T03:04:05.678Z";
    const profile = (id: string) => ({
      id,
      email: `${id}@example.com`,
      name: null,
      username: null,
      created_at: moment,
      updated_at: moment,
    });
    expect(await response.json()).toEqual({
      items: [profile("Ada"), profile("bob"), profile("ärger")],
      total: 3,
      limit: 50,
      offset: 0,
    });
  });

  it("comes in pages", async () => {
    const page = (await (await list({ role: "admin" }, "?limit=1&offset=1")).json()) as { items: object[] };
    expect(page).toMatchObject({ items: [{ id: "bob" }], total: 3, limit: 1, offset: 1 });
    expect(await problemOf(await list({ role: "admin" }, "?limit=0"))).toMatchObject({ status: 422 });
  });

  it.each([{}, { role: "user" }, { role: "Admin" }, { role: "administrator" }, { scope: "admin" }])(
    "is refused to %j",
    async (claims) => {
      expect(await problemOf(await list(claims))).toMatchObject({ status: 403, code: "insufficient_scope" });
    },
  );

  it("is refused without a token", async () => {
    expect((await api.fetch("/api/v1/admin/users")).status).toBe(401);
  });

  it("leaves one line in the log for each use, and none for a refused one", async () => {
    lines.length = 0;
    await list({ role: "admin" }, "", { "X-Request-Id": "request-0001" });
    await list({ role: "user" });
    expect(lines.filter((line) => line["event.name"] === "watchword.admin.read")).toMatchObject([
      { "http.request.id": "request-0001", "user.id": "root" },
    ]);
  });
});
