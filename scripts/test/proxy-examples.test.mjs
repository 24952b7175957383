import { getMigrations } from "better-auth/db/migration";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

// The database that the example names is in memory.
vi.mock("node:sqlite", async () => (await import("./sqlite-in-memory.mjs")).mocked());

let auth;
beforeAll(async () => {
  vi.stubEnv("BETTER_AUTH_SECRET", "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e");
  vi.stubEnv("BETTER_AUTH_TELEMETRY", "0");
  ({ auth } = await import("../../docs/examples/auth.ts"));
  await (await getMigrations(auth.options)).runMigrations();
});
afterAll(() => vi.unstubAllEnvs());

afterEach(() => vi.unstubAllGlobals());

describe("docs/examples/auth.ts", () => {
  it("gives a token to who has signed up", async () => {
    const origin = "http://localhost:3000";
    const signedUp = await auth.handler(
      new Request(`${origin}/api/auth/sign-up/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify({ email: "ada@app.test", password: "correct horse battery", name: "Ada" }),
      }),
    );
    const cookie = signedUp.headers.getSetCookie()[0].split(";", 1)[0];
    const answer = await auth.handler(new Request(`${origin}/api/auth/token`, { headers: { cookie } }));
    expect([answer.status, (await answer.json()).token]).toEqual([200, expect.any(String)]);
  });
});

it("docs/examples/auth-route.ts serves Better Auth", async () => {
  const { GET } = await import("../../docs/examples/auth-route.ts");
  const answer = await GET(new Request("http://localhost:3000/api/auth/ok"));
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
});

describe("docs/examples/proxy-route.ts", () => {
  const ask = async (path, headers) => {
    const { GET } = await import("../../docs/examples/proxy-route.ts");
    const request = new Request(`http://localhost:3000/api/bff/${path}`, { headers });
    return GET(request, { params: Promise.resolve({ path: path.split("/") }) });
  };

  it.each([
    ["api/v1/posts", {}, 403, "foreign_page"],
    ["api/ada/tasks", { "x-watchword": "1", origin: "http://evil.test" }, 403, "foreign_page"],
    ["api/..%2fadmin", { "x-watchword": "1" }, 404, "not_found"],
    ["api/v1/posts", { "x-watchword": "1", upgrade: "websocket" }, 400, "upgrade_refused"],
  ])("answers %s with %j: %i %s", async (path, headers, status, code) => {
    const response = await ask(path, headers);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });
});

it("docs/examples/proxy-route.ts exports what a route file may, and nothing else", async () => {
  const route = await import("../../docs/examples/proxy-route.ts");
  expect(Object.keys(route).sort()).toEqual(["DELETE", "GET", "PATCH", "POST", "PUT"]);
});

describe("docs/examples/proxy-browser.ts", () => {
  it("asks the proxy, says for whom, and carries no token", async () => {
    const sent = [];
    vi.stubGlobal("location", new URL("http://localhost:3000/tasks"));
    vi.stubGlobal("fetch", async (request) => {
      sent.push([request.url, request.headers.get("x-watchword-user"), request.headers.get("authorization")]);
      return Response.json({ items: [] });
    });
    const { listTasks } = await import("../../docs/examples/proxy-browser.ts");
    expect(await listTasks("ada/..")).toEqual({ items: [] });
    expect(sent).toEqual([["http://localhost:3000/api/bff/api/ada%2F../tasks", "ada/..", null]]);
  });
});

describe("docs/examples/proxy-server.ts", () => {
  it("asks nobody for who has no session", async () => {
    const { tokens } = await import("../../docs/examples/proxy-tokens.ts");
    vi.stubGlobal("fetch", () => expect.unreachable());
    vi.spyOn(tokens, "current").mockResolvedValueOnce(null);
    const { listOwnTasks } = await import("../../docs/examples/proxy-server.ts");
    expect(await listOwnTasks(new Headers())).toBeNull();
  });

  it("asks as the user of the session", async () => {
    const { tokens } = await import("../../docs/examples/proxy-tokens.ts");
    const sent = [];
    vi.spyOn(tokens, "current").mockResolvedValueOnce({ userId: "ada", token: "t" });
    vi.stubGlobal("fetch", async (url, { headers }) => {
      sent.push([url, headers.Authorization]);
      return Response.json({ items: [] });
    });
    const { listOwnTasks } = await import("../../docs/examples/proxy-server.ts");
    expect(await listOwnTasks(new Headers())).toEqual({ items: [] });
    expect(sent).toEqual([["http://localhost:8000/api/ada/tasks", "Bearer t"]]);
  });
});
