import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { createSessionTokens } from "../../src/adapters/next.ts";
import { stage, until } from "./proxy-stage.ts";

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
      baseURL: "https://app.test/api/auth",
      authCookies: { sessionToken: { name: "better-auth.session_token", attributes: {} } },
    });
    vi.resetModules();
    const another = await import("../../src/adapters/next.ts");
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
