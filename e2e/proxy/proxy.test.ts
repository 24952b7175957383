import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mount } from "../support/application.ts";
import { chosenBackends } from "../support/backend.ts";
import { jwtLike } from "../support/jwt-like.ts";
import { password } from "../support/person.ts";
import { type HeaderLines, RawConnection } from "../support/raw-request.ts";
import { codeOf, cookiesOf, ProxyStage, type SignedIn, until } from "./stage.ts";
import { Trap } from "./wire.ts";

describe.each(chosenBackends())("%s behind the proxy", (api) => {
  let stage: ProxyStage;
  let trap: Trap;
  let ada: SignedIn;
  let bob: SignedIn;
  beforeAll(async () => {
    stage = await ProxyStage.start({ api });
    trap = await Trap.open();
    ada = await stage.signUp("Ada");
    bob = await stage.signUp("Bob");
    await stage.addTask(bob, "Bob's own");
  });
  afterAll(async () => {
    trap?.close();
    await stage?.stop();
  });
  const tasks = ({ userId }: SignedIn) => `/api/${userId}/tasks`;

  it("ISO-138: no address of the application gives the browser a token, however it is spelled", async () => {
    const targets = [
      "/api/auth/token",
      "/api/auth/token?audience=x",
      "/api/auth/token/",
      "/api/auth//token",
      "/api/auth/./token",
      "/api/auth/%74oken",
      "/api/auth/Token",
      "/api/auth/token%2f",
      "/api/auth/token%00",
      "/api/auth/get-session",
      "/api/auth/list-sessions",
      "/tasks",
      `${mount}${tasks(ada)}`,
    ];
    for (const target of targets)
      for (const method of ["GET", "POST", "HEAD"]) {
        const headers: HeaderLines = [
          ["Cookie", ada.cookie],
          ["Origin", stage.issuer],
          ["X-Watchword", "1"],
        ];
        const answer = await stage.send(method, target, headers);
        expect(answer.headers.join("\n"), `${method} ${target}`).not.toMatch(/set-auth-jwt/i);
        expect(`${answer.headers.join("\n")}\n${answer.text}`, `${method} ${target}`).not.toMatch(jwtLike);
        if (/token/i.test(target) && method === "GET") expect(answer.status, target).not.toBe(200);
      }
    const [token = ""] = stage.wire.tokens;
    expect(token).toMatch(jwtLike);
  });

  it("ISO-139: a write without the own header, from a foreign origin or site, is 403 and writes nothing", async () => {
    const before = await stage.titles(ada);
    const passed = stage.wire.passed.length;
    const body = JSON.stringify({ title: "Planted" });
    const attempts: { headers?: HeaderLines; without?: string[] }[] = [
      { without: ["X-Watchword"] },
      { headers: [["X-Watchword", "0"]] },
      { headers: [["Origin", "https://evil.test"]] },
      { headers: [["Origin", `${stage.issuer}.evil.test`]] },
      { headers: [["Origin", "null"]] },
      { without: ["Origin"] },
      { headers: [["Sec-Fetch-Site", "cross-site"]] },
      { headers: [["Sec-Fetch-Site", "same-site"]] },
      { headers: [["Sec-Fetch-Site", "none"]] },
      { without: ["X-Watchword"], headers: [["Content-Type", "text/plain"]] },
      { without: ["X-Watchword"], headers: [["Content-Type", "application/x-www-form-urlencoded"]] },
    ];
    for (const attempt of attempts) {
      const answer = await stage.ask(ada, "POST", tasks(ada), { body, ...attempt });
      expect([answer.status, codeOf(answer)], JSON.stringify(attempt)).toEqual([403, "foreign_page"]);
    }
    expect(stage.wire.passed).toHaveLength(passed);
    expect(await stage.titles(ada)).toEqual(before);
  });

  it("ISO-140: nothing of who the browser says it is reaches the API, which sees one Authorization", async () => {
    const answer = await stage.ask(ada, "GET", tasks(ada), {
      headers: [
        ["Authorization", "Bearer forged.by.browser"],
        ["Authorization", "Bearer forged.once.more"],
        ["X-User-Id", bob.userId],
        ["X-Forwarded-For", "1.2.3.4"],
        ["X-Forwarded-Host", "evil.test"],
        ["X-Forwarded-Proto", "https"],
        ["X-Forwarded-User", bob.userId],
        ["Forwarded", "for=1.2.3.4"],
        ["X-Real-Ip", "1.2.3.4"],
        ["X-Remote-User", bob.userId],
        ["X-HTTP-Method-Override", "DELETE"],
        ["Referer", `${stage.issuer}/tasks`],
      ],
    });
    expect(answer.status).toBe(200);
    const { headers } = stage.wire.passed.at(-1) ?? { headers: [] };
    const allowed =
      /^(authorization|host|connection|accept|accept-encoding|accept-language|sec-fetch-mode|user-agent|pragma|cache-control|x-request-id)$/;
    expect(headers.map(([name]) => name).filter((name) => !allowed.test(name))).toEqual([]);
    expect(headers.filter(([name]) => name === "authorization")).toHaveLength(1);
    expect(JSON.stringify(headers)).not.toMatch(/forged|1\.2\.3\.4|evil\.test|session_token/);
    expect(JSON.stringify(headers)).not.toContain(bob.userId);
  });

  it("ISO-141: no spelling of an address leaves the list of routes or reaches another host", async () => {
    const targets = [
      "/..%2f..%2fadmin",
      "/%2e%2e/",
      "/%2e%2e/%2e%2e/ready",
      "/../ready",
      "//evil.test/",
      `//127.0.0.1:${trap.port}/`,
      `/http://127.0.0.1:${trap.port}/`,
      `/http:%2f%2f127.0.0.1:${trap.port}%2f`,
      `/@127.0.0.1:${trap.port}/`,
      `/%40127.0.0.1:${trap.port}`,
      "/\\evil.test",
      "/%5cevil.test",
      `/%5c%5c127.0.0.1:${trap.port}`,
      "/ready",
      "/health",
      "/openapi.json",
      "/api/..%2fready",
      `/api/${ada.userId}/tasks%2f..%2f..%2f..%2fready`,
      `/api/${ada.userId}/tasks/..%2f..%2f${bob.userId}%2ftasks`,
      `/api/${ada.userId}/tasks/%2e%2e/%2e%2e/${bob.userId}%2ftasks`,
      `/api/${ada.userId}/tasks/%252e%252e`,
      `/api/${ada.userId}/tasks/1%0d%0aHost:%20127.0.0.1:${trap.port}`,
      `/api/${ada.userId}/tasks/1%00`,
      `/api/${ada.userId}%2ftasks`,
      `/api/v1%2fposts`,
      `/api/v1/posts?x=%0d%0aHost:%20evil.test`,
      `/api/v1/posts?x=%00`,
    ];
    const passed = stage.wire.passed.length;
    for (const target of targets) {
      let answer = await stage.ask(ada, "GET", target);
      // Next.js folds `//`, `\` and a slash at the end before any handler runs: the folded address is asked for instead.
      for (let hops = 0; answer.status === 308 && hops < 3; hops += 1) {
        const location = answer.header("location") ?? "";
        expect(location, target).toMatch(/^\/(?![/\\])/);
        const headers: HeaderLines = [
          ["Cookie", ada.cookie],
          ["X-Watchword", "1"],
        ];
        answer = await stage.send("GET", location, headers);
      }
      expect([400, 404], `${target}: ${answer.status}`).toContain(answer.status);
    }
    for (const raw of ["/nothing\r\nX: 1", "/nothing\nX: 1", `/nothing\r\nHost: 127.0.0.1:${trap.port}`]) {
      const answer = await stage.ask(ada, "GET", raw).catch(() => undefined);
      expect([undefined, 400, 404]).toContain(answer?.status);
    }
    expect(stage.wire.passed.slice(passed).map(({ target }) => target)).toEqual([]);
    expect(trap.caught).toEqual([]);
  });

  it("ISO-142: what belongs to a connection is for one party only, and sizes and methods have bounds", async () => {
    const passed = stage.wire.passed.length;
    const smuggled = "GET /ready HTTP/1.1\r\nHost: x\r\n\r\n";
    const both = await stage.ask(ada, "POST", tasks(ada), {
      headers: [
        ["Content-Length", String(smuggled.length + 5)],
        ["Transfer-Encoding", "chunked"],
      ],
      body: `0\r\n\r\n${smuggled}`,
    });
    expect(both.status).toBe(400);
    for (const protocol of ["websocket", "h2c"]) {
      const upgraded = await stage
        .ask(ada, "GET", `${tasks(ada)}/events`, {
          headers: [
            ["Connection", "Upgrade"],
            ["Upgrade", protocol],
            ["Sec-WebSocket-Version", "13"],
            ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
          ],
        })
        .catch(() => undefined);
      expect([undefined, 400, 404, 426]).toContain(upgraded?.status);
    }
    for (const method of ["TRACE", "CONNECT", "PROPFIND", "FOO"]) {
      const answer = await stage.ask(ada, method, tasks(ada)).catch(() => undefined);
      // Next.js itself answers methods that its requests cannot have.
      expect([undefined, 400, 405, 500, 501], method).toContain(answer?.status);
      expect(answer?.text ?? "").not.toContain("session_token");
    }
    const tooMuch = "x".repeat(1_048_577);
    const known = await stage.ask(ada, "POST", tasks(ada), { body: tooMuch });
    expect([known.status, codeOf(known)]).toEqual([413, "body_too_large"]);
    expect(stage.wire.passed).toHaveLength(passed);
    const unknown = await stage.ask(ada, "POST", tasks(ada), {
      headers: [["Transfer-Encoding", "chunked"]],
      body: `${tooMuch.length.toString(16)}\r\n${tooMuch}\r\n0\r\n\r\n`,
    });
    expect(unknown.status).toBe(413);
    const hopByHop = await stage.ask(ada, "GET", tasks(ada), {
      headers: [
        ["Connection", "close, X-Secret"],
        ["X-Secret", "1"],
        ["TE", "trailers"],
        ["Proxy-Authorization", "Basic eA=="],
        ["Expect", "100-continue"],
      ],
    });
    expect([200, 417]).toContain(hopByHop.status);
    const { headers } = stage.wire.passed.at(-1) ?? { headers: [] };
    expect(headers.filter(([name]) => /^(x-secret|te|proxy-.*|expect|upgrade)$/.test(name))).toEqual([]);
  });

  it("ISO-143: a redirect of the API is followed by nobody, and neither it nor a cookie reaches the browser", async () => {
    const elsewhere = `http://127.0.0.1:${trap.port}/`;
    for (const [status, location] of [
      [302, elsewhere],
      [307, elsewhere],
      [308, "/ready"],
      [200, elsewhere],
      [201, elsewhere],
      [201, `//127.0.0.1:${trap.port}/`],
      [201, "javascript:alert(1)"],
      [401, elsewhere],
      [503, elsewhere],
    ] as const) {
      stage.wire.answering = (_request, response) => {
        response.writeHead(status, {
          Location: location,
          Refresh: `0; url=${elsewhere}`,
          "Set-Cookie": ["better-auth.session_token=planted; Path=/", "a=b"],
          "Content-Type": "application/json",
        });
        response.end("{}");
      };
      const answer = await stage.ask(ada, "GET", tasks(ada));
      const redirect = status >= 300 && status < 400;
      expect(answer.status, `${status} ${location}`).toBe(redirect ? 502 : status);
      for (const name of ["location", "refresh", "set-cookie", "www-authenticate"])
        expect(answer.all(name), `${status} ${name}`).toEqual([]);
    }
    stage.wire.answering = undefined;
    expect(trap.caught).toEqual([]);
    expect((await stage.ask(ada, "GET", tasks(ada))).status).toBe(200);
  });

  it("ISO-143: a page that the API answers with is none on the application's origin: it runs, sends and shows nothing", async () => {
    stage.wire.answering = (_request, response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": "default-src *" });
      response.end('<form action="/api/auth/sign-out" method="post"></form>');
    };
    const answer = await stage.ask(ada, "GET", tasks(ada));
    stage.wire.answering = undefined;
    expect(answer.all("content-security-policy")).toEqual(["default-src 'none'; sandbox"]);
    expect(answer.all("x-content-type-options")).toEqual(["nosniff"]);
  });

  it("ISO-144: another user's address is 403 by the session, and the API is not asked", async () => {
    const passed = stage.wire.passed.length;
    const id = 1;
    for (const [method, target, body] of [
      ["GET", tasks(bob), undefined],
      ["POST", tasks(bob), '{"title":"Planted"}'],
      ["GET", `${tasks(bob)}/${id}`, undefined],
      ["DELETE", `${tasks(bob)}/${id}`, undefined],
      ["GET", `${tasks(bob)}/events`, undefined],
      ["POST", `/api/${bob.userId}/chat`, '{"message":"what is open?"}'],
      ["GET", `/api/${bob.userId}/conversations`, undefined],
      ["GET", "/api/nobody-at-all/tasks", undefined],
    ] as const) {
      const answer = await stage.ask(ada, method, target, { ...(body !== undefined && { body }) });
      expect([answer.status, codeOf(answer)], `${method} ${target}`).toEqual([403, "wrong_subject"]);
    }
    expect(stage.wire.passed).toHaveLength(passed);
    expect(await stage.titles(bob)).toEqual(["Bob's own"]);
  });

  it("a session that has ended is 401 at once, although its token lives", async () => {
    const cid = await stage.signUp("Cid");
    await stage.addTask(cid, "One");
    const out = await stage.auth("/sign-out", {}, [["Cookie", cid.cookie]]);
    expect(out.status).toBe(200);
    const passed = stage.wire.passed.length;
    const answer = await stage.ask(cid, "GET", tasks(cid));
    expect([answer.status, codeOf(answer)]).toEqual([401, "not_signed_in"]);
    expect((await stage.ask(undefined, "GET", tasks(cid))).status).toBe(401);
    expect(stage.wire.passed).toHaveLength(passed);
  });

  it("a new password ends the user's other sessions at once, and the one that goes on needs no new sign-in", async () => {
    const gil = await stage.signUp("Gil");
    const elsewhere = await stage.signIn(gil);
    await stage.addTask(gil, "One");
    await stage.addTask(elsewhere, "Two");
    const change = { currentPassword: password, newPassword: `${password}-new`, revokeOtherSessions: true };
    const changed = await stage.auth("/change-password", change, [["Cookie", gil.cookie]]);
    expect(changed.status).toBe(200);
    const here = { ...gil, cookie: cookiesOf(changed) };
    expect(await stage.titles(here)).toEqual(["Two", "One"]);
    for (const ended of [gil, elsewhere])
      expect((await stage.ask(ended, "GET", tasks(gil))).status).toBe(401);
  });

  it("one token serves a session, also when many ask at once, and no other session", async () => {
    const dan = await stage.signUp("Dan");
    const eve = await stage.signUp("Eve");
    const from = stage.wire.passed.length;
    const people = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? dan : eve));
    const answers = await Promise.all(people.map((one) => stage.ask(one, "GET", tasks(one))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const bearers = new Map<string, Set<string>>();
    for (const { target, headers } of stage.wire.passed.slice(from)) {
      const userId = target.split("/")[2] ?? "";
      const token = headers.find(([name]) => name === "authorization")?.[1] ?? "";
      bearers.set(userId, (bearers.get(userId) ?? new Set()).add(token));
      const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
      expect((JSON.parse(claims) as { sub: string }).sub).toBe(userId);
    }
    expect([...bearers.values()].map((tokens) => tokens.size)).toEqual([1, 1]);
  });

  it("events flow as they happen, go on from where they stopped, and end at the API when the page goes", async () => {
    const fay = await stage.signUp("Fay");
    const connection = await RawConnection.open(stage.web);
    const open = (lastEventId: string | undefined) =>
      connection.send(
        [
          `GET ${mount}${tasks(fay)}/events HTTP/1.1`,
          `Host: ${new URL(stage.issuer).host}`,
          `Cookie: ${fay.cookie}`,
          "X-Watchword: 1",
          "Accept: text/event-stream",
          "Accept-Encoding: gzip, br",
          ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]),
          "",
          "",
        ].join("\r\n"),
      );
    open("0");
    const { answer, piece } = await connection.beginning();
    expect([answer.status, answer.header("content-type"), answer.header("content-encoding")]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
      undefined,
    ]);
    let heard = "";
    const hear = async (text: string) => {
      while (!heard.includes(text))
        heard += String((await piece(10_000)) ?? expect.fail("The stream ended."));
    };
    await hear("retry:");
    await stage.addTask(fay, "Seen at once");
    await hear("Seen at once");
    const stream = stage.wire.passed.findLast(({ target }) => target.endsWith("/events"));
    expect(stream?.headers).toContainEqual(["last-event-id", "0"]);
    expect(stream?.ended).toBe(false);
    connection.close();
    await until(() => stream?.ended === true);
  });

  it("an API that is away is 503 with the time to come back, and no sign-out", async () => {
    stage.wire.answering = (request) => request.socket.destroy();
    const answer = await stage.ask(ada, "GET", tasks(ada));
    stage.wire.answering = undefined;
    expect([answer.status, codeOf(answer), answer.header("retry-after")]).toEqual([503, "unavailable", "5"]);
    expect((await stage.ask(ada, "GET", tasks(ada))).status).toBe(200);
  });

  it("every answer is kept by no cache, and the log names requests without a token", async () => {
    for (const answer of [
      await stage.ask(ada, "GET", tasks(ada)),
      await stage.ask(ada, "GET", tasks(bob)),
      await stage.ask(undefined, "GET", tasks(ada)),
      await stage.ask(ada, "GET", "/nothing"),
    ])
      expect(answer.header("cache-control"), String(answer.status)).toBe("no-store");
    const lines = stage.application.output.split("\n").filter((line) => line.includes("watchword.proxy."));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.join("\n")).not.toMatch(jwtLike);
    expect(lines.join("\n")).not.toContain("session_token");
  });
});
