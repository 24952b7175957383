import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { createAuthClient } from "better-auth/client";
import { getMigrations } from "better-auth/db/migration";
import { jwt } from "better-auth/plugins";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { deriveKey } from "watchword";
import { watchword } from "watchword/better-auth";
import { mintToken } from "watchword/testing";
import { fromRoot } from "../workspace/folders.mjs";
import { python } from "../workspace/python-tools.mjs";

// The database that the example names is in memory.
vi.mock("node:sqlite", async () => (await import("./sqlite-in-memory.mjs")).mocked());

const secret = "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e";
const issuer = "http://localhost:3000";
const audience = "http://localhost:8000";
const guide = readFileSync(fromRoot("docs", "guides", "from-a-tutorial.md"), "utf8");

beforeAll(() => {
  vi.stubEnv("BETTER_AUTH_SECRET", secret);
  vi.stubEnv("BETTER_AUTH_TELEMETRY", "0");
});
afterAll(() => vi.unstubAllEnvs());

/** Better Auth on a fresh database with these options. */
async function issuerOf(options = {}) {
  return await migrated(
    betterAuth({
      baseURL: issuer,
      secret,
      database: new DatabaseSync(":memory:"),
      emailAndPassword: { enabled: true },
      logger: { disabled: true },
      ...options,
    }),
  );
}

async function migrated(auth) {
  await (await getMigrations(auth.options)).runMigrations();
  const ask = (path, init) => auth.handler(new Request(`${issuer}/api/auth${path}`, init));
  return { auth, ask };
}

/** Signs a user up, and reads what the session gives. */
async function signedUp({ ask }) {
  const headers = { "content-type": "application/json", origin: issuer };
  const body = JSON.stringify({ email: "ada@app.test", password: "correct horse battery", name: "Ada" });
  const answer = await ask("/sign-up/email", { method: "POST", headers, body });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  const { user } = await answer.json();
  const token = async (path = "/token") =>
    (await (await ask(path, { headers: { cookie: cookies.join("; ") } })).json()).token;
  return { user, cookies, token };
}

const headerOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url").toString());

/** Tokens of the real plugin in both modes, and one that has expired. */
let derived;
let raw;
let user;
beforeAll(async () => {
  const signedIn = await signedUp(await issuerOf({ plugins: [watchword({ issuer, audience })] }));
  derived = await signedIn.token();
  user = signedIn.user;
  const { auth } = await import("../../docs/examples/issuer-raw.ts");
  raw = await signedUp(await migrated(auth));
  raw.good = await raw.token();
});

/** Runs a program of `tutorial.py`. */
function tutorial(name, { tokens, userId, key = deriveKey(secret, audience) }) {
  const env = {
    ...process.env,
    EXAMPLES: fromRoot("docs", "examples"),
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: issuer,
    API_AUDIENCE: audience,
    WATCHWORD_KEY: key,
    REVOCATION: "none",
    TOKENS: JSON.stringify(tokens),
    USER_ID: userId,
  };
  const program = fromRoot("scripts", "test", "tutorial.py");
  return JSON.parse(execFileSync(python, [program, name], { env, encoding: "utf8" }));
}

describe("middleware/jwt_auth.py of the guide", () => {
  let answers;
  beforeAll(() => {
    const expired = mintToken({ secret, sub: user.id, iat: 1_700_000_000, exp: 1_700_000_900 });
    answers = tutorial("replaced", { tokens: { good: derived, expired }, userId: user.id });
  });

  it("serves the tutorial's routes unchanged", () => {
    expect(answers.me).toEqual([200, { id: user.id }]);
    expect(answers.anonymous).toEqual([200, { signed_in: false }]);
  });
  it("answers 401 without a token", () => expect(answers.missing[0]).toBe(401));
  it("answers 401 with an expired one", () => expect(answers.expired[0]).toBe(401));
  it("answers 403 for another user", () => expect(answers.another[0]).toBe(403));
  it("answers 200 with a good token", () => expect(answers.good).toEqual([200, { owner: user.id }]));
});

describe("the tutorial's own functions", () => {
  it("run unchanged in raw mode", () => {
    const answers = tutorial("bearer", { tokens: { good: raw.good }, userId: raw.user.id });
    expect(answers.good).toEqual([200, { owner: raw.user.id }]);
    expect(answers.me).toEqual([200, { id: raw.user.id }]);
    expect(answers.another[0]).toBe(403);
    expect([401, 403]).toContain(answers.missing[0]);
    expect(answers.anonymous).toEqual([200, { signed_in: false }]);
  });

  it("read tokens by the raw secret in raw mode alone, and by the key of their audience otherwise", () => {
    const other = mintToken({ secret, sub: "user_1", aud: "https://other.test" });
    const tokens = { raw: raw.good, derived, other };
    const { id } = user;
    const read = tutorial("libraries", { tokens, userId: id });
    expect(read).toEqual({
      "raw: PyJWT raw": raw.user.id,
      "raw: PyJWT derived": "InvalidSignatureError",
      "raw: PyJWT other": "InvalidSignatureError",
      "raw: python-jose raw": raw.user.id,
      "raw: python-jose derived": "JWTError",
      "raw: python-jose other": "JWTError",
      "derived: PyJWT raw": "InvalidSignatureError",
      "derived: PyJWT derived": id,
      "derived: PyJWT other": "InvalidSignatureError",
      "derived: python-jose raw": "JWTError",
      "derived: python-jose derived": id,
      "derived: python-jose other": "JWTError",
      "derived: guide raw": "InvalidSignatureError",
      "derived: guide derived": id,
      "derived: guide other": "InvalidSignatureError",
    });
  });

  it("create_test_token makes tokens that the verifier of the environment accepts", () => {
    const made = tutorial("test_token", { tokens: {}, userId: "user_9", key: "" });
    expect(made).toEqual(["user_9", "ada@example.com"]);
  });
});

describe("the client of the guide", () => {
  it("a signed-in user gets a token, and apiFetch sends the header with every call", async () => {
    const calls = [];
    let granted = 0;
    vi.stubGlobal("fetch", async (input, init) => {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      if (pathname === "/api/auth/token") {
        granted += 1;
        return Response.json({ token: derived, expiresIn: 900 });
      }
      calls.push([request.method, pathname, request.headers.get("authorization"), await request.text()]);
      return request.method === "DELETE"
        ? new Response(null, { status: 204 })
        : Response.json({ ok: pathname });
    });
    vi.stubGlobal("location", new URL(`${issuer}/tasks`));
    onTestFinished(() => vi.unstubAllGlobals());
    const { api, apiFetch, getJwtToken } = await import("../../docs/examples/api-fetch.ts");
    expect((await getJwtToken()).token).toBe(derived);
    expect(await apiFetch("/a")).toEqual({ ok: "/a" });
    expect(await api.get("/b")).toEqual({ ok: "/b" });
    await api.post("/c", { title: "x" });
    await api.put("/d", { title: "y" });
    await api.patch("/e", { title: "z" });
    expect(await api.delete("/f")).toBeUndefined();
    const bearer = `Bearer ${derived}`;
    expect(calls).toEqual([
      ["GET", "/a", bearer, ""],
      ["GET", "/b", bearer, ""],
      ["POST", "/c", bearer, '{"title":"x"}'],
      ["PUT", "/d", bearer, '{"title":"y"}'],
      ["PATCH", "/e", bearer, '{"title":"z"}'],
      ["DELETE", "/f", bearer, ""],
    ]);
    expect(granted).toBe(2);
  });
});

describe("Better Auth options that do not exist", () => {
  it.each([
    ["jwtSecret", { jwtSecret: secret }],
    ["secret, expiresIn and algorithm", { secret, expiresIn: "7d", algorithm: "HS256" }],
  ])("jwt() ignores %s and signs with EdDSA", async (_, options) => {
    const { token } = await signedUp(await issuerOf({ plugins: [jwt(options)] }));
    expect(headerOf(await token()).alg).toBe("EdDSA");
  });

  it("jwks.disabled is ignored: /jwks answers", async () => {
    const { ask } = await issuerOf({ plugins: [jwt({ jwks: { disabled: true } })] });
    expect((await ask("/jwks")).status).toBe(200);
  });

  it("a top-level jwt is ignored: /token is 404", async () => {
    const { ask } = await issuerOf({ jwt: { secret } });
    expect((await ask("/token")).status).toBe(404);
  });

  it("session.expires is ignored: a session lives for 7 days", async () => {
    const { auth } = await issuerOf({ session: { expires: 60 } });
    expect((await auth.$context).sessionConfig.expiresIn).toBe(604_800);
  });

  it("top-level cookies are ignored: cookies keep their names", async () => {
    const { cookies } = await signedUp(await issuerOf({ cookies: { sessionToken: { name: "mine" } } }));
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["better-auth.session_token"]);
  });

  it("database as provider and url fails", async () => {
    const auth = betterAuth({
      baseURL: issuer,
      secret,
      database: { provider: "sqlite", url: "file:auth.sqlite" },
      logger: { disabled: true },
    });
    await expect((async () => auth.handler(new Request(`${issuer}/api/auth/ok`)))()).rejects.toThrow();
  });

  it("auth.handler() without a request rejects, and the clients and functions of tutorials are not there", async () => {
    const { auth } = await issuerOf({ plugins: [jwt()] });
    await expect((async () => auth.handler())()).rejects.toThrow();
    expect([auth.client, auth.api.signToken]).toEqual([undefined, undefined]);
    await expect((async () => auth.api.signJWT({ payload: { sub: "x" } }))()).rejects.toThrow();
  });

  it("authClient.$fetch doubles the path", async () => {
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await vi.waitFor(() => expect(server.listening).toBe(true));
    const client = createAuthClient({ baseURL: `http://127.0.0.1:${server.address().port}` });
    await client.$fetch("/api/auth/token");
    expect(asked).toEqual(["/api/auth/api/auth/token"]);
  });
});

describe("docs/guides/from-a-tutorial.md", () => {
  it.each([
    "verify_jwt_token",
    "get_current_user",
    "get_current_user_id",
    "get_optional_user",
    "verify_user_access",
    "get_verified_user",
    "create_test_token",
    "AuthenticatedUser",
    "TokenPayload",
    "JWT_SECRET",
    "apiFetch",
    "getJwtToken",
    "getTokenFromCookie",
    "/api/auth/get-jwt",
    "session.token",
    "middleware.ts",
    ".env.local",
  ])("says what %s is here", (name) => {
    expect(guide).toContain(`| \`${name}\` |`);
  });

  it("names for each of the nineteen lines of the checklist a test that is there", () => {
    const rows = [...guide.matchAll(/^\| [^|]+ \| \[[^\]]+\]\(\.\.\/\.\.\/([^)]+)\) \| `([^`]+)` \|$/gm)];
    expect(rows).toHaveLength(19);
    for (const [, file, name] of rows) {
      expect(readFileSync(fromRoot(file), "utf8"), file).toContain(name);
    }
  });
});
