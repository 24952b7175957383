import { describe, expect, it, vi } from "vitest";
import { createProxy, createSessionTokens } from "../../src/adapters/next.ts";
import { ConfigurationError } from "../../src/index.ts";
import { routes, stage, until } from "./proxy-stage.ts";

const requestIdForm = /^[A-Za-z0-9_-]{8,64}$/;
const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

describe("the audit", () => {
  it("says who asked for which route and what came of it, and holds no token, cookie or path", async () => {
    const { ask, ada, signedIn, events } = await stage();
    const bob = await signedIn("bob");
    await ask(`/api/${ada.userId}/tasks/7?q=secret-text`, { headers: { "x-request-id": "request-0001" } });
    await ask(`/api/${bob.userId}/tasks`);
    await until(() => events.length === 2);
    expect(events).toMatchObject([
      {
        name: "watchword.proxy.forwarded",
        method: "GET",
        route: "/api/{user_id}/tasks/**",
        status: 200,
        userId: ada.userId,
        sessionId: ada.sessionId,
        requestId: "request-0001",
      },
      {
        name: "watchword.proxy.refused",
        status: 403,
        code: "wrong_subject",
        userId: ada.userId,
        requestId: expect.stringMatching(requestIdForm),
      },
    ]);
    const text = JSON.stringify(events);
    expect(text).not.toMatch(jwt);
    for (const secret of ["secret-text", bob.userId, "session_token"]) expect(text).not.toContain(secret);
  });

  it.each([
    ["the page's own", "request-0001"],
    ["one that the proxy makes where there is none", undefined],
    ["one that the proxy makes where the page's may not stand in a log", "a b c d e f"],
  ])("names one request everywhere: %s", async (_, given) => {
    const { auth, events, ask, ada, upstream } = await stage();
    const issuing = vi.spyOn(auth.api, "getToken");
    const answer = await ask(`/api/${ada.userId}/tasks`, {
      headers: given === undefined ? {} : { "x-request-id": given },
    });
    const [[issued] = []] = issuing.mock.calls;
    issuing.mockRestore();
    await until(() => events.length === 1);
    const id = events[0]?.requestId;
    if (given === "request-0001") expect(id).toBe(given);
    else expect(id).toMatch(requestIdForm);
    expect(new Headers(issued?.headers).get("x-request-id")).toBe(id);
    expect(upstream.arrived[0]?.headers["x-request-id"]).toBe(id);
    expect(answer.headers.get("x-request-id")).toBe(id);
  });

  it("changes nothing when it fails", async () => {
    const { ask, ada } = await stage({
      onEvent: () => {
        throw new Error("The log is full.");
      },
    });
    expect((await ask(`/api/${ada.userId}/tasks`)).status).toBe(200);
  });
});

describe("options that cannot be right", () => {
  const tokens = createSessionTokens({ auth: () => expect.unreachable() });
  const good = { tokens, upstream: "https://api.test", origin: "https://app.test", routes };

  it.each([
    ["an upstream in the clear", { upstream: "http://api.test" }],
    ["an upstream that is no address", { upstream: "api.test" }],
    ["an upstream with a query", { upstream: "https://api.test/?a" }],
    ["an origin with a path", { origin: "https://app.test/app" }],
    ["no routes", { routes: [] }],
    ["a route of everything", { routes: ["/**"] }],
    ["a route with dots", { routes: ["/api/../admin"] }],
    ["a route without a slash", { routes: ["api"] }],
    ["a route with two stars in the middle", { routes: ["/api/**/tasks"] }],
    ["an anonymous route of a user", { routes: [{ path: "/api/{user_id}", anonymous: true }] }],
    ["an unknown method", { methods: ["TRACE"] }],
    ["a header that must not pass", { requestHeaders: ["Cookie"] }],
    ["a header of the way back that must not pass", { responseHeaders: ["Set-Cookie"] }],
    ["a size that is none", { maxBodyBytes: -1 }],
    ["a time that is none", { timeoutSeconds: 0 }],
  ])("%s stops the start", (_name, wrong) => {
    expect(() => createProxy({ ...good, ...wrong })).toThrow(ConfigurationError);
  });

  it("an upstream in the clear is taken where that is spelled out", () => {
    expect(createProxy({ ...good, upstream: "http://api:8000", allowHttp: true })).toBeTypeOf("function");
  });
});
