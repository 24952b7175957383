import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type AuthEnv,
  authenticate,
  type OptionalAuthEnv,
  optionalUser,
  requireRole,
  requireScope,
  requireSelf,
  toHttpException,
} from "../../src/adapters/hono.ts";
import { ConfigurationError, WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { now, options, token } from "../sample-token.ts";

const verifier = createVerifier(options);
const app = new Hono();
app.get("/api/:user_id/tasks", authenticate(verifier), requireSelf("user_id"), (c) => {
  expectTypeOf(c.get("identity")).toEqualTypeOf<Identity>();
  return c.json({ caller: c.get("identity").userId });
});
app.get("/posts", optionalUser(verifier), (c) => {
  expectTypeOf(c.get("identity")).toEqualTypeOf<Identity | null>();
  return c.json({ caller: c.get("identity")?.userId ?? null });
});

const bearer = (text: string) => ({ headers: { Authorization: `Bearer ${text}` } });
const get = (segment: string, sub = "user_a") => app.request(`/api/${segment}/tasks`, bearer(token({ sub })));

async function refused(
  answer: Response,
): Promise<{ status: number; code: string; challenge: string | null }> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const { code, status } = (await answer.json()) as { code: string; status: number };
  expect(status).toBe(answer.status);
  return { status, code, challenge: answer.headers.get("www-authenticate") };
}

describe("authenticate", () => {
  test("lets the owner through and shows the identity", async () => {
    const answer = await get("user_a");
    expect([answer.status, await answer.json()]).toEqual([200, { caller: "user_a" }]);
  });

  test("asks for a credential with a bare challenge", async () => {
    expect(await refused(await app.request("/api/user_a/tasks"))).toEqual({
      status: 401,
      code: "missing",
      challenge: "Bearer",
    });
  });

  test("names what is wrong with a token, and nothing of the token", async () => {
    expect(await refused(await app.request("/api/user_a/tasks", bearer(token({ exp: now }))))).toEqual({
      status: 401,
      code: "expired",
      challenge: 'Bearer error="invalid_token", error_description="Token has expired."',
    });
  });

  test.each([
    ["", "malformed", 401],
    ["Bearer", "malformed", 401],
    ["Basic dXNlcjpwYXNz", "missing", 401],
    [`Bearer ${token()}, Bearer ${token()}`, "ambiguous_credentials", 400],
  ])("answers Authorization %j with %s", async (value, code, status) => {
    const answer = await app.request("/api/user_a/tasks", { headers: { Authorization: value } });
    expect(await refused(answer)).toMatchObject({ code, status });
  });

  test("two headers that Fetch has joined are ambiguous_credentials", async () => {
    const headers = new Headers([
      ["Authorization", `Bearer ${token()}`],
      ["authorization", "Bearer x.y.z"],
    ]);
    expect(await refused(await app.request("/api/user_a/tasks", { headers }))).toMatchObject({
      status: 400,
      code: "ambiguous_credentials",
    });
  });

  test("two headers are seen even where Node keeps only the first", async () => {
    const good = `Bearer ${token()}`;
    const env = (...rawHeaders: string[]) => ({ incoming: { rawHeaders } });
    const ask = (rawHeaders: string[]) =>
      app.request("/api/user_a/tasks", { headers: { Authorization: good } }, env(...rawHeaders));
    expect(
      await refused(await ask(["Authorization", good, "Host", "x", "AUTHORIZATION", "Bearer x.y.z"])),
    ).toMatchObject({
      status: 400,
      code: "ambiguous_credentials",
    });
    expect((await ask(["X-Name", "authorization", "Authorization", good])).status).toBe(200);
    expect(await refused(await ask(["X-Name", "authorization", "X-Other", good]))).toMatchObject({
      code: "missing",
    });
  });

  test("a token in the query or in a cookie is not read", async () => {
    const answer = await app.request(`/api/user_a/tasks?access_token=${token()}`, {
      headers: { Cookie: `token=${token()}` },
    });
    expect(await refused(answer)).toMatchObject({ code: "missing" });
  });

  test("takes options in place of a verifier", async () => {
    const own = new Hono().get("/", authenticate(options), (c) => c.text(c.get("identity").userId));
    expect(await (await own.request("/", bearer(token()))).text()).toBe("user_a");
  });

  test("a fault of the application passes unchanged", async () => {
    const broken = new Hono<AuthEnv>();
    broken.get("/", authenticate({ verify: () => Promise.reject(new RangeError("broken")) }), (c) =>
      c.text("never"),
    );
    broken.onError((error, c) => c.text(error.name, 500));
    expect(await (await broken.request("/", bearer(token()))).text()).toBe("RangeError");
  });
});

describe("requireScope and requireRole", () => {
  const planVerifier = createVerifier({ ...options, claims: z.object({ plan: z.string() }) });
  const guarded = new Hono().get(
    "/:user_id",
    authenticate(planVerifier),
    requireSelf("user_id"),
    requireScope("tasks:read"),
    requireRole("admin"),
    (c) => {
      expectTypeOf(c.get("identity")).toEqualTypeOf<Identity<{ plan: string }>>();
      return c.text(c.get("identity").claims.plan);
    },
  );

  test("leave the claims of the verifier's schema typed", async () => {
    const good = token({ plan: "gold", scope: "tasks:read", role: "admin" });
    expect(await (await guarded.request("/user_a", bearer(good))).text()).toBe("gold");
  });

  test.each([
    ["requireScope", requireScope("tasks:read")],
    ["requireRole", requireRole("admin")],
  ])("%s lets nobody through without authenticate before it", async (_name, middleware) => {
    const alone = new Hono().get("/", middleware, (c) => c.text("in"));
    expect(await refused(await alone.request("/", bearer(token())))).toMatchObject({ code: "missing" });
  });

  test("without a name stop the start", () => {
    expect(() => requireScope()).toThrow(ConfigurationError);
    expect(() => requireRole("")).toThrow(ConfigurationError);
  });
});

test("a raw response is not stored either, unless the handler says so", async () => {
  const own = new Hono().use(authenticate(verifier));
  own.get("/raw", () => new Response("in"));
  own.get("/kept", () => new Response("in", { headers: { "Cache-Control": "private" } }));
  expect((await own.request("/raw", bearer(token()))).headers.get("cache-control")).toBe("no-store");
  expect((await own.request("/kept", bearer(token()))).headers.get("cache-control")).toBe("private");
});

describe("requireSelf", () => {
  test.each([
    ["user%5Fa", "user_a"],
    ["%75%73%65%72%5f%61", "user_a"],
    ["us%C3%A9r", "us\u00e9r"],
    ["us\u00e9r", "us\u00e9r"],
    ["a%20b", "a b"],
    ["a%2Bb%40example.test", "a+b@example.test"],
    ["a+b@example.test", "a+b@example.test"],
    ["%F0%9F%98%80", "😀"],
    ["a%3Bb%26c", "a;b&c"],
  ])("decodes %j exactly once", async (segment, sub) => {
    expect(await (await get(segment, sub)).json()).toEqual({ caller: sub });
  });

  test.each([
    ["user_b", "user_a"],
    ["user%255Fa", "user_a"],
    ["user%25255Fa", "user_a"],
    ["%2575ser_a", "user_a"],
    ["user_a%00", "user_a"],
    ["user_a%20", "user_a"],
    ["user_a%2Fx", "user_a"],
    ["user_a%E0%A4", "user_a"],
    ["user_a%zz", "user_a"],
    ["user_a%", "user_a"],
    ["use%CC%81r", "us\u00e9r"],
    ["%EF%BD%95ser_a", "user_a"],
    ["%E2%84%AA", "k"],
    ["undefined", "user_a"],
  ])("refuses the URL of %j to %j", async (segment, sub) => {
    expect(await refused(await get(segment, sub))).toEqual({
      status: 403,
      code: "wrong_subject",
      challenge: null,
    });
  });

  test("a malformed escape anywhere in the path is refused, even when the id is right", async () => {
    const wild = new Hono().get("/:user_id/*", authenticate(verifier), requireSelf("user_id"), (c) =>
      c.text("in"),
    );
    expect((await wild.request("/user_a/x", bearer(token()))).status).toBe(200);
    expect(await refused(await wild.request("/user_a/%zz", bearer(token())))).toMatchObject({
      code: "wrong_subject",
    });
  });

  test("without authenticate before it nobody passes", async () => {
    const alone = new Hono<AuthEnv>().get("/:user_id", requireSelf("user_id"), (c) => c.text("in"));
    expect(await refused(await alone.request("/user_a"))).toMatchObject({ status: 401, code: "missing" });
  });

  test("a parameter that the route does not have is a mistake that is told by its name", async () => {
    let told: unknown;
    const other = new Hono()
      .get("/:id", authenticate(verifier), requireSelf("user_id"), (c) => c.text("in"))
      .onError((error, c) => {
        told = error;
        return c.text("Mistake", 500);
      });
    expect((await other.request("/user_a", bearer(token()))).status).toBe(500);
    expect(told).toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("no parameter named user_id"),
    });
  });
});

describe("optionalUser", () => {
  test("is anonymous without a credential, the user with one", async () => {
    expect(await (await app.request("/posts")).json()).toEqual({ caller: null });
    expect(await (await app.request("/posts", bearer(token()))).json()).toEqual({ caller: "user_a" });
  });

  test("refuses a bad token, so that the client refreshes it", async () => {
    expect(await refused(await app.request("/posts", bearer(token({ exp: now }))))).toMatchObject({
      status: 401,
      code: "expired",
    });
    expect(
      await refused(await app.request("/posts", { headers: { Authorization: "Basic eA" } })),
    ).toMatchObject({ code: "missing" });
  });

  test("does not make requireSelf pass anonymously", async () => {
    const mixed = new Hono<OptionalAuthEnv>();
    mixed.use("/:user_id", optionalUser(verifier));
    const guarded = new Hono()
      .route("/", mixed)
      .get("/:user_id", requireSelf("user_id"), (c) => c.text("in"));
    expect(await refused(await guarded.request("/user_a"))).toMatchObject({ status: 401, code: "missing" });
  });
});

test("a refusal reaches onError with the error that caused it", async () => {
  const logged: unknown[] = [];
  const own = new Hono().get("/", authenticate(verifier), (c) => c.text("in"));
  own.onError((error) => {
    logged.push(error.cause);
    return error instanceof HTTPException ? error.getResponse() : new Response(null, { status: 500 });
  });
  expect(await refused(await own.request("/"))).toMatchObject({ code: "missing" });
  expect(logged).toEqual([expect.any(WatchwordError)]);
});

test("refusal makes any code of the contract an exception that Hono renders", async () => {
  const own = new Hono().get("/", () => {
    throw toHttpException(new WatchwordError("not_found"));
  });
  expect(await refused(await own.request("/"))).toEqual({ status: 404, code: "not_found", challenge: null });
});
