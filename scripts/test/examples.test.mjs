import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { getMigrations } from "better-auth/db/migration";
import { NextRequest } from "next/server.js";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mintToken } from "watchword/testing";
import { documents, withExamples } from "../readme.mjs";
import { fromRoot } from "../workspace/folders.mjs";
import { python } from "../workspace/python-tools.mjs";

// The database that the examples name is in memory.
vi.mock("node:sqlite", async () => (await import("./sqlite-in-memory.mjs")).mocked());

const settings = {
  BETTER_AUTH_SECRET: "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e",
  BETTER_AUTH_URL: "http://localhost:3000",
  API_AUDIENCE: "http://localhost:8000",
};

const token = (sub, claims = {}) =>
  mintToken({
    secret: settings.BETTER_AUTH_SECRET,
    iss: settings.BETTER_AUTH_URL,
    aud: settings.API_AUDIENCE,
    sub,
    ...claims,
  });

describe("docs/guides/testing.md", () => {
  const run = promisify(execFile);
  const cwd = fromRoot("docs", "examples");

  it("shows a test of a Hono route and of a client that passes", async () => {
    const args = ["--conditions=watchword-source", "--test", "--test-reporter=tap", "hono.test.ts"];
    const { stdout } = await run(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: "" } });
    expect(stdout).toMatch(/# pass 2\n# fail 0\n/);
  });

  it("shows a test of a FastAPI route that passes", async () => {
    const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_main.py"];
    expect((await run(python, args, { cwd })).stdout).toMatch(/1 passed/);
  });
});

/** What the guides promise of every framework: a request, and its answer. */
const promises = [
  ["GET", "/api/ada/tasks", null, 401, { code: "missing" }],
  ["GET", "/api/ada/tasks", token("bob"), 403, { code: "wrong_subject" }],
  ["GET", "/api/ada/tasks", token("ada"), 200, { owner: "ada" }],
  ["POST", "/api/ada/tasks", token("ada"), 403, { code: "insufficient_scope" }],
  ["POST", "/api/ada/tasks", token("ada", { scope: "tasks:write" }), 200, { owner: "ada" }],
  ["GET", "/admin", token("ada"), 403, { code: "insufficient_scope" }],
  ["GET", "/admin", token("ada", { role: "admin" }), 200, { admin: "ada" }],
  ["GET", "/posts", null, 200, { reader: null }],
  ["GET", "/posts", token("ada"), 200, { reader: "ada" }],
  ["GET", "/posts", token("ada", { iat: 1, exp: 2 }), 401, { code: "expired" }],
];

describe("README.md", () => {
  it("names no file that is not there", () => {
    const text = readFileSync(fromRoot("README.md"), "utf8");
    const paths = [...text.matchAll(/(?:\]\(|src(?:set)?=")((?!https?:)[^)"#]+)/g)].map((match) => match[1]);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) expect(() => readFileSync(fromRoot(path)), path).not.toThrow();
  });
});

describe("the documents with examples", () => {
  const texts = documents.map((path) => [path, readFileSync(fromRoot(path), "utf8")]);

  it.each(texts)("%s shows them as they are in their files", (_path, text) => {
    expect(withExamples(text)).toBe(text);
  });

  it("show code from tested files only, and every one of them", () => {
    const shown = texts.flatMap(([, text]) =>
      [...text.matchAll(/<!-- example: docs\/examples\/(\S+) -->/g)].map((match) => match[1]),
    );
    const files = readdirSync(fromRoot("docs", "examples")).filter(
      (name) => /\.(ts|cjs|py|json|yaml)$/.test(name) && name !== "tsconfig.json",
    );
    expect([...new Set(shown)].sort()).toEqual(files.sort());
    const guides = texts.filter(([path]) => path.startsWith("docs/guides/"));
    for (const [path, text] of guides) {
      const blocks = text.match(/^```[a-z]/gm) ?? [];
      expect([path, blocks.length]).toEqual([path, (text.match(/<!-- example: /g) ?? []).length]);
    }
    expect(guides.length).toBeGreaterThan(9);
  });
});

describe("the examples of the issuer", () => {
  /** An example on a fresh database, and how to ask it as a signed-in user. */
  async function issuerOf(name) {
    const { auth } = await import(`../../docs/examples/${name}.ts`);
    await (await getMigrations(auth.options)).runMigrations();
    await auth.$context;
    const origin = settings.BETTER_AUTH_URL;
    const ask = (path, init) => auth.handler(new Request(`${origin}/api/auth${path}`, init));
    const headers = { "content-type": "application/json", origin };
    const body = JSON.stringify({ email: "ada@app.test", password: "correct horse battery", name: "Ada" });
    const signedUp = await ask("/sign-up/email", { method: "POST", headers, body });
    const cookie = signedUp.headers
      .getSetCookie()
      .map((one) => one.split(";", 1)[0])
      .join("; ");
    const tokenOf = async (query = "") =>
      (await (await ask(`/token${query}`, { headers: { cookie } })).json()).token;
    return {
      ask,
      tokenOf,
      statusOf: async (path) => (await ask(path, { headers: { cookie } })).status,
    };
  }

  beforeAll(() => {
    vi.stubEnv("BETTER_AUTH_SECRET", settings.BETTER_AUTH_SECRET);
    vi.stubEnv("BETTER_AUTH_TELEMETRY", "0");
  });
  afterAll(() => vi.unstubAllEnvs());

  it("issuer-feed.ts serves tokens, and a feed that is closed to others", async () => {
    const { statusOf } = await issuerOf("issuer-feed");
    expect([await statusOf("/token"), await statusOf("/revocations")]).toEqual([200, 401]);
  });

  it("token-writer.ts writes what token-reader.ts and token_reader.py read", async () => {
    const { tokenOf } = await issuerOf("token-writer");
    const bearer = await tokenOf();
    const other = await tokenOf("?audience=http://localhost:9000");
    const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
    const [claims, others] = [claimsOf(bearer), claimsOf(other)];
    expect(claims).toMatchObject({ scope: "tasks:read tasks:write", role: "user", plan: "free" });
    expect([claims.exp - claims.iat, others.exp - others.iat]).toEqual([600, 60]);
    expect(others).toMatchObject({ aud: "http://localhost:9000", scope: "reports:read tasks:write" });

    Object.assign(process.env, settings);
    const { app } = await import("../../docs/examples/token-reader.ts");
    const requests = [
      ["POST", "/tasks", bearer, 200],
      ["DELETE", "/tasks", bearer, 403],
      ["GET", "/plan", bearer, 200],
      ["POST", "/tasks", other, 401],
    ];
    const statuses = requests.map(([, , , status]) => status);
    const answers = requests.map(([method, path, sent]) =>
      app.request(path, { method, headers: { authorization: `Bearer ${sent}` } }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(statuses);
    const python = askFastApi("token_reader", requests);
    expect(python.map(([status]) => status)).toEqual(statuses);
    expect(python[2][1]).toEqual({ plan: "free" });
  });

  it("audit.ts writes a line for each event", async () => {
    const lines = [];
    const write = vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(line));
    const { statusOf } = await issuerOf("audit").finally(() => write.mockRestore());
    expect(JSON.parse(lines[0])).toMatchObject({
      "service.name": "shop-web",
      severity: "INFO",
      "event.name": "watchword.session.started",
    });
    expect(await statusOf("/token")).toBe(200);
  });

  it("issuer-keys.ts publishes its key, and rotate-keys.ts rotates it", async () => {
    const { rotateNow, replaceNow } = await import("../../docs/examples/rotate-keys.ts");
    const { ask, statusOf } = await issuerOf("issuer-keys");
    const kids = async () => (await (await ask("/.well-known/jwks.json")).json()).keys.map(({ kid }) => kid);
    expect(await statusOf("/token")).toBe(200);
    const [first] = await kids();
    const { keyId: next } = await rotateNow();
    expect(await kids()).toEqual([first, next]);
    const { keyId: last } = await replaceNow();
    expect(await kids()).toEqual([last]);
  });

  it("issuer-beside-jwt.ts serves both plugins", async () => {
    const { statusOf } = await issuerOf("issuer-beside-jwt");
    const statuses = await Promise.all(["/token", "/jwks", "/api-token", "/api-jwks"].map(statusOf));
    expect(statuses).toEqual([200, 200, 200, 200]);
  });

  it("verifier-keys.ts makes a verifier", async () => {
    const { verifier } = await import("../../docs/examples/verifier-keys.ts");
    await expect(verifier.verify("x")).rejects.toMatchObject({ code: "malformed" });
  });
});

/** How to ask the example of each framework; the settings are in the environment when it is imported. */
const examples = {
  "hono-guards": async ({ app }) => app.request.bind(app),
  express: async ({ app }) => {
    const server = app.listen(0, "127.0.0.1");
    afterAll(() => server.close());
    await once(server, "listening");
    return (path, init) => fetch(`http://127.0.0.1:${server.address().port}${path}`, init);
  },
  fastify:
    async ({ app }) =>
    async (url, { method, headers }) => {
      const { statusCode, body } = await app.inject({ url, method, headers });
      return new Response(body, { status: statusCode });
    },
};

describe.each(Object.entries(examples))("docs/examples/%s.ts", (file, askerOf) => {
  let ask;
  beforeAll(async () => {
    Object.assign(process.env, settings);
    ask = await askerOf(await import(`../../docs/examples/${file}.ts`));
  });

  it.each(promises)("answers %s %s as promised (%#)", async (method, path, bearer, status, body) => {
    const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const response = await ask(path, { method, headers });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining(body)]);
  });
});

describe("docs/examples/next-*-route.ts", () => {
  const routes = {};
  beforeAll(async () => {
    Object.assign(process.env, settings);
    for (const name of ["tasks", "admin", "posts"]) {
      routes[name] = await import(`../../docs/examples/next-${name}-route.ts`);
    }
  });

  it.each(promises)("answers %s %s as promised (%#)", async (method, path, bearer, status, body) => {
    const [, user_id, name] = /^\/(?:api\/([^/]+)\/)?(\w+)$/.exec(path) ?? [];
    const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const request = new NextRequest(`http://localhost${path}`, { method, headers });
    const params = Promise.resolve(user_id === undefined ? {} : { user_id });
    const response = await routes[name][method](request, { params });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining(body)]);
  });
});

describe("docs/examples/own-claims.ts", () => {
  it.each([
    [{ plan: "gold" }, 200, { plan: "gold" }],
    [{ plan: "platinum" }, 401, { code: "invalid_claim" }],
    [{}, 401, { code: "invalid_claim" }],
  ])("answers the claims %j as promised", async (claims, status, body) => {
    Object.assign(process.env, settings);
    const { app } = await import("../../docs/examples/own-claims.ts");
    const headers = { authorization: `Bearer ${token("ada", claims)}` };
    const response = await app.request("/plan", { headers });
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining(body)]);
  });
});

/** A browser's question whether a page of the web application may send its token. */
const preflight = {
  origin: settings.BETTER_AUTH_URL,
  "access-control-request-method": "GET",
  "access-control-request-headers": "authorization",
};
const allowed = [settings.BETTER_AUTH_URL, "authorization"];
const permission = (headers) => [
  headers.get("access-control-allow-origin"),
  headers
    .get("access-control-allow-headers")
    ?.toLowerCase()
    .split(", ")
    .find((name) => name === "authorization"),
];

/** Runs a FastAPI example and gives status, body and headers of each answer. */
function askFastApi(module, requests) {
  const program = `
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
from fastapi.testclient import TestClient
client = TestClient(importlib.import_module(sys.argv[2]).app)
for method, path, bearer, *_ in json.load(sys.stdin):
    headers = bearer if isinstance(bearer, dict) else {"Authorization": "Bearer " + bearer} if bearer else {}
    answer = client.request(method, path, headers=headers)
    body = answer.json() if "json" in answer.headers["content-type"] else None
    print(json.dumps([answer.status_code, body, dict(answer.headers)]))
`;
  const args = ["-W", "ignore", "-B", "-c", program, fromRoot("docs", "examples"), module];
  const env = { PATH: process.env.PATH, ...settings };
  const output = execFileSync(python, args, { env, input: JSON.stringify(requests) });
  return output
    .toString()
    .trim()
    .split(/\r?\n/)
    .map((line) => JSON.parse(line));
}

describe("docs/examples/hono.ts", () => {
  let app;
  beforeAll(async () => {
    Object.assign(process.env, settings);
    ({ app } = await import("../../docs/examples/hono.ts"));
  });

  it.each([
    ["no token", undefined, 401],
    ["another user's token", "bob", 403],
    ["the user's own token", "ada", 200],
  ])("answers %s as promised", async (_name, sub, status) => {
    const headers = sub ? { authorization: `Bearer ${token(sub)}` } : {};
    const response = await app.request("/api/ada/tasks", { headers });
    expect(response.status).toBe(status);
    if (status === 200) expect(await response.json()).toEqual({ owner: "ada" });
  });

  it("is served on port 8000 by server.ts", async () => {
    const serve = vi.fn();
    vi.doMock("@hono/node-server", () => ({ serve }));
    await import("../../docs/examples/server.ts");
    expect(serve).toHaveBeenCalledExactlyOnceWith({ fetch: app.fetch, port: 8000 });
  });

  it("lets the page of the web application ask", async () => {
    const response = await app.request("/api/ada/tasks", { method: "OPTIONS", headers: preflight });
    expect([response.status, permission(response.headers)]).toEqual([204, allowed]);
  });
});

describe("docs/examples/main.py", () => {
  it("lets the page of the web application ask", () => {
    const [[status, , headers]] = askFastApi("main", [["OPTIONS", "/api/ada/tasks", preflight]]);
    expect([status, permission(new Headers(headers))]).toEqual([200, allowed]);
  });
});

describe("the examples that follow what was revoked", () => {
  const now = Math.floor(Date.now() / 1000);
  const entries = [
    { kind: "session", id: "ended", at: now, until: now + 900 },
    { kind: "user", id: "gone", at: now, until: now + 900, deleted: true },
  ];
  /** A token of a session, what it asks for, and the answer. */
  const answers = [
    ["/api/ada/tasks", token("ada", { sid: "going-on" }), 200, { tasks: ["Buy milk"] }],
    ["/api/ada/tasks", token("ada", { sid: "ended" }), 401, { code: "revoked" }],
    ["/api/gone/tasks", token("gone", { sid: "going-on" }), 401, { code: "revoked" }],
    ["/prices", token("ada", { sid: "ended" }), 200, { milk: 2 }],
  ];
  let issuer;
  beforeAll(async () => {
    // The first answer tells everything; every later request is held.
    issuer = createServer((request, response) => {
      if (!request.url.includes("wait=")) {
        response.end(JSON.stringify({ entries, cursor: "1", more: false, now }));
      }
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    const feed = `http://127.0.0.1:${issuer.address().port}/api/auth/revocations`;
    Object.assign(process.env, settings, { REVOCATION_FEED_URL: feed });
  });
  afterAll(() => {
    issuer.closeAllConnections();
    issuer.close();
    delete process.env.REVOCATION_FEED_URL;
  });

  it("docs/examples/revocation.ts answers as promised", async () => {
    const { app, feed, tasks } = await import("../../docs/examples/revocation.ts");
    await vi.waitFor(async () => expect((await (await app.request("/ready")).json()).state).toBe("fresh"));
    for (const [path, bearer, status, body] of answers) {
      const response = await app.request(path, { headers: { authorization: `Bearer ${bearer}` } });
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining(body)]);
    }
    expect([...tasks.keys()]).toEqual(["ada"]);
    await feed.close();
  });

  it("docs/examples/revocation_feed.py answers as promised", async () => {
    const program = `
import importlib, json, sys, time
sys.path.insert(0, sys.argv[1])
from fastapi.testclient import TestClient
example = importlib.import_module("revocation_feed")
with TestClient(example.app) as client:
    while example.feed.status().state == "loading":
        time.sleep(0.01)
    for path, bearer, *_ in json.loads(sys.argv[2]):
        answer = client.get(path, headers={"Authorization": "Bearer " + bearer})
        print(json.dumps([answer.status_code, answer.json()]))
`;
    const args = ["-W", "ignore", "-B", "-c", program, fromRoot("docs", "examples"), JSON.stringify(answers)];
    const { stdout } = await promisify(execFile)(python, args, { env: process.env });
    const said = stdout
      .trim()
      .split(/\r?\n/)
      .map((line) => JSON.parse(line));
    expect(said).toEqual(answers.map(([, , status, body]) => [status, expect.objectContaining(body)]));
  });
});

describe.each([
  ["main", promises.slice(0, 3)],
  ["fastapi_guards", promises],
])("docs/examples/%s.py", (module, promised) => {
  it("answers every request as promised", () => {
    expect(askFastApi(module, promised).map(([status, body]) => [status, body])).toEqual(
      promised.map(([, , , status, body]) => [status, expect.objectContaining(body)]),
    );
  });
});

describe("docs/examples/owned-rows.ts", () => {
  it("keeps each user to rows of their own, and shows everybody the public ones", async () => {
    Object.assign(process.env, settings);
    const { app, owned } = await import("../../docs/examples/owned-rows.ts");
    const ask = async (sub, path, init = {}) => {
      const response = await app.request(path, {
        ...init,
        headers: { authorization: `Bearer ${token(sub)}` },
      });
      return response.json();
    };
    for (const sub of ["ada", "bob"]) {
      const body = JSON.stringify({ title: `of ${sub}`, user_id: "eve" });
      await ask(sub, `/api/${sub}/tasks`, { method: "POST", body });
      const posts = [0, 1].map((is_private) => ({ title: `${sub} ${is_private}`, is_private }));
      await owned.writing(sub, (mine) => mine.insert("posts", posts).execute());
    }
    expect(await ask("ada", "/api/ada/tasks")).toEqual([{ id: 1, user_id: "ada", title: "of ada" }]);
    expect((await ask("ada", "/posts")).map(({ title }) => title)).toEqual(["ada 0", "bob 0"]);
  });
});

describe("docs/examples/owned-rows-postgres.ts", () => {
  it("keeps a query that escapes the handle to the owner's rows", async () => {
    const server = process.env.WATCHWORD_TEST_POSTGRES;
    if (!server) throw new Error("WATCHWORD_TEST_POSTGRES is not set: run `npm test`.");
    const name = `watchword_example_${randomBytes(6).toString("hex")}`;
    const url = new URL(server);
    url.pathname = `/${name}`;
    const admin = new Client({ connectionString: server });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    process.env.DATABASE_URL = url.href;
    const { migration, owned, pool } = await import("../../docs/examples/owned-rows-postgres.ts");
    try {
      await pool.query(migration);
      for (const sub of ["ada", "bob"]) {
        await owned.writing(sub, (mine) => mine.insert("notes", { text: sub }).execute());
      }
      const client = await pool.connect();
      await client.query(
        "BEGIN; SET LOCAL ROLE notes_api; SELECT set_config('watchword.owner', 'ada', true)",
      );
      const { rows } = await client.query("SELECT user_id FROM notes");
      await client.query("ROLLBACK");
      client.release();
      expect(rows).toEqual([{ user_id: "ada" }]);
      const mine = await owned.reading("bob", (reader) => reader.select("notes").select("text").execute());
      expect(mine).toEqual([{ text: "bob" }]);
    } finally {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.query("DROP ROLE IF EXISTS notes_api");
      await admin.end();
    }
  });
});
