import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { ConfigurationError } from "../../src/index.ts";
import { createProxy, createSessionTokens } from "../../src/server/next.ts";
import { post } from "../better-auth/real-auth.ts";
import { routes, stage, until } from "./proxy-stage.ts";

const requestIdForm = /^[A-Za-z0-9_-]{8,64}$/;
const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

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
      problem: { code: "body_too_large", type: "urn:countersign:proxy:body_too_large" },
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
    "/api/{self}/tasks/",
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
      headers: { cookie: ada.cookie, "x-countersign": "1" },
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
    const headers = { "x-countersign-user": ada.userId };
    expect((await ask("/api/v1/posts", { cookie: bob.cookie, headers })).status).toBe(403);
    expect((await ask("/api/v1/posts", { cookie: "", headers })).status).toBe(401);
    expect((await ask("/api/v1/posts", { headers })).status).toBe(200);
    expect(upstream.arrived).toHaveLength(1);
  });
});

describe("who is let through", () => {
  const write = { method: "POST", body: "{}" };

  it.each([
    ["no own header", { "x-countersign": undefined }],
    ["another value of it", { "x-countersign": "true" }],
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
    expect(await status({ origin: undefined, "x-countersign": undefined })).toBe(403);
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

describe("what reaches the browser", () => {
  it("is the answer without cookies, tokens, challenges or what belongs to a connection", async () => {
    const { ask, ada, upstream } = await stage({
      answer: (_arrived, response) => {
        response.writeHead(200, {
          "Content-Type": "application/json",
          ETag: '"7"',
          "X-Request-Id": "request-0001",
          "Retry-After": "3",
          "Set-Cookie": ["a=b", "__Secure-better-auth.session_token=x"],
          "WWW-Authenticate": "Bearer",
          "Set-Auth-Jwt": "a.b.c",
          "Access-Control-Allow-Origin": "*",
          "Clear-Site-Data": '"cookies"',
          Refresh: "0; url=https://evil.test",
          Link: "<https://evil.test>; rel=preload",
          Location: "https://evil.test/",
          "Cache-Control": "public, max-age=600",
          Connection: "keep-alive, X-Secret",
          "X-Secret": "1",
        });
        response.end("{}");
      },
    });
    const answer = await ask(`/api/${ada.userId}/tasks`);
    expect(Object.fromEntries(answer.headers)).toEqual({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; sandbox",
      "content-type": "application/json",
      etag: '"7"',
      "retry-after": "3",
      vary: "Cookie",
      "x-content-type-options": "nosniff",
      // The proxy's own, which the API was given.
      "x-request-id": upstream.arrived[0]?.headers["x-request-id"],
    });
  });

  it.each([301, 302, 303, 307, 308])("is no redirect: %i is 502, and nobody follows it", async (status) => {
    const { ask, ada, upstream } = await stage({
      answer: ({ target }, response) => {
        response.writeHead(target.startsWith("/api/") ? status : 200, { Location: "/elsewhere" });
        response.end();
      },
    });
    const answer = await ask(`/api/${ada.userId}/tasks`);
    expect([answer.status, answer.headers.get("location")]).toEqual([502, null]);
    expect(upstream.arrived).toHaveLength(1);
  });

  it.each([
    ["/api/{self}/tasks/7", "/api/bff/api/{self}/tasks/7"],
    ["{origin}/api/{self}/tasks/7?a=b", "/api/bff/api/{self}/tasks/7?a=b"],
    ["https://evil.test/api/{self}/tasks/7", null],
    ["//evil.test/api/{self}/tasks/7", null],
    ["/api/someone/tasks/7", null],
    ["/admin", null],
    ["/api/{self}/tasks/%2e%2e%2fadmin", null],
    ["javascript:alert(1)", null],
  ])("names what was created at %s as %s", async (location, shown) => {
    const given = { location: "" };
    const { ask, ada, upstream } = await stage({
      answer: (_arrived, response) => {
        response.writeHead(201, { Location: given.location, "Content-Type": "application/json" });
        response.end("{}");
      },
    });
    given.location = location.replace("{self}", ada.userId).replace("{origin}", upstream.origin);
    const answer = await ask(`/api/${ada.userId}/tasks`, { method: "POST", body: "{}" });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      201,
      shown === null ? null : shown.replace("{self}", ada.userId),
    ]);
  });

  it("is what the API refuses, as it is, without the challenge for a token", async () => {
    const { ask, ada } = await stage({
      answer: (_arrived, response) => {
        response.writeHead(422, { "Content-Type": "application/problem+json" });
        response.end('{"code":"validation_failed"}');
      },
    });
    const answer = await ask(`/api/${ada.userId}/tasks`, { method: "POST", body: "{}" });
    expect([answer.status, await answer.json()]).toEqual([422, { code: "validation_failed" }]);
  });

  it("is 503 while the API is down, with the time to come back", async () => {
    const { ask, ada, events, upstream } = await stage();
    upstream.server.close();
    await once(upstream.server, "close");
    const answer = await ask(`/api/${ada.userId}/tasks`);
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
      503,
      "5",
      expect.objectContaining({ code: "unavailable" }),
    ]);
    await until(() => events.length === 1);
    expect(events[0]).toMatchObject({ code: "unavailable", fault: "ECONNREFUSED" });
  });

  it("brings the cookie of a session that has just been prolonged, whatever the answer is, and else none", async () => {
    const { ask, ada, database } = await stage({ ownDatabase: true });
    const given = async (path: string) =>
      (await ask(path)).headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0]);
    expect(await given(`/api/${ada.userId}/tasks`)).toEqual([]);
    for (const path of [`/api/${ada.userId}/tasks`, "/api/somebody/tasks"]) {
      database.exec(`UPDATE session SET expiresAt = '${new Date(Date.now() + 3_600_000).toISOString()}'`);
      expect(await given(path)).toContain("__Secure-better-auth.session_token");
    }
  });

  it("is 503 and no sign-out while the session store is down", async () => {
    const { ask, ada, database } = await stage({ ownDatabase: true });
    database.exec("ALTER TABLE session RENAME TO gone");
    expect((await ask(`/api/${ada.userId}/tasks`)).status).toBe(503);
  });

  it("is 503 when the API does not begin to answer in time", async () => {
    const { ask, ada } = await stage({ answer: () => {}, timeoutSeconds: 0.05 });
    expect((await ask(`/api/${ada.userId}/tasks`)).status).toBe(503);
  });

  it("is 503 when the session store is away, also by tokens that another copy of the package has made", async () => {
    const away = { getSession: () => Promise.reject(new Error("away")), getToken: () => Promise.reject() };
    const $context = Promise.resolve({
      authCookies: { sessionToken: { name: "better-auth.session_token" } },
    });
    vi.resetModules();
    const another = await import("../../src/server/next.ts");
    expect(another.createSessionTokens).not.toBe(createSessionTokens);
    for (const create of [createSessionTokens, another.createSessionTokens]) {
      const { ask, ada } = await stage({ tokens: create({ auth: { $context, api: away } }) });
      const answer = await ask(`/api/${ada.userId}/tasks`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        expect.objectContaining({ code: "unavailable" }),
      ]);
    }
  });

  it("flows: the first event is here before the second is written, and who goes away ends the stream", async () => {
    let write: (text: string) => void = () => {};
    let ended = false;
    const { ask, ada } = await stage({
      answer: (_arrived, response) => {
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        write = (text) => response.write(text);
        response.on("close", () => {
          ended = true;
        });
        write("data: 1\n\n");
      },
    });
    const leaving = new AbortController();
    const answer = await ask(`/api/${ada.userId}/tasks/events`, { signal: leaving.signal });
    expect(answer.headers.get("cache-control")).toBe("no-store, no-transform");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toBe("data: 1\n\n");
    write("data: 2\n\n");
    expect(await read()).toBe("data: 2\n\n");
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
    await until(() => ended);
  });

  it("breaks off when the server is told to stop, for the page and at the API, and so does one that comes later", async () => {
    const closing = new AbortController();
    let open = 0;
    const { ask, ada } = await stage({
      closing: closing.signal,
      answer: (_arrived, response) => {
        open += 1;
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        response.on("close", () => {
          open -= 1;
        });
        response.write("data: 1\n\n");
      },
    });
    const follow = () => ask(`/api/${ada.userId}/tasks/events`);
    const reader = ((await follow()).body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n");
    closing.abort();
    await expect(reader.read()).rejects.toThrow();
    await expect((await follow()).text()).rejects.toThrow();
    await until(() => open === 0);
  });

  it("breaks off for the page when the API breaks it off, also where the server may be told to stop", async () => {
    const { ask, ada } = await stage({
      closing: new AbortController().signal,
      answer: (_arrived, response) => {
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        response.write("data: 1\n\n", () => response.destroy());
      },
    });
    const answer = await ask(`/api/${ada.userId}/tasks/events`);
    await expect(answer.text()).rejects.toThrow();
  });

  it("goes on to its end where it has one, after the server was told to stop", async () => {
    const closing = new AbortController();
    const { ask, ada } = await stage({
      closing: closing.signal,
      answer: (_arrived, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.write('{"a":');
        closing.signal.addEventListener("abort", () => response.end("1}"));
      },
    });
    const answer = await ask(`/api/${ada.userId}/tasks`);
    closing.abort();
    expect(await answer.json()).toEqual({ a: 1 });
  });
});

describe("a token that the API refuses", () => {
  const refuseFirst = (count: number): Parameters<typeof stage>[0] => {
    const seen = new Set<string>();
    return {
      answer: ({ headers, body }, response) => {
        seen.add(headers.authorization ?? "");
        const refused = seen.size <= count;
        response.writeHead(refused ? 401 : 200, { "Content-Type": "application/json" });
        response.end(JSON.stringify(refused ? { code: "revoked" } : { body }));
      },
    };
  };

  it("is replaced once and the request repeated with its body", async () => {
    const { ask, ada, upstream } = await stage(refuseFirst(1));
    const answer = await ask(`/api/${ada.userId}/tasks`, {
      method: "POST",
      body: "{}",
      headers: { "content-length": "2" },
    });
    expect([answer.status, await answer.json()]).toEqual([200, { body: "{}" }]);
    expect(new Set(upstream.arrived.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it("gives the refusal back when the next one is refused too, and does not ask for tokens without end", async () => {
    const { ask, ada, upstream } = await stage(refuseFirst(99));
    for (let time = 0; time < 4; time += 1) {
      const answer = await ask(`/api/${ada.userId}/tasks`);
      expect([answer.status, await answer.json()]).toEqual([401, { code: "revoked" }]);
      expect(answer.headers.has("www-authenticate")).toBe(false);
    }
    expect(new Set(upstream.arrived.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it("does not make a body be sent twice that has flowed through", async () => {
    const { ask, ada, upstream } = await stage(refuseFirst(1));
    const send = () => ask(`/api/${ada.userId}/tasks`, { method: "POST", body: new Blob(["{}"]).stream() });
    expect((await send()).status).toBe(401);
    expect((await send()).status).toBe(200);
    expect(upstream.arrived).toHaveLength(2);
  });
});

describe("the audit", () => {
  it("says who asked for which route and what came of it, and holds no token, cookie or path", async () => {
    const { ask, ada, signedIn, events } = await stage();
    const bob = await signedIn("bob");
    await ask(`/api/${ada.userId}/tasks/7?q=secret-text`, { headers: { "x-request-id": "request-0001" } });
    await ask(`/api/${bob.userId}/tasks`);
    await until(() => events.length === 2);
    expect(events).toMatchObject([
      {
        name: "countersign.proxy.forwarded",
        method: "GET",
        route: "/api/{user_id}/tasks/**",
        status: 200,
        userId: ada.userId,
        sessionId: ada.sessionId,
        requestId: "request-0001",
      },
      {
        name: "countersign.proxy.refused",
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
