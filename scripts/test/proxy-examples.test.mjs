import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

beforeAll(async () => {
  // The example names no database, so Better Auth does not start; nothing here gets as far as a session.
  const { auth } = await import("../../docs/examples/auth.ts");
  await auth.$context.catch(() => {});
});

afterEach(() => vi.unstubAllGlobals());

describe("docs/examples/proxy-route.ts", () => {
  const ask = async (path, headers) => {
    const { GET } = await import("../../docs/examples/proxy-route.ts");
    const request = new Request(`http://localhost:3000/api/bff/${path}`, { headers });
    return GET(request, { params: Promise.resolve({ path: path.split("/") }) });
  };

  it.each([
    ["api/v1/posts", {}, 403, "foreign_page"],
    ["api/ada/tasks", { "x-countersign": "1", origin: "http://evil.test" }, 403, "foreign_page"],
    ["api/..%2fadmin", { "x-countersign": "1" }, 404, "not_found"],
    ["api/v1/posts", { "x-countersign": "1", upgrade: "websocket" }, 400, "upgrade_refused"],
  ])("answers %s with %j: %i %s", async (path, headers, status, code) => {
    const response = await ask(path, headers);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });
});

describe("docs/examples/proxy-browser.ts", () => {
  it("asks the proxy, says for whom, and carries no token", async () => {
    const sent = [];
    vi.stubGlobal("location", new URL("http://localhost:3000/tasks"));
    vi.stubGlobal("fetch", async (request) => {
      sent.push([
        request.url,
        request.headers.get("x-countersign-user"),
        request.headers.get("authorization"),
      ]);
      return Response.json({ items: [] });
    });
    const { listTasks } = await import("../../docs/examples/proxy-browser.ts");
    expect(await listTasks("ada/..")).toEqual({ items: [] });
    expect(sent).toEqual([["http://localhost:3000/api/bff/api/ada%2F../tasks", "ada/..", null]]);
  });
});

describe("docs/examples/proxy-server.ts", () => {
  it("asks nobody for who has no session", async () => {
    const { tokens } = await import("../../docs/examples/proxy-route.ts");
    vi.stubGlobal("fetch", () => expect.unreachable());
    vi.spyOn(tokens, "current").mockResolvedValueOnce(null);
    const { listOwnTasks } = await import("../../docs/examples/proxy-server.ts");
    expect(await listOwnTasks(new Headers())).toBeNull();
  });

  it("asks as the user of the session", async () => {
    const { tokens } = await import("../../docs/examples/proxy-route.ts");
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
