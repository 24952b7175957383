import { describe, expect, it } from "vitest";
import { post } from "../issuer/real-auth.ts";
import { stage, until } from "./proxy-stage.ts";

describe("what reaches the API", () => {
  it("is the request with exactly one Authorization, that of the session's user", async () => {
    const { ask, ada, upstream } = await stage();
    const answer = await ask(`/api/${ada.userId}/tasks?limit=5&q=a%20b`);
    expect(await answer.json()).toEqual({ caller: ada.userId });
    const [arrived] = upstream.arrived;
    expect(arrived?.target).toBe(`/api/${ada.userId}/tasks?limit=5&q=a%20b`);
    expect(arrived?.rawHeaders.filter((one) => /^authorization$/i.test(one))).toHaveLength(1);
  });

  it("holds nothing of the browser's but the listed headers", async () => {
    const { ask, ada, upstream } = await stage();
    await ask(`/api/${ada.userId}/tasks`, {
      headers: {
        authorization: "Bearer a.b.c",
        "x-user-id": "someone",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-host": "evil.test",
        forwarded: "for=1.2.3.4",
        "x-http-method-override": "DELETE",
        "x-middleware-subrequest": "proxy",
        te: "trailers",
        referer: "https://app.test/tasks",
        "x-anything": "1",
        accept: "application/json",
        "if-match": '"3"',
        "last-event-id": "41",
        "x-request-id": "request-0001",
      },
    });
    const headers: Readonly<Record<string, unknown>> = upstream.arrived[0]?.headers ?? {};
    const own = ["authorization", "host", "connection", "accept-encoding"];
    const ofFetch = ["accept-language", "sec-fetch-mode", "user-agent", "pragma", "cache-control"];
    const passed = ["accept", "if-match", "last-event-id", "x-request-id"];
    expect(Object.keys(headers).filter((name) => ![...own, ...ofFetch, ...passed].includes(name))).toEqual(
      [],
    );
    expect(passed.map((name) => headers[name])).toEqual(["application/json", '"3"', "41", "request-0001"]);
    expect(headers["authorization"]).toMatch(/^Bearer eyJ/);
  });

  it("is the body, as bytes or as it flows, and none that is too large", async () => {
    const { ask, ada, upstream } = await stage({ maxBodyBytes: 100_000 });
    const path = `/api/${ada.userId}/tasks`;
    const send = (body: BodyInit, length?: number) =>
      ask(path, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", "content-length": length?.toString() } as Record<
          string,
          string
        >,
      });
    expect((await send('{"title":"x"}', 13)).status).toBe(200);
    expect((await send(new Blob(["y".repeat(90_000)]).stream())).status).toBe(200);
    expect(upstream.arrived.map(({ body }) => body.length)).toEqual([13, 90_000]);
    expect((await send("z", 100_001)).status).toBe(413);
    const tooMuch = await send(new Blob(["z".repeat(150_000)]).stream());
    expect({ status: tooMuch.status, problem: await tooMuch.json() }).toMatchObject({
      status: 413,
      problem: { code: "body_too_large", type: "urn:watchword:proxy:body_too_large" },
    });
    expect(upstream.arrived).toHaveLength(2);
  });

  it("flows: the API reads the first part of a body before the last is written", async () => {
    let first = "";
    const { ada, ask, upstream } = await stage();
    upstream.server.removeAllListeners("request");
    upstream.server.on("request", (request, response) => {
      request.on("data", (chunk: Buffer) => {
        first ||= chunk.toString();
      });
      request.on("end", () => response.end("{}"));
    });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const asked = ask(`/api/${ada.userId}/tasks`, { method: "POST", body: readable });
    await writer.write(new TextEncoder().encode("one"));
    await until(() => first === "one");
    await writer.write(new TextEncoder().encode("two"));
    await writer.close();
    expect((await asked).status).toBe(200);
  });
});

describe("the address", () => {
  it.each([
    "/..%2f..%2fadmin",
    "/api/%2e%2e%2fadmin",
    "/api/{self}/tasks%2f..%2f..%2fadmin",
    "/api/{self}/tasks/%2e%2e%5cadmin",
    "/%5cevil.test/api",
    "/api//{self}/tasks",
    "/http://evil.test/",
    "/http:%2f%2fevil.test",
    "/@evil.test/api",
    "/api/{self}/tasks/%252e%252e",
    "/api/{self}/tasks/%00",
    "/api/{self}/tasks/a%0d%0aHost:%20evil.test",
    "/api/{self}/tasks/%ff",
    "/api/{self}/tasks/%",
    "/api/{self}/tasks//",
    "/admin",
    "/api",
    "/",
    "/api/v1/posts/1/2",
  ])("%s is 404 and reaches nobody", async (path) => {
    const { ask, ada, upstream } = await stage();
    const answer = await ask(path.replace("{self}", ada.userId));
    expect({ status: answer.status, arrived: upstream.arrived }).toEqual({ status: 404, arrived: [] });
  });

  it.each(["?q=a%0d%0aHost:x", "?q=%00", "?q=%", "?q=%zz", "?%0a"])("the query %s is 400", async (query) => {
    const { ask, ada, upstream } = await stage();
    expect((await ask(`/api/${ada.userId}/tasks${query}`)).status).toBe(400);
    expect(upstream.arrived).toEqual([]);
  });

  it("is refused when the router says something else than the address", async () => {
    const { proxy, ada, upstream } = await stage();
    const request = new Request(`https://app.test/api/bff/api/${ada.userId}/tasks`, {
      headers: { cookie: ada.cookie, "x-watchword": "1" },
    });
    const params = Promise.resolve({ path: ["api", "v1", "posts"] });
    expect((await proxy(request, { params })).status).toBe(404);
    expect(upstream.arrived).toEqual([]);
  });

  it("keeps to the path of the upstream", async () => {
    const { upstream } = await stage();
    const behind = await stage({ upstream: `${upstream.origin}/todo/` });
    const answer = await behind.ask(`/api/${behind.ada.userId}/tasks`);
    expect([answer.status, upstream.arrived[0]?.target]).toEqual([
      200,
      `/todo/api/${behind.ada.userId}/tasks`,
    ]);
  });

  it("of another user is 403, whoever asks for whom", async () => {
    const { ask, ada, signedIn, upstream } = await stage();
    const bob = await signedIn("bob");
    for (const [path, cookie] of [
      [`/api/${bob.userId}/tasks`, ada.cookie],
      [`/api/${ada.userId}/tasks/1`, bob.cookie],
      [`/api/${ada.userId.toUpperCase()}x/tasks`, ada.cookie],
    ] as const) {
      const answer = await ask(path, { cookie });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        403,
        "wrong_subject",
      ]);
    }
    expect(upstream.arrived).toEqual([]);
  });

  it("without a user is refused too when the page was made for another one", async () => {
    const { ask, ada, signedIn, upstream } = await stage();
    const bob = await signedIn("bob");
    const headers = { "x-watchword-user": ada.userId };
    expect((await ask("/api/v1/posts", { cookie: bob.cookie, headers })).status).toBe(403);
    expect((await ask("/api/v1/posts", { cookie: "", headers })).status).toBe(401);
    expect((await ask("/api/v1/posts", { headers })).status).toBe(200);
    expect(upstream.arrived).toHaveLength(1);
  });
});

describe("who is let through", () => {
  const write = { method: "POST", body: "{}" };

  it.each([
    ["no own header", { "x-watchword": undefined }],
    ["another value of it", { "x-watchword": "true" }],
    ["a foreign origin", { origin: "https://evil.test" }],
    ["the origin null", { origin: "null" }],
    ["a sibling origin", { origin: "https://app.test.evil.test" }],
    ["no origin", { origin: undefined }],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
    ["the address bar", { "sec-fetch-site": "none" }],
  ])("nobody with %s: 403, and nothing is written", async (_name, headers) => {
    const { ask, ada, upstream } = await stage();
    const answer = await ask(`/api/${ada.userId}/tasks`, {
      ...write,
      headers: headers as Record<string, string>,
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, "foreign_page"]);
    expect(upstream.arrived).toEqual([]);
  });

  it("reads need the own header as well, and no Origin", async () => {
    const { ask, ada } = await stage();
    const path = `/api/${ada.userId}/tasks`;
    const status = async (headers: Record<string, string | undefined>) =>
      (await ask(path, { headers: headers as Record<string, string> })).status;
    expect(await status({ origin: undefined })).toBe(200);
    expect(await status({ origin: undefined, "sec-fetch-site": undefined })).toBe(200);
    expect(await status({ origin: undefined, "x-watchword": undefined })).toBe(403);
    expect(await status({ origin: "null" })).toBe(403);
  });

  it("nobody without a session, but to a route for anybody, and there without a token", async () => {
    const { ask, ada, upstream } = await stage();
    const answer = await ask(`/api/${ada.userId}/tasks`, { cookie: "" });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, "not_signed_in"]);
    expect((await ask("/api/v1/posts", { ...write, cookie: "" })).status).toBe(401);
    expect(upstream.arrived).toEqual([]);
    expect(await (await ask("/api/v1/posts", { cookie: "" })).json()).toEqual({ caller: null });
    expect(await (await ask("/api/v1/posts")).json()).toEqual({ caller: ada.userId });
  });

  it("nobody with a session cookie that Better Auth did not sign", async () => {
    const { ask, ada, upstream } = await stage();
    const cookie = ada.cookie.replace(/(session_token=[^;.]*\.)[^;]{4}/, "$1AAAA");
    expect(cookie).not.toBe(ada.cookie);
    expect((await ask(`/api/${ada.userId}/tasks`, { cookie })).status).toBe(401);
    expect(upstream.arrived).toEqual([]);
  });

  it("nobody after signing out, although a token is remembered", async () => {
    const { ask, ada, auth, tokens, upstream } = await stage({ ownDatabase: true });
    expect((await ask(`/api/${ada.userId}/tasks`)).status).toBe(200);
    expect(tokens.size).toBe(1);
    expect((await post(auth, "/sign-out", {}, ada.cookie)).status).toBe(200);
    expect((await ask(`/api/${ada.userId}/tasks`)).status).toBe(401);
    tokens.forget(ada.sessionId);
    expect(tokens.size).toBe(0);
    expect(upstream.arrived).toHaveLength(1);
  });

  it("nobody with two session cookies of one name", async () => {
    const { ask, ada, signedIn } = await stage();
    const bob = await signedIn("bob");
    for (const cookie of [`${ada.cookie}; ${bob.cookie}`, `${bob.cookie}; ${ada.cookie}`]) {
      const answer = await ask(`/api/${ada.userId}/tasks`, { cookie });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        400,
        "ambiguous_session",
      ]);
    }
  });

  it("the prefixed session cookie, whatever one without the prefix says", async () => {
    const { ask, ada, signedIn } = await stage();
    const bob = await signedIn("bob");
    const plain = bob.cookie.replaceAll("__Secure-", "");
    expect(ada.cookie).toContain("__Secure-");
    for (const cookie of [`${plain}; ${ada.cookie}`, `${ada.cookie}; ${plain}`]) {
      const answer = await ask("/api/v1/posts", { cookie });
      expect(await answer.json()).toEqual({ caller: ada.userId });
    }
    expect((await ask("/api/v1/posts/1", { cookie: plain })).status).toBe(401);
  });

  it("no method but the listed ones, and no other protocol", async () => {
    const { ask, ada } = await stage();
    const answer = await ask(`/api/${ada.userId}/tasks`, { method: "PROPFIND" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([
      405,
      "GET, HEAD, POST, PUT, PATCH, DELETE",
    ]);
    const upgrade = await ask(`/api/${ada.userId}/tasks`, { headers: { upgrade: "websocket" } });
    expect(upgrade.status).toBe(400);
  });
});

it("one slash at the end is the same route, and two are none", async () => {
  const { ask, ada, upstream } = await stage();
  expect((await ask(`/api/${ada.userId}/tasks/?a=1`)).status).toBe(200);
  expect(upstream.arrived.map(({ target }) => target)).toEqual([`/api/${ada.userId}/tasks?a=1`]);
  expect((await ask(`/api/${ada.userId}/tasks//`)).status).toBe(404);
});
