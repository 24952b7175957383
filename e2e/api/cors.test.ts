import { expect, it } from "vitest";
import { type ApiCaller, taskOf, tasksOf } from "../support/api-caller.ts";
import { listedOrigin } from "../support/backend.ts";
import { expectRefusal } from "../support/conformance.ts";
import { httpDefaults } from "../support/contract.ts";
import type { Answer } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

/** The CORS headers of an answer, by name in lower case. */
function corsOf(answer: Answer): Record<string, string> {
  return Object.fromEntries(
    answer.headers
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => name.startsWith("access-control-") || name === "timing-allow-origin"),
  );
}

const actual = {
  "access-control-allow-origin": listedOrigin,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": httpDefaults.cors_exposed_headers.value.join(", "),
};

const preflight = {
  "access-control-allow-origin": listedOrigin,
  "access-control-allow-credentials": "true",
  "access-control-allow-methods": httpDefaults.cors_methods.value.join(", "),
  "access-control-allow-headers": httpDefaults.cors_request_headers.value.join(", "),
  "access-control-max-age": String(httpDefaults.cors_max_age_seconds.value),
};

const foreignOrigins = [
  "https://evil.test",
  "null",
  `${listedOrigin}.evil.test`,
  "http://app.test",
  "http://app.test:8443",
  "https://app.test:3000",
  "http://sub.app.test:3000",
  "http://APP.test:3000",
  `${listedOrigin}/`,
  `${listedOrigin}%60.evil.test`,
  `${listedOrigin}, https://evil.test`,
  "http://app_test:3000",
  "file://",
  "*",
];

describeBackends("only pages of listed origins may read answers", (api: ApiCaller) => {
  const user = api.user();
  const from = (origin: string, ...more: readonly (readonly [string, string])[]) => [
    ["Origin", origin] as const,
    ...more,
  ];
  const asks = [
    ["Access-Control-Request-Method", "PATCH"],
    ["Access-Control-Request-Headers", "authorization,content-type"],
  ] as const;

  it("a preflight from a listed origin is 204 and lists what may be sent", async () => {
    const answer = await api.ask("OPTIONS", taskOf(user, 1), { headers: from(listedOrigin, ...asks) });
    expect(answer.status).toBe(204);
    expect(corsOf(answer)).toEqual(preflight);
  });

  it("a preflight comes before everything else: path, credential and method", async () => {
    for (const target of [tasksOf(user), "/nothing", "/api/x/tasks/", "/api//x", "/health", "/%2f"]) {
      const answer = await api.ask("OPTIONS", target, { headers: from(listedOrigin, ...asks) });
      expect({ target, status: answer.status, cors: corsOf(answer) }).toEqual({
        target,
        status: 204,
        cors: preflight,
      });
    }
  });

  it("a preflight for a private network is granted nothing more", async () => {
    const headers = from(listedOrigin, ...asks, ["Access-Control-Request-Private-Network", "true"]);
    const answer = await api.ask("OPTIONS", tasksOf(user), { headers });
    expect(corsOf(answer)).toEqual(preflight);
  });

  it("a preflight for an unlisted method or header gets the same lists", async () => {
    const headers = from(
      listedOrigin,
      ["Access-Control-Request-Method", "PURGE"],
      ["Access-Control-Request-Headers", "x-anything"],
    );
    const answer = await api.ask("OPTIONS", tasksOf(user), { headers });
    expect(corsOf(answer)).toEqual(preflight);
  });

  it("OPTIONS without what makes it a preflight is an ordinary request: 405", async () => {
    expectRefusal(await api.ask("OPTIONS", tasksOf(user)), "method_not_allowed");
    expectRefusal(
      await api.ask("OPTIONS", tasksOf(user), { headers: from(listedOrigin) }),
      "method_not_allowed",
    );
    expectRefusal(await api.ask("OPTIONS", tasksOf(user), { headers: [...asks] }), "method_not_allowed");
  });

  it.each(foreignOrigins)("a preflight from %s is 204 and allows nothing", async (origin) => {
    const answer = await api.ask("OPTIONS", tasksOf(user), { headers: from(origin, ...asks) });
    expect({ status: answer.status, cors: corsOf(answer) }).toEqual({ status: 204, cors: {} });
  });

  it.each(foreignOrigins)("an answer to a page of %s cannot be read by it", async (origin) => {
    const answer = await api.ask("GET", tasksOf(user), { token: user.token, headers: from(origin) });
    expect({ status: answer.status, cors: corsOf(answer) }).toEqual({ status: 200, cors: {} });
  });

  it("an answer to no page at all carries no CORS header", async () => {
    expect(corsOf(await api.ask("GET", tasksOf(user), { token: user.token }))).toEqual({});
  });

  it("every answer to a listed origin can be read by it, refusals too", async () => {
    const json = ["Content-Type", "application/json"] as const;
    const token = user.token;
    const requests = [
      [200, "GET", tasksOf(user), { token }],
      [200, "HEAD", tasksOf(user), { token }],
      [201, "POST", tasksOf(user), { token, json: { title: "x" } }],
      [200, "GET", "/api/v1/users/me", { token }],
      [200, "GET", "/health", {}],
      [200, "GET", "/openapi.json", {}],
      [400, "POST", tasksOf(user), { token, body: "{bad", headers: [json] }],
      [401, "GET", tasksOf(user), {}],
      [401, "GET", tasksOf(user), { token: "x.y.z" }],
      [403, "GET", "/api/somebody/tasks", { token }],
      [404, "GET", taskOf(user, 999_999_999), { token }],
      [404, "GET", "/nothing", {}],
      [404, "GET", "/api//tasks", {}],
      [404, "GET", "/api/%2e%2e/tasks", {}],
      [405, "DELETE", tasksOf(user), { token }],
      [413, "POST", tasksOf(user), { token, body: " ".repeat(70_000), headers: [json] }],
      [415, "POST", tasksOf(user), { token, body: "{}" }],
      [422, "POST", tasksOf(user), { token, json: {} }],
    ] as const;
    for (const [status, method, target, request] of requests) {
      const headers = from(listedOrigin, ...("headers" in request ? request.headers : []));
      const answer = await api.ask(method, target, { ...request, headers });
      expect({ target, status: answer.status, cors: corsOf(answer) }).toEqual({
        target,
        status,
        cors: actual,
      });
    }
  });

  it("two Origin headers are no listed origin", async () => {
    const headers = [...from(listedOrigin), ...from("https://evil.test")];
    const answer = await api.ask("GET", tasksOf(user), { token: user.token, headers });
    expect(corsOf(answer)["access-control-allow-origin"]).not.toBe("https://evil.test");
  });

  it("a write from a page that needs no preflight is refused and writes nothing", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
      expectRefusal(
        await api.ask("POST", tasksOf(user), {
          headers: from(
            "https://evil.test",
            ["Content-Type", type],
            ["Cookie", `session_token=${user.token}`],
          ),
          body: '{"title":"x"}',
        }),
        "missing",
      );
  });
});
